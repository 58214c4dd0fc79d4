//! Tokens of feeds and secrets of webhooks: random bytes of the operating system, in hexadecimal digits.

use std::io;

use sha2::{Digest as _, Sha256};

use crate::canonical;

/// Random bytes of a token.
const BYTES: usize = 32;

/// A new token.
///
/// # Errors
/// When the system gives no random bytes.
pub fn fresh() -> io::Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(canonical::hex(&bytes))
}

/// What is kept of a token: who reads the store cannot use it.
pub fn digest(token: &str) -> String {
    canonical::hex(&Sha256::digest(token.as_bytes()))
}
