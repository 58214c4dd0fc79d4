//! What shared anchors are worth as proof that two texts speak of the same thing.
//!
//! An anchor is a token that means the same in any language (a number, a day, a person, a place, a concept) or a stem of
//! one language; [`super::Frame::anchors`] gives those of a statement. A publication that repeats a record shares many of
//! its anchors even where one of them is wrong. Retrieval and judge weigh them alike, and the weights are fixed, not taken
//! from a corpus: the same pair is compared whatever else the store holds.

/// What one anchor is worth.
pub fn anchor_weight(anchor: &str) -> u32 {
    match anchor.split(':').next() {
        Some("n") => 60,
        Some("i" | "l") => 45,
        Some("o") => 30,
        Some("d") => 25,
        Some("t" | "p") => 18,
        Some("c") => 16,
        Some("b" | "w") => 12,
        Some("s") => 8,
        Some("m") => 6,
        _ => 0,
    }
}
