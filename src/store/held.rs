//! Keeps what many read, for as long as it is the newest.

use std::sync::{Arc, Mutex, PoisonError};

/// Something that was read, with the version it was read at. What is reckoned from several things has a version of as many parts.
#[derive(Debug)]
pub struct Held<T, V = u64>(Mutex<Option<(V, Arc<T>)>>);

impl<T, V> Default for Held<T, V> {
    fn default() -> Held<T, V> {
        Held(Mutex::new(None))
    }
}

impl<T, V: Copy + PartialOrd> Held<T, V> {
    /// What is held of this version or a later one, else what `read` brings.
    ///
    /// The version is asked for before reading, so that what is held may be newer than it says and never older.
    /// Requests that come while something is read wait for it instead of reading it too.
    pub fn newest<E>(&self, version: V, read: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        // A reader that panicked left what was held before.
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, value)) = &*held
            && *of >= version
        {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(read()?);
        *held = Some((version, Arc::clone(&value)));
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
            held.newest(version, || value).map(|value| *value)
        };
        assert_eq!(newest(1, Ok("a")), Ok("a"));
        assert_eq!(newest(1, Ok("b")), Ok("a"));
        assert_eq!(newest(2, Err("broken")), Err("broken"));
        assert_eq!(newest(1, Ok("c")), Ok("a"));
        assert_eq!(newest(2, Ok("d")), Ok("d"));
    }
}
