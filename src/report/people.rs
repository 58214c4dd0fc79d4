//! Users and tokens as JSON, the same on the command line and over the API. Never a secret.

use serde_json::{Value, json};

use super::json::moment;
use crate::model::{Token, User};

/// A user.
pub fn user(user: &User) -> Value {
    json!({
        "id": user.id,
        "name": user.name,
        "role": user.role,
        "agencies": user.agencies,
        "known_as": user.known_as,
        "language": user.language,
        "added_at": moment(user.added_at),
        "disabled_at": user.disabled_at.map(moment),
        "has_password": user.password.is_some(),
        "has_second_step": user.second_step.is_some(),
    })
}

/// A token, by the beginning of its digest.
pub fn token(token: &Token) -> Value {
    json!({
        "id": token.id(),
        "name": token.name,
        "user": token.user,
        "scope": token.scope,
        "made_at": moment(token.made_at),
        "expires_at": moment(token.expires_at),
        "revoked_at": token.revoked_at.map(moment),
    })
}
