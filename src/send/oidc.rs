//! Asks a provider of OpenID Connect who has signed in there: the authorization code flow with PKCE.
//!
//! A browser is sent off with a fresh state, nonce and challenge, and comes back with a code. The code is taken to the provider
//! itself, and of the ID token that comes for it everything is checked: the signature by one of the keys that the provider
//! publishes now, issuer, audience, time, nonce, and that the access token belongs to it. What a provider publishes is asked for
//! anew after a while, and at once where a token is signed by a key that was not there. Nothing that proves who someone is
//! stands in an error. Whoever signs out is sent there once more, to end the session (RP-Initiated Logout 1.0).

use std::collections::BTreeMap;
use std::pin::Pin;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AsyncHttpClient, AuthType, AuthenticationFlow,
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, DiscoveryError,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IdTokenClaims, IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse as _,
    PkceCodeChallenge, PkceCodeVerifier, ProviderMetadataWithLogout, RedirectUrl,
    RequestTokenError, Scope, SignatureVerificationError, StandardErrorResponse,
    StandardTokenResponse, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use super::{EXCHANGE_TIMEOUT, SetupError, client};
use crate::config::OidcConfig;
use crate::model::{Departure, Farewell, Secret, Vouched};
use crate::wire::address::{self, AddressRefusal};

/// Longest answer of a provider that is read: keys and tokens stay far below.
const MAX_PROVIDER_BYTES: usize = 256 * 1024;
/// How long what a provider publishes of itself is taken as it was.
const KNOWN_FOR: TimeDelta = TimeDelta::minutes(10);
/// How long a provider that did not answer is left alone.
const LEFT_ALONE_FOR: TimeDelta = TimeDelta::seconds(5);
/// How far the provider's clock may be from this machine's.
const SKEW: TimeDelta = TimeDelta::seconds(60);
/// Longest token that is handed back to the provider in an address; browsers and servers take addresses of eight thousand bytes.
const MAX_HINT_BYTES: usize = 6_000;
/// Longest value of a claim by which somebody is known, in characters.
const MAX_CLAIM_CHARS: usize = 255;
/// Signatures that are taken: those that only the provider can make. Shared secrets and unsigned tokens are not among them.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Why a provider did not say who has signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// One of its addresses may not be connected to.
    #[error("an address of the provider is not asked: {0}")]
    Address(#[from] AddressRefusal),
    /// One of its addresses has no TLS.
    #[error("an address of the provider does not start with https://")]
    InClear,
    /// No whole answer came.
    #[error("the provider does not answer")]
    NoAnswer,
    /// The answer is longer than any that is needed.
    #[error("the provider's answer is larger than {MAX_PROVIDER_BYTES} bytes")]
    TooLarge,
    /// What it publishes of itself cannot be used.
    #[error("what the provider says of itself cannot be used: {0}")]
    Unfit(String),
    /// It gives nothing for the code.
    #[error("the provider gives nothing for the code: {0}")]
    NotGiven(String),
    /// Its token is not believed.
    #[error("the provider's token is not believed: {0}")]
    Untrue(String),
    /// Its token does not say who it is.
    #[error("the provider's token does not say who it is: {0}")]
    NoClaim(String),
}

impl OidcError {
    /// Whether it may work a little later, without anybody doing anything.
    pub fn is_passing(&self) -> bool {
        matches!(self, OidcError::NoAnswer)
    }
}

/// Claims beside those that the library knows.
#[derive(Debug, Serialize, Deserialize)]
struct Further(BTreeMap<String, Value>);

impl AdditionalClaims for Further {}

type Fields = IdTokenFields<
    Further,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

type OidcClient = openidconnect::Client<
    Further,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A provider of the operator's file.
pub struct Provider {
    config: OidcConfig,
    secret: Option<Secret>,
    issuer: IssuerUrl,
    return_to: RedirectUrl,
    /// Where people come back to who have ended the session at the provider.
    left_to: String,
    wire: Wire,
    known: Mutex<Known>,
}

/// What a provider published of itself, and when it was asked.
#[derive(Default)]
struct Known {
    metadata: Option<(ProviderMetadataWithLogout, DateTime<Utc>)>,
    failed: Option<(OidcError, DateTime<Utc>)>,
}

