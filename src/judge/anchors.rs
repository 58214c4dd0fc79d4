//! What shared anchors are worth as proof that two texts speak of the same thing.
//!
//! An anchor is a token that means the same in any language (a number, a day, a person, a place, a concept) or a stem of
//! one language. A publication that repeats a record shares many of its anchors even where one of them is wrong, so the
//! record it reports on is found through the publication as a whole. The weights are fixed, not taken from a corpus:
//! the same pair is compared whatever else the store holds. Retrieval itself lives in `index`.

/// What an anchor is worth as proof that two texts speak of the same thing.
pub(super) fn weight(anchor: &str) -> u32 {
    match anchor.split(':').next() {
        Some("n") => 60,
        Some("i" | "l") => 45,
        Some("o") => 30,
        Some("d") => 25,
        Some("t" | "p") => 18,
        Some("c") => 16,
        Some("b") => 12,
        Some("w") => 12,
        Some("s") => 8,
        Some("m") => 6,
        _ => 0,
    }
}

/// Sum of the weights of anchors that both lists hold; both are sorted and free of repeats.
pub(super) fn shared_weight(a: &[String], b: &[String]) -> u32 {
    let mut b = b.iter().peekable();
    let mut sum = 0;
    for anchor in a {
        while b.next_if(|other| *other < anchor).is_some() {}
        if b.peek() == Some(&anchor) {
            sum += weight(anchor);
        }
    }
    sum
}
