//! Tells near-duplicates: what a text says without its figures, and which figures it says.
//!
//! The words go into a 64-bit SimHash (Charikar 2002) of their triples with every digit masked, the figures into four
//! 16-bit minima of their hashes (Broder 1997). A copy agrees in both; next month's bulletin, which has the same words,
//! has other figures.

use super::words::Word;

/// Words of one shingle.
const SHINGLE: usize = 3;
/// Bits in which the words of two copies may differ: one word exchanged in fifty changes about six.
pub(super) const MAX_BITS: u32 = 8;
/// Minima of figures.
const MINIMA: usize = 4;
/// Of the minima so many must agree.
const AGREEING: usize = 3;

/// What a text is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Likeness {
    /// SimHash of the words.
    pub words: u64,
    /// Minima of the figures; 0 without figures.
    pub figures: u64,
}

impl Likeness {
    /// Whether two texts are copies of one.
    pub fn is_copy(self, other: Likeness) -> bool {
        let agreeing = (0..MINIMA)
            .filter(|at| self.minimum(*at) == other.minimum(*at))
            .count();
        (self.words ^ other.words).count_ones() <= MAX_BITS && agreeing >= AGREEING
    }

    fn minimum(self, at: usize) -> u16 {
        (self.figures >> (16 * at)) as u16
    }
}

/// The likeness of the words of a text.
pub(super) fn likeness(words: &[Word]) -> Likeness {
    let hashes: Vec<u64> = words
        .iter()
        .map(|word| {
            let masked = word
                .lower
                .bytes()
                .map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
            hash(0, masked)
        })
        .collect();
    let mut votes = [0_i32; 64];
    let width = SHINGLE.min(hashes.len().max(1));
    for shingle in hashes.windows(width) {
        let bytes = shingle.iter().flat_map(|hash| hash.to_le_bytes());
        let hash = hash(1, bytes);
        for (bit, vote) in votes.iter_mut().enumerate() {
            *vote += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    let bits = votes.iter().enumerate();
    let simhash = bits
        .filter(|(_, vote)| **vote > 0)
        .fold(0, |sum, (bit, _)| sum | 1_u64 << bit);
    Likeness {
        words: simhash,
        figures: figures(words),
    }
}

/// The minima of the figures of a text.
fn figures(words: &[Word]) -> u64 {
    let mut minima = [u16::MAX; MINIMA];
    let mut has_figures = false;
    for word in words {
        if !word.lower.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        has_figures = true;
        for (seed, minimum) in (2..).zip(&mut minima) {
            let hash = hash(seed, word.lower.bytes());
            *minimum = (*minimum).min((hash >> 48) as u16);
        }
    }
    if !has_figures {
        return 0;
    }
    let parts = minima.iter().enumerate();
    parts.fold(0, |sum, (at, minimum)| {
        sum | u64::from(*minimum) << (16 * at)
    })
}

/// FNV-1a of 64 bits with a last mixing step, so that the high bits are as good as the low ones.
fn hash(seed: u64, bytes: impl Iterator<Item = u8>) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in bytes {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    state ^= state >> 32;
    state = state.wrapping_mul(0xd6e8_feb8_6659_fd93);
    state ^ state >> 32
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn of(text: &str) -> Likeness {
        likeness(&words(text, None))
    }

    const BULLETIN: &str = "В марте спасатели выезжали 214 раз. Из них 57 выездов пришлись на пожары в жилых домах, \
        31 на аварии на дорогах, остальные на помощь жителям посёлков. Погибших нет, пострадали 12 человек, всем оказана \
        помощь на месте. Начальник управления поблагодарил добровольцев и напомнил, что печи нужно проверять каждую осень.";

    #[test]
    fn a_reprint_with_a_changed_lead_word_is_a_copy() {
        assert!(of(BULLETIN).is_copy(of(BULLETIN)));
        let reprint = BULLETIN.replace("поблагодарил", "благодарил");
        assert!(of(BULLETIN).is_copy(of(&reprint)));
    }

    #[test]
    fn the_next_bulletin_with_other_figures_is_none() {
        let next = BULLETIN
            .replace("214", "198")
            .replace("57", "49")
            .replace("31", "36")
            .replace("12", "9");
        assert!(!of(BULLETIN).is_copy(of(&next)));
    }

    #[test]
    fn another_text_is_none() {
        let other = "Суд вынес приговор по делу о хищении леса. Двое подсудимых получили по три года ограничения свободы, \
            ущерб возмещён полностью, стороны могут обжаловать решение в течение месяца со дня его вручения.";
        assert!(!of(BULLETIN).is_copy(of(other)));
        assert_eq!(
            of(""),
            Likeness {
                words: 0,
                figures: 0
            }
        );
    }
}
