//! The provider of sign-in of the operator's file, behind the trait that `serve` declares.

use anyhow::Context as _;
use chrono::{DateTime, Utc};

use super::secrets;
use crate::config::{Config, GivenRole, OidcConfig, name_in};
use crate::language::Language;
use crate::model::{Departure, Farewell, Secret, Vouched};
use crate::send::oidc::{self, OidcError};
use crate::serve::signin::provider::{Asked, LEFT_PATH, NotVouched, Provider, RETURN_PATH};

/// A provider of OpenID Connect.
pub struct Oidc {
    config: OidcConfig,
    provider: oidc::Provider,
}

/// The provider that a configuration names; `None` where it names none.
///
/// # Errors
/// When its secret is not where the configuration says, or nothing can be asked at all.
pub fn of(config: &Config) -> anyhow::Result<Option<Oidc>> {
    let (Some(oidc), Some(origin)) = (&config.oidc, &config.web.origin) else {
        return Ok(None);
    };
    let secret = oidc.secret.as_ref().map(secrets::secret);
    let secret = secret
        .transpose()
        .context("the client's secret of [oidc]")?;
    let [return_to, left_to] = [RETURN_PATH, LEFT_PATH].map(|path| format!("{origin}{path}"));
    Ok(Some(Oidc {
        config: oidc.clone(),
        provider: oidc::Provider::new(oidc.clone(), secret, &return_to, &left_to)?,
    }))
}

impl Provider for Oidc {
    fn name(&self, language: Language) -> String {
        name_in(&self.config.name, language).to_owned()
    }

    fn issuer(&self) -> &str {
        &self.config.issuer
    }

    fn given(&self) -> Option<&GivenRole> {
        self.config.given.as_ref()
    }

    fn depart(&self, now: DateTime<Utc>) -> Asked<'_, Departure> {
        Box::pin(async move {
            self.provider
                .depart(now)
                .await
                .map_err(|error| told(&error))
        })
    }

    fn arrive<'a>(
        &'a self,
        departure: &'a Departure,
        code: &'a str,
        now: DateTime<Utc>,
    ) -> Asked<'a, Vouched> {
        Box::pin(async move {
            let arrived = self.provider.arrive(departure, code, now).await;
            arrived.map_err(|error| told(&error))
        })
    }

    fn farewell<'a>(
        &'a self,
        token: &'a Secret,
        now: DateTime<Utc>,
    ) -> Asked<'a, Option<Farewell>> {
        Box::pin(async move {
            let farewell = self.provider.farewell(token, now).await;
            farewell.map_err(|error| told(&error))
        })
    }
}

/// An error as the desk takes it.
fn told(error: &OidcError) -> NotVouched {
    NotVouched {
        is_passing: error.is_passing(),
        why: error.to_string(),
    }
}
