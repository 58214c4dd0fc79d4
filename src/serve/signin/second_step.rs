//! The second step of sign-in: codes of six digits that change every half a minute (RFC 6238), each used once.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Algorithm, Builder, Secret, Totp};

use crate::model::User;
use crate::store::{Store, StoreError};

/// Random bytes of a secret: as many as the digest that RFC 4226 recommends gives.
const SECRET_BYTES: usize = 20;
/// Steps before and after the current one whose codes are taken, for clocks that are a little off.
const SKEW: u16 = 1;
/// How long a secret that was shown waits for its first code.
pub const SHOWN_FOR: TimeDelta = TimeDelta::minutes(15);
/// Side of a module of the picture, in pixels.
const MODULE_PX: u32 = 4;

/// What an authenticator is told.
pub struct SecondStep {
    /// The secret, in base 32.
    pub secret: String,
    /// The address that an authenticator takes.
    pub url: String,
    /// The same as a picture: an element of SVG.
    pub picture: String,
}

impl SecondStep {
    /// A new secret for a user.
    ///
    /// # Errors
    /// When the system gives no random bytes or the picture cannot be drawn.
    pub fn fresh(user: &str) -> std::io::Result<SecondStep> {
        let mut bytes = [0; SECRET_BYTES];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        SecondStep::of(Secret::from(bytes.to_vec()), user)
    }

    /// The same again of a secret that was shown.
    ///
    /// # Errors
    /// When the picture cannot be drawn.
    pub(super) fn again(secret: &str, user: &str) -> std::io::Result<SecondStep> {
        let secret = Secret::try_from_base32(secret).map_err(std::io::Error::other)?;
        SecondStep::of(secret, user)
    }

    fn of(secret: Secret, user: &str) -> std::io::Result<SecondStep> {
        let totp = totp(secret, user).map_err(std::io::Error::other)?;
        let url = totp.to_url().map_err(std::io::Error::other)?;
        let code = QrCode::new(url.as_bytes()).map_err(std::io::Error::other)?;
        let drawn = code
            .render::<svg::Color<'_>>()
            .module_dimensions(MODULE_PX, MODULE_PX)
            .build();
        let start = drawn.find("<svg").unwrap_or_default();
        Ok(SecondStep {
            secret: totp.secret().to_base32(),
            url,
            picture: drawn[start..].to_owned(),
        })
    }
}

/// Secrets that were shown and wait for their first code, by the session that gave the password for them: no form brings a
/// secret of its own, and no session one that another was shown. A restart forgets them.
#[derive(Debug, Default)]
pub(super) struct Shown(BTreeMap<String, (String, DateTime<Utc>)>);

impl Shown {
    /// Keeps a secret for a session, in place of one before; old ones are let go of.
    pub(super) fn keep(&mut self, session: &str, secret: &str, now: DateTime<Utc>) {
        self.0.retain(|_, (_, at)| now - *at < SHOWN_FOR);
        self.0.insert(session.to_owned(), (secret.to_owned(), now));
    }

    /// The secret that a session was shown.
    pub(super) fn of(&self, session: &str, now: DateTime<Utc>) -> Option<String> {
        let shown = self.0.get(session).filter(|(_, at)| now - *at < SHOWN_FOR);
        shown.map(|(secret, _)| secret.clone())
    }

    /// Forgets the secret of a session.
    pub(super) fn forget(&mut self, session: &str) {
        self.0.remove(session);
    }
}

fn totp(secret: Secret, user: &str) -> Result<Totp, totp_rs::TotpError> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_skew(SKEW)
        .with_secret(secret)
        .with_account_name(user)
        .with_issuer(Some("Aigaq"))
        .build()
}

/// The step whose code this is, at a moment.
pub(super) fn step_of(secret: &str, code: &str, now: DateTime<Utc>) -> Option<u64> {
    let secret = Secret::try_from_base32(secret).ok()?;
    let totp = totp(secret, "user").ok()?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    totp.check(&code, u64::try_from(now.timestamp()).ok()?)
}

/// Whether a user's code is right and was not used before; a user without a second step needs none.
pub(super) fn is_right(
    store: &dyn Store,
    user: &User,
    code: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let Some(secret) = &user.second_step else {
        return Ok(true);
    };
    match step_of(secret, code, now) {
        Some(step) => store.use_step(&user.id, step),
        None => Ok(false),
    }
}

/// Turns a second step on where the code shows that the authenticator has the secret; says whether it did.
pub(super) fn confirm(
    store: &dyn Store,
    user: &User,
    secret: &str,
    code: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let is_right = match step_of(secret, code, now) {
        Some(step) => store.use_step(&user.id, step)?,
        None => false,
    };
    if !is_right {
        return Ok(false);
    }
    store.change_user(
        &user.id,
        &user.id,
        "user.second_step_on",
        now,
        &mut |user| {
            user.second_step = Some(secret.to_owned());
        },
    )?;
    Ok(true)
}