impl Provider {
    /// A provider that sends people back to an address.
    ///
    /// # Errors
    /// When the HTTP client cannot start or an address is none.
    pub fn new(
        config: OidcConfig,
        secret: Option<Secret>,
        return_to: &str,
        left_to: &str,
    ) -> Result<Provider, SetupError> {
        let issuer = IssuerUrl::new(config.issuer.clone()).map_err(|_| SetupError::Provider)?;
        let return_to = RedirectUrl::new(return_to.to_owned()).map_err(|_| SetupError::Provider)?;
        let wire = Wire {
            client: client(config.allow_private_addresses).map_err(SetupError::Client)?,
            allow_private: config.allow_private_addresses,
            needs_tls: issuer.url().scheme() == "https",
        };
        Ok(Provider {
            config,
            secret,
            issuer,
            return_to,
            left_to: left_to.to_owned(),
            wire,
            known: Mutex::default(),
        })
    }

    /// What a browser is sent off with.
    ///
    /// # Errors
    /// When the provider does not say where to.
    pub async fn depart(&self, now: DateTime<Utc>) -> Result<Departure, OidcError> {
        let client = self.client(self.metadata(now, false).await?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request = client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random);
        for scope in &self.config.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        let (address, state, nonce) = request.set_pkce_challenge(challenge).url();
        // A browser is sent there, so it must be a page and no script.
        self.wire.check_scheme(&address)?;
        Ok(Departure {
            address: address.into(),
            state: Secret::new(state.into_secret()),
            nonce: Secret::new(nonce.secret()),
            verifier: Secret::new(verifier.into_secret()),
        })
    }

