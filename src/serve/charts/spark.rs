//! The smallest chart: bars without axes beside a number that says what they come to.

use std::fmt::Write as _;

/// Width of the drawing, in its own units.
const WIDTH: u64 = 72;
/// Height of the drawing.
const HEIGHT: u64 = 20;
/// Tenths of a bar's place that the bar fills.
const FILLED_TENTHS: u64 = 8;

/// Bars for values in order, the last one marked as the present; nothing for no values. Every bar is seen, also one for nothing.
/// It repeats what stands beside it, so it is hidden from those who listen.
pub(in crate::serve) fn bars(values: &[u64]) -> String {
    let most = values.iter().copied().max().unwrap_or_default().max(1);
    let n = values.len() as u64;
    let mut svg =
        format!("<svg class=\"spark\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" aria-hidden=\"true\">");
    for (place, value) in values.iter().enumerate() {
        let height = (value.saturating_mul(HEIGHT) / most).clamp(1, HEIGHT);
        // Tenths of a unit keep the bars apart without a float.
        let (left, width) = (place as u64 * WIDTH * 10 / n, WIDTH * FILLED_TENTHS / n);
        let now = if place as u64 + 1 == n {
            " class=\"now\""
        } else {
            ""
        };
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            "<rect x=\"{}.{}\" y=\"{}\" width=\"{}.{}\" height=\"{height}\"{now}/>",
            left / 10,
            left % 10,
            HEIGHT - height,
            width / 10,
            width % 10,
        );
    }
    svg + "</svg>"
}

#[cfg(test)]
mod tests {
    use super::bars;

    #[test]
    fn the_highest_bar_fills_the_drawing_and_none_is_left_out() {
        let svg = bars(&[0, 5, 10]);
        assert_eq!(svg.matches("<rect").count(), 3);
        assert!(
            svg.contains("x=\"0.0\" y=\"19\" width=\"19.2\" height=\"1\"/>"),
            "{svg}"
        );
        assert!(
            svg.contains("x=\"24.0\" y=\"10\" width=\"19.2\" height=\"10\"/>"),
            "{svg}"
        );
        assert!(
            svg.contains("y=\"0\" width=\"19.2\" height=\"20\" class=\"now\"/>"),
            "{svg}"
        );
        assert!(!svg.contains("style"));
        assert!(!bars(&[]).contains("rect"));
        assert!(bars(&[u64::MAX, 1]).contains("height=\"20\""));
    }
}
