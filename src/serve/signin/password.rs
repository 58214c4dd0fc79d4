//! Passwords: which are taken, how they are hashed, and how one is checked without telling why it was not right.
//!
//! Argon2id over 46 MiB twice is above what the guidelines ask for. Length alone decides what a password must be: from
//! twelve characters on, none of the commonest, and not made of what anybody knows about the account.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
};

use super::Gate;

/// Memory of a hash, in KiB.
const MEMORY_KIB: u32 = 46 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes of a hash.
const LANES: u32 = 1;
/// Memory above which a stored hash is not computed: somebody else wrote it there.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
/// Passes above which a stored hash is not computed.
const MAX_PASSES: u32 = 12;
/// Lanes above which a stored hash is not computed.
const MAX_LANES: u32 = 4;
/// Random bytes of a salt.
const SALT_BYTES: usize = 16;
/// Fewest characters.
pub const MIN_CHARS: usize = 12;
/// Most characters.
pub const MAX_CHARS: usize = 256;
/// Shorter names of an account say nothing of a password.
const MIN_KNOWN_CHARS: usize = 3;
/// How long hashing waits for others before it gives up.
const PATIENCE: Duration = Duration::from_secs(4);

/// The commonest passwords, one a line and without their signs; few of those with twelve characters are more than one of them
/// with a year or the like.
const COMMON: &str = include_str!("passwords.txt");

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Too short or too long.
    #[error("a password has from {MIN_CHARS} to {MAX_CHARS} characters")]
    Length,
    /// Among the first that anybody tries.
    #[error(
        "this password is among the first that anybody tries; take a longer one that is yours alone"
    )]
    Common,
}

/// Why nothing was hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many at once.
    #[error("too many people sign in at once")]
    Busy,
    /// The machine failed.
    #[error("a password cannot be hashed: {0}")]
    Failed(String),
}

/// Whether a password is taken for a user of that id and name. It is kept exactly as given, white space and all.
///
/// # Errors
/// Says why not.
pub fn check(password: &str, id: &str, name: &str) -> Result<(), Unfit> {
    let n_chars = password.chars().take(MAX_CHARS + 1).count();
    if !(MIN_CHARS..=MAX_CHARS).contains(&n_chars) {
        return Err(Unfit::Length);
    }
    let lower = password.to_lowercase();
    let bare = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let plain = bare(&lower);
    let mut letters: Vec<char> = lower.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    // What is left after the known word must not be a few digits only.
    let is_known_and_little = |known: &str| {
        let rest = plain.replacen(known, "", usize::MAX);
        known.chars().count() >= MIN_KNOWN_CHARS
            && plain.contains(known)
            && rest.chars().count() < MIN_CHARS / 2
    };
    let is_common = letters.len() < 4
        || COMMON.lines().any(is_known_and_little)
        || is_of_account(&plain, id, name);
    if is_common {
        return Err(Unfit::Common);
    }
    Ok(())
}

/// Whether little is left of a password without the words of its account and of this program.
fn is_of_account(plain: &str, id: &str, name: &str) -> bool {
    let (id, name) = (id.to_lowercase(), name.to_lowercase());
    let bare = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let parts = [&id, &name].into_iter().flat_map(|text| {
        let parts = text.split(|c: char| !c.is_alphanumeric());
        parts.map(str::to_owned)
    });
    let wholes = [
        bare(&id),
        bare(&name),
        "aigaq".to_owned(),
        "айғақ".to_owned(),
    ];
    let mut words: Vec<String> = parts.chain(wholes).collect();
    words.retain(|word| word.chars().count() >= MIN_KNOWN_CHARS);
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let rest = words.iter().fold(plain.to_owned(), |rest, word| {
        rest.replace(word.as_str(), "")
    });
    rest.len() < plain.len() && rest.chars().count() < MIN_CHARS / 2
}

/// The hash of a password, as it is stored. This takes a while: not for threads that answer requests.
///
/// # Errors
/// When the system gives no random bytes or no memory.
pub fn hash(password: &str) -> Result<String, HashError> {
    let failed = |cause: &dyn std::fmt::Display| HashError::Failed(cause.to_string());
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(|cause| failed(&cause))?;
    let argon = hasher().map_err(|cause| failed(&cause))?;
    let hashed = argon.hash_password_with_salt(password.as_bytes(), &salt);
    Ok(hashed.map_err(|cause| failed(&cause))?.to_string())
}