    /// Who came back with a code.
    ///
    /// # Errors
    /// When the provider does not say it in a way that can be believed.
    pub async fn arrive(
        &self,
        departure: &Departure,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<Vouched, OidcError> {
        let mut client = self.client(self.metadata(now, false).await?);
        let unfit = |error: openidconnect::ConfigurationError| OidcError::Unfit(error.to_string());
        let verifier = PkceCodeVerifier::new(departure.verifier.reveal().to_owned());
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(unfit)?
            .set_pkce_verifier(verifier)
            .request_async(&self.wire)
            .await
            .map_err(not_given)?;
        let nonce = Nonce::new(departure.nonce.reveal().to_owned());
        let checked = match checked(&client, &answer, &nonce, now) {
            Err(Unbelieved::Key) => {
                // The provider may have changed its keys since it was asked.
                client = self.client(self.metadata(now, true).await?);
                checked(&client, &answer, &nonce, now)
            }
            checked => checked,
        };
        match checked {
            Ok(claims) => self.vouched(&claims, raw(&answer)),
            Err(Unbelieved::Key) => {
                let text = "it is signed by a key that the provider does not publish";
                Err(OidcError::Untrue(text.to_owned()))
            }
            Err(Unbelieved::Other(why)) => Err(OidcError::Untrue(why)),
        }
    }

    /// Where a browser goes to end the session at the provider too; `None` where the provider offers none, or the file says no.
    ///
    /// # Errors
    /// When the provider does not say where, or names a place that no browser is sent to.
    pub async fn farewell(
        &self,
        token: &Secret,
        now: DateTime<Utc>,
    ) -> Result<Option<Farewell>, OidcError> {
        if !self.config.ends_session {
            return Ok(None);
        }
        let metadata = self.metadata(now, false).await?;
        let offered = &metadata.additional_metadata().end_session_endpoint;
        let Some(mut address) = offered.as_ref().map(|offered| offered.url().clone()) else {
            return Ok(None);
        };
        self.wire.check_scheme(&address)?;
        let state = CsrfToken::new_random().into_secret();
        let mut query = address.query_pairs_mut();
        // Without the hint a provider asks the person; with a too long address it would answer nothing at all.
        if token.reveal().len() <= MAX_HINT_BYTES {
            query.append_pair("id_token_hint", token.reveal());
        }
        query
            .append_pair("client_id", &self.config.client_id)
            .append_pair("post_logout_redirect_uri", &self.left_to)
            .append_pair("state", &state);
        drop(query);
        Ok(Some(Farewell {
            address: address.into(),
            state: Secret::new(state),
        }))
    }

    /// Who the claims say it is.
    fn vouched(&self, claims: &Value, token: Secret) -> Result<Vouched, OidcError> {
        let name = &self.config.claim;
        let text = claims.get(name).and_then(Value::as_str).map(str::trim);
        let fits = |text: &&str| {
            !text.is_empty()
                && text.chars().count() <= MAX_CLAIM_CHARS
                && !text.chars().any(char::is_control)
        };
        let Some(known_as) = text.filter(fits) else {
            return Err(OidcError::NoClaim(format!("it has no claim `{name}`")));
        };
        let is_mail = name == "email";
        if is_mail && claims.get("email_verified") != Some(&Value::Bool(true)) {
            let why = "the provider has not checked the mail address (`email_verified`)";
            return Err(OidcError::NoClaim(why.to_owned()));
        }
        let methods = claims.get("amr").and_then(Value::as_array);
        let mut methods = methods.into_iter().flatten().filter_map(Value::as_str);
        let person = claims.get("name").map(|name| match name {
            // The library keeps names by language.
            Value::Object(names) => names.values().next().cloned().unwrap_or_default(),
            name => name.clone(),
        });
        let person = person.as_ref().and_then(Value::as_str).map(str::trim);
        Ok(Vouched {
            known_as: known_as.to_owned(),
            is_mail,
            name: person.filter(fits).map(str::to_owned),
            has_second_step: methods.any(|method| self.config.second_step.contains(method)),
            token,
        })
    }

    /// The client of what the provider published.
    fn client(&self, metadata: ProviderMetadataWithLogout) -> OidcClient {
        let methods = metadata.token_endpoint_auth_methods_supported();
        let takes = |method| methods.is_none_or(|methods| methods.contains(&method));
        let in_body = !takes(CoreClientAuthMethod::ClientSecretBasic)
            && takes(CoreClientAuthMethod::ClientSecretPost);
        let secret = self.secret.as_ref();
        let client = OidcClient::from_provider_metadata(
            metadata,
            ClientId::new(self.config.client_id.clone()),
            secret.map(|secret| ClientSecret::new(secret.reveal().to_owned())),
        );
        let how = match in_body {
            true => AuthType::RequestBody,
            false => AuthType::BasicAuth,
        };
        client
            .set_redirect_uri(self.return_to.clone())
            .set_auth_type(how)
    }

    /// What the provider publishes of itself, keys included; asked for where it is old, or where `is_needed_new`.
    async fn metadata(
        &self,
        now: DateTime<Utc>,
        is_needed_new: bool,
    ) -> Result<ProviderMetadataWithLogout, OidcError> {
        // Held while it is asked, so that many at once ask once.
        let mut known = self.known.lock().await;
        let young = |at: DateTime<Utc>, most: TimeDelta| now >= at && now - at < most;
        if let Some((metadata, at)) = &known.metadata
            && !is_needed_new
            && young(*at, KNOWN_FOR)
        {
            return Ok(metadata.clone());
        }
        if let Some((error, at)) = &known.failed
            && young(*at, LEFT_ALONE_FOR)
        {
            return Err(error.clone());
        }
        let found =
            ProviderMetadataWithLogout::discover_async(self.issuer.clone(), &self.wire).await;
        match found.map_err(undiscovered) {
            Ok(metadata) => {
                known.failed = None;
                known.metadata = Some((metadata.clone(), now));
                Ok(metadata)
            }
            Err(error) => {
                known.failed = Some((error.clone(), now));
                Err(error)
            }
        }
    }
}

/// The token in an answer as it was sent, to be kept; empty where there is none, and then nothing was believed either.
fn raw(answer: &StandardTokenResponse<Fields, CoreTokenType>) -> Secret {
    Secret::new(
        answer
            .id_token()
            .map(ToString::to_string)
            .unwrap_or_default(),
    )
}

/// The claims of the token in an answer, when all of it is as it must be.
fn checked(
    client: &OidcClient,
    answer: &StandardTokenResponse<Fields, CoreTokenType>,
    nonce: &Nonce,
    now: DateTime<Utc>,
) -> Result<Value, Unbelieved> {
    let other = |why: String| Unbelieved::Other(why);
    let token = answer
        .id_token()
        .ok_or_else(|| other("there is none in the answer".to_owned()))?;
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || now - SKEW)
        .set_issue_time_verifier_fn(move |issued| match issued > now + SKEW {
            true => Err("it is of a time that has not come".to_owned()),
            false => Ok(()),
        });
    let claims: &IdTokenClaims<Further, CoreGenderClaim> =
        token.claims(&verifier, nonce).map_err(Unbelieved::of)?;
    if let Some(expected) = claims.access_token_hash() {
        let unread = |error: &dyn std::fmt::Display| other(error.to_string());
        let algorithm = token.signing_alg().map_err(|error| unread(&error))?;
        let key = token
            .signing_key(&verifier)
            .map_err(|error| unread(&error))?;
        let found = AccessTokenHash::from_token(answer.access_token(), algorithm, key);
        if found.map_err(|error| unread(&error))? != *expected {
            return Err(other("the access token is not the one it names".to_owned()));
        }
    }
    serde_json::to_value(claims).map_err(|error| other(error.to_string()))
}

