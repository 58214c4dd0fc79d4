//! Holds the knowledge of the program: concepts, bodies, places, rates and the trilingual vocabulary, read from data files.

use std::sync::LazyLock;

/// The knowledge compiled in, without an operator's additions.
static SHIPPED: LazyLock<Lexicon> = LazyLock::new(Lexicon::default);

/// Everything the program knows about words and names.
#[derive(Debug, Default)]
pub struct Lexicon {}

impl Lexicon {
    /// The lexicon shipped with the program.
    pub fn shipped() -> &'static Lexicon {
        &SHIPPED
    }
}
