//! A row of small bars that shows how numbers went; the numbers themselves stand beside it as text.

/// Width of a bar with the gap after it, in units of the drawing.
const WIDTH: usize = 6;
/// Height of the tallest bar.
const HEIGHT: u64 = 20;
/// Height of a bar that counts nothing, so that its place is seen.
const LEAST: u64 = 1;

/// The bars of some numbers, the newest last and marked.
pub(in crate::serve) fn spark(values: &[u64]) -> String {
    let tallest = values.iter().copied().max().unwrap_or_default().max(1);
    let mut bars = String::new();
    for (place, value) in values.iter().enumerate() {
        let scaled = u128::from(*value) * u128::from(HEIGHT) / u128::from(tallest);
        let height = u64::try_from(scaled).unwrap_or(HEIGHT).max(LEAST);
        let class = if place + 1 == values.len() {
            " class=\"now\""
        } else {
            ""
        };
        bars.push_str(&format!(
            "<rect{class} x=\"{}\" y=\"{}\" width=\"{}\" height=\"{height}\"/>",
            place * WIDTH,
            HEIGHT - height,
            WIDTH - 1,
        ));
    }
    format!(
        "<svg class=\"spark\" viewBox=\"0 0 {} {HEIGHT}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{bars}</svg>",
        (values.len() * WIDTH).max(1),
    )
}

#[cfg(test)]
mod tests {
    use super::spark;

    #[test]
    fn the_tallest_bar_is_as_high_as_the_drawing_and_the_last_is_marked() {
        let drawn = spark(&[0, 3, 6]);
        assert_eq!(drawn.matches("<rect").count(), 3);
        assert!(drawn.contains("<rect class=\"now\" x=\"12\" y=\"0\" width=\"5\" height=\"20\"/>"));
        assert!(drawn.contains("x=\"6\" y=\"10\" width=\"5\" height=\"10\""));
        assert!(drawn.contains("x=\"0\" y=\"19\" width=\"5\" height=\"1\""));
        assert!(spark(&[]).contains("viewBox=\"0 0 1 20\""));
    }
}