/// Why a token is not believed.
enum Unbelieved {
    /// The key that signed it is not known.
    Key,
    /// Anything else.
    Other(String),
}

impl Unbelieved {
    fn of(error: ClaimsVerificationError) -> Unbelieved {
        match error {
            ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            ) => Unbelieved::Key,
            ClaimsVerificationError::InvalidNonce(_) => {
                Unbelieved::Other("its nonce is not the one that was sent".to_owned())
            }
            ClaimsVerificationError::SignatureVerification(error) => {
                Unbelieved::Other(format!("its signature is not right: {error}"))
            }
            error => Unbelieved::Other(error.to_string()),
        }
    }
}

/// Why the provider could not be asked about itself. What it wrote is not repeated.
fn undiscovered(error: DiscoveryError<OidcError>) -> OidcError {
    match error {
        DiscoveryError::Request(error) => error,
        DiscoveryError::Response(status, ..) if status.is_server_error() => OidcError::NoAnswer,
        DiscoveryError::Response(status, ..) => OidcError::Unfit(format!("status {status}")),
        DiscoveryError::Parse(error) => OidcError::Unfit(format!("at {}", error.path())),
        DiscoveryError::Validation(_) => {
            OidcError::Unfit("it names itself otherwise than `issuer` of [oidc]".to_owned())
        }
        other => OidcError::Unfit(other.to_string()),
    }
}

/// Why nothing came for a code. Of the answer only the error's name is repeated.
fn not_given(
    error: RequestTokenError<OidcError, StandardErrorResponse<CoreErrorResponseType>>,
) -> OidcError {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(answer) => {
            OidcError::NotGiven(answer.error().to_string())
        }
        RequestTokenError::Parse(error, _) => {
            OidcError::NotGiven(format!("its answer cannot be read at {}", error.path()))
        }
        RequestTokenError::Other(why) => OidcError::NotGiven(why),
    }
}

/// Carries the library's questions over the program's own client, which follows no redirects and connects only where it may.
struct Wire {
    client: reqwest::Client,
    allow_private: bool,
    needs_tls: bool,
}

impl Wire {
    /// Whether an address has TLS, where the provider has.
    fn check_scheme(&self, address: &Url) -> Result<(), OidcError> {
        match address.scheme() {
            "https" => Ok(()),
            "http" if !self.needs_tls => Ok(()),
            _ => Err(OidcError::InClear),
        }
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, OidcError> {
        let address = Url::parse(&request.uri().to_string())
            .map_err(|_| OidcError::Unfit("one of its addresses is none".to_owned()))?;
        self.check_scheme(&address)?;
        address::check(&address, self.allow_private)?;
        let mut asked = reqwest::Request::try_from(request)
            .map_err(|_| OidcError::Unfit("one of its addresses is none".to_owned()))?;
        *asked.timeout_mut() = Some(EXCHANGE_TIMEOUT);
        let answer = self.client.execute(asked).await;
        let mut answer = answer.map_err(|_| OidcError::NoAnswer)?;
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|_| OidcError::NoAnswer)? {
            if body.len() + piece.len() > MAX_PROVIDER_BYTES {
                return Err(OidcError::TooLarge);
            }
            body.extend_from_slice(&piece);
        }
        let mut response = HttpResponse::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = OidcError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OidcError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}