fn hasher() -> Result<Argon2<'static>, argon2::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether a password has a stored hash. Where there is none, or none that would be computed, as much is computed all the
/// same, so that the time taken tells nothing.
pub fn is_right(password: &str, stored: Option<&str>) -> bool {
    static DECOY: OnceLock<Option<String>> = OnceLock::new();
    let decoy = DECOY.get_or_init(|| hash("nobody's password").ok());
    let stored = stored.filter(|stored| is_bearable(stored));
    let Some(against) = stored.or(decoy.as_deref()) else {
        return false;
    };
    // Beyond the longest password nothing is hashed that could be right.
    let password: String = password.chars().take(MAX_CHARS + 1).collect();
    let Ok(against) = PasswordHash::new(against) else {
        return false;
    };
    let is_right = Argon2::default()
        .verify_password(password.as_bytes(), &against)
        .is_ok();
    is_right && stored.is_some()
}

/// Whether a stored hash is of the kind that this program makes, and no larger than it can bear.
fn is_bearable(stored: &str) -> bool {
    params(stored).is_some_and(|(memory, passes, lanes)| {
        memory <= MAX_MEMORY_KIB && passes <= MAX_PASSES && lanes <= MAX_LANES
    })
}

/// Whether a stored hash is weaker than one made today.
pub(super) fn is_weak(stored: &str) -> bool {
    params(stored).is_none_or(|(memory, passes, _)| memory < MEMORY_KIB || passes < PASSES)
}

/// Memory, passes and lanes of a hash by Argon2id.
fn params(stored: &str) -> Option<(u32, u32, u32)> {
    let hash = PasswordHash::new(stored).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let is_ours = hash.algorithm.as_str() == "argon2id";
    is_ours.then(|| (params.m_cost(), params.t_cost(), params.p_cost()))
}

impl Gate {
    /// Works with passwords on a thread of its own, a few at once; the others wait briefly.
    pub(super) async fn hashed<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let waiting = Arc::clone(&self.hashing).acquire_owned();
        let permit = tokio::time::timeout(PATIENCE, waiting).await;
        let Ok(Ok(permit)) = permit else {
            return Err(HashError::Busy);
        };
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await
            .map_err(|cause| HashError::Failed(cause.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_decides_in_characters_and_any_character_is_taken() {
        let of = |n: usize| "көк тұз-8 ай😀".chars().cycle().take(n).collect::<String>();
        assert_eq!(check(&of(11), "a", "A"), Err(Unfit::Length));
        assert_eq!(check(&of(12), "a", "A"), Ok(()));
        assert_eq!(check(&of(256), "a", "A"), Ok(()));
        assert_eq!(check(&of(257), "a", "A"), Err(Unfit::Length));
        assert_eq!(check("z\0w k\u{a0}d mbqtrv ", "a", "A"), Ok(()));
    }

    #[test]
    fn common_passwords_and_those_of_the_account_are_refused() {
        for password in [
            "password1234",
            "Password-2026!",
            "qwertyuiop12",
            "aaaaaaaaaaaa",
            "aigaq-aigaq-1",
            "A.Omarova2026",
            "Қазақстан2026",
            "Омарова-2026!!",
            "омарова айша 26",
            "dragon--dragon-12",
            "SUPERMAN superman",
        ] {
            let checked = check(password, "a.omarova", "Айша Омарова");
            assert_eq!(checked, Err(Unfit::Common), "{password}");
        }
        assert_eq!(
            check("password of nine grey geese", "a.omarova", "А."),
            Ok(())
        );
    }

    #[test]
    fn a_stored_hash_is_strong_and_right_for_its_password_alone() {
        let stored = hash("a long enough secret").unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=47104,t=2,p=1$"),
            "{stored}"
        );
        assert!(is_right("a long enough secret", Some(&stored)));
        assert!(!is_right("a long enough secret ", Some(&stored)));
        assert!(!is_right("nobody's password", None));
        assert!(!is_weak(&stored) && is_weak(&stored.replace("m=47104", "m=1024")));
    }

    #[test]
    fn a_stored_hash_that_asks_for_gigabytes_is_not_computed() {
        let stored = hash("a long enough secret").unwrap();
        assert!(!is_bearable(&stored.replace("m=47104", "m=4194304")));
        assert!(!is_bearable("plain text") && !is_right("plain text", Some("plain text")));
    }
}
