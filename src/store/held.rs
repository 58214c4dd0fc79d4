//! Keeps what many read, for as long as it is the newest.

use std::sync::{Arc, Mutex, PoisonError};

/// Something that was read, with the version it was read at: as many numbers as it is reckoned from, each of which only grows.
#[derive(Debug)]
pub struct Held<T, const N: usize = 1>(Mutex<Option<([u64; N], Arc<T>)>>);

impl<T, const N: usize> Default for Held<T, N> {
    fn default() -> Held<T, N> {
        Held(Mutex::new(None))
    }
}

impl<T, const N: usize> Held<T, N> {
    /// What is held of this version or a later one, later in every part, else what `read` brings.
    ///
    /// The version is asked for before reading, so that what is held may be newer than it says and never older.
    /// Requests that come while something is read wait for it instead of reading it too.
    pub fn newest<E>(
        &self,
        version: [u64; N],
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        // A reader that panicked left what was held before.
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, value)) = &*held
            && of.iter().zip(&version).all(|(known, asked)| known >= asked)
        {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(read()?);
        // What is read now is no older in any part than what was held.
        let known = held.as_ref().map_or([0; N], |(of, _)| *of);
        let of = std::array::from_fn(|part| version[part].max(known[part]));
        *held = Some((of, Arc::clone(&value)));
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_newer_version_is_read_and_an_error_leaves_what_was_held() {
        let held = Held::default();
        let newest = |version, value: Result<&'static str, &'static str>| {
            held.newest([version], || value).map(|value| *value)
        };
        assert_eq!(newest(1, Ok("a")), Ok("a"));
        assert_eq!(newest(1, Ok("b")), Ok("a"));
        assert_eq!(newest(2, Err("broken")), Err("broken"));
        assert_eq!(newest(1, Ok("c")), Ok("a"));
        assert_eq!(newest(2, Ok("d")), Ok("d"));
    }

    #[test]
    fn what_is_newer_in_one_part_only_is_read_again() {
        let held = Held::default();
        let newest = |version, value| {
            held.newest(version, || Ok::<_, ()>(value))
                .map(|value| *value)
        };
        assert_eq!(newest([5, 8], "a"), Ok("a"));
        assert_eq!(newest([5, 9], "b"), Ok("b"));
        assert_eq!(newest([6, 8], "c"), Ok("c"));
        assert_eq!(newest([6, 9], "d"), Ok("c"));
        assert_eq!(newest([7, 1], "e"), Ok("e"));
        assert_eq!(newest([7, 9], "f"), Ok("e"));
    }
}
