//! Signing in at a provider of OpenID Connect that the test is itself, on loopback: who is let in, and every answer that is not believed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use aigaq::config::Config;
use aigaq::model::{User, UserRole};
use aigaq::pipeline::provider;
use aigaq::serve::people::{self, UserChange};
use aigaq::serve::router;
use aigaq::serve::signin::{Gate, SecondStep, password};
use aigaq::store::{self, Store};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreHmacKey, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey,
};
use openidconnect::{
    Audience, AuthenticationMethodReference, EmptyAdditionalClaims, EndUserEmail, EndUserName,
    IssuerUrl, JsonWebKeyId, LocalizedClaim, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    PrivateSigningKey as _, StandardClaims, SubjectIdentifier,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::{Url, form_urlencoded};

use super::loopback::serve;
use super::signed::{Answer, bare_desk, form, gate_at};
use super::signin::code;

/// Keys of nobody, made for this test.
const KEY: &str = include_str!("oidc/key.pem");
const OTHER_KEY: &str = include_str!("oidc/other.pem");
const SECRET: &str = "canary of the client";
const START: i64 = 1_800_000_000;

/// How a provider signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    Well,
    /// With a key that it does not publish, under the id of one that it does.
    WithOtherKey,
    /// With a new key that it publishes only now.
    WithNewKey,
    /// And changes what it signed.
    ThenChanges,
    /// With the secret that the client has too.
    WithTheSecret,
    /// Not at all.
    Never,
}

/// What a provider says, of whom, and otherwise than it should.
#[derive(Debug, Clone)]
pub struct Mood {
    signs: Signs,
    issuer: Option<&'static str>,
    audience: &'static str,
    nonce: Option<&'static str>,
    /// Seconds from now until the token ends.
    lasts: i64,
    /// Seconds from now at which it was made.
    made: i64,
    subject: &'static str,
    email: &'static str,
    is_email_checked: Option<bool>,
    methods: &'static [&'static str],
    /// Status of everything it answers; 200 when it is well.
    pub status: u16,
    has_token: bool,
    /// Where it ends sessions, below its own address; nowhere when empty.
    pub leaves: &'static str,
}

impl Default for Mood {
    fn default() -> Mood {
        Mood {
            signs: Signs::Well,
            issuer: None,
            audience: "desk",
            nonce: None,
            lasts: 300,
            made: 0,
            subject: "person-1",
            email: "Aisha@agency.example",
            is_email_checked: Some(true),
            methods: &[],
            status: 200,
            has_token: true,
            leaves: "",
        }
    }
}

/// The provider's side: what it gave codes for, and what it was asked.
pub struct Side {
    pub issuer: String,
    mood: Mood,
    /// Nonce and challenge of each code that was not used yet.
    codes: BTreeMap<String, (String, String)>,
    n_codes: usize,
    n_discovered: usize,
    seconds: Arc<AtomicI64>,
}

pub type Provider = Arc<Mutex<Side>>;

fn key(pem: &str, id: &str) -> CoreRsaPrivateSigningKey {
    CoreRsaPrivateSigningKey::from_pem(pem, Some(JsonWebKeyId::new(id.to_owned()))).unwrap()
}

fn start() -> Provider {
    serve(|address| {
        let side = Arc::new(Mutex::new(Side {
            issuer: format!("http://{address}"),
            mood: Mood::default(),
            codes: BTreeMap::new(),
            n_codes: 0,
            n_discovered: 0,
            seconds: Arc::new(AtomicI64::new(START)),
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(about))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(Arc::clone(&side));
        (router, side)
    })
}

async fn about(State(side): State<Provider>) -> (StatusCode, Json<Value>) {
    let mut side = side.lock().unwrap();
    side.n_discovered += 1;
    let issuer = &side.issuer;
    let about = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
    });
    let about = match side.mood.leaves {
        "" => about,
        path => {
            let mut about = about;
            let is_whole = path.contains(':');
            let place = if is_whole {
                path.to_owned()
            } else {
                format!("{issuer}{path}")
            };
            about["end_session_endpoint"] = json!(place);
            about
        }
    };
    (StatusCode::from_u16(side.mood.status).unwrap(), Json(about))
}

async fn keys(State(side): State<Provider>) -> Json<Value> {
    let side = side.lock().unwrap();
    let mut keys = vec![json!(key(KEY, "one").as_verification_key())];
    if side.mood.signs == Signs::WithNewKey {
        keys.push(json!(key(OTHER_KEY, "two").as_verification_key()));
    }
    Json(json!({ "keys": keys }))
}

/// Gives a token for a code: once, to the client alone, and to whoever has the verifier.
async fn token(
    State(side): State<Provider>,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, Json<Value>) {
    let mut side = side.lock().unwrap();
    let fields: BTreeMap<String, String> = form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    let refused = |why: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": why })));
    let is_client = headers["authorization"]
        .to_str()
        .unwrap()
        .starts_with("Basic ");
    if !is_client || fields["redirect_uri"] != "http://127.0.0.1:8780/sign-in/return" {
        return refused("invalid_client");
    }
    let Some((nonce, challenge)) = side.codes.remove(&fields["code"]) else {
        return refused("invalid_grant");
    };
    let verifier = PkceCodeVerifier::new(fields["code_verifier"].clone());
    if PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str() != challenge {
        return refused("invalid_grant");
    }
    let mut answer = json!({ "access_token": "canary of access", "token_type": "Bearer" });
    if side.mood.has_token {
        answer["id_token"] = json!(id_token(&side, nonce));
    }
    (
        StatusCode::from_u16(side.mood.status).unwrap(),
        Json(answer),
    )
}

fn id_token(side: &Side, nonce: String) -> String {
    let mood = &side.mood;
    let at = |seconds: i64| {
        DateTime::from_timestamp(side.seconds.load(Ordering::SeqCst) + seconds, 0).unwrap()
    };
    let mut name = LocalizedClaim::new();
    name.insert(None, EndUserName::new("Айша Омарова".to_owned()));
    let person = StandardClaims::new(SubjectIdentifier::new(mood.subject.to_owned()))
        .set_name(Some(name))
        .set_email(Some(EndUserEmail::new(mood.email.to_owned())))
        .set_email_verified(mood.is_email_checked);
    let issuer = mood.issuer.unwrap_or(&side.issuer).to_owned();
    let methods = mood.methods.iter();
    let methods = methods.map(|word| AuthenticationMethodReference::new((*word).to_owned()));
    let claims = CoreIdTokenClaims::new(
        IssuerUrl::new(issuer).unwrap(),
        vec![Audience::new(mood.audience.to_owned())],
        at(mood.lasts),
        at(mood.made),
        person,
        EmptyAdditionalClaims {},
    )
    .set_nonce(Some(Nonce::new(mood.nonce.map_or(nonce, str::to_owned))))
    .set_auth_method_refs(Some(methods.collect()));
    let rs = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
    let signed = match mood.signs {
        Signs::WithTheSecret => {
            let hs = CoreJwsSigningAlgorithm::HmacSha256;
            CoreIdToken::new(claims, &CoreHmacKey::new(SECRET.as_bytes()), hs, None, None)
        }
        Signs::WithOtherKey => CoreIdToken::new(claims, &key(OTHER_KEY, "one"), rs, None, None),
        Signs::WithNewKey => CoreIdToken::new(claims, &key(OTHER_KEY, "two"), rs, None, None),
        _ => CoreIdToken::new(claims, &key(KEY, "one"), rs, None, None),
    };
    let text = signed.unwrap().to_string();
    let parts: Vec<&str> = text.split('.').collect();
    match mood.signs {
        // {"alg":"none"}
        Signs::Never => format!("eyJhbGciOiJub25lIn0.{}.", parts[1]),
        Signs::ThenChanges => {
            let other = if parts[2].starts_with('A') { "B" } else { "A" };
            format!("{}.{}.{other}{}", parts[0], parts[1], &parts[2][1..])
        }
        _ => text,
    }
}

/// A desk that knows the provider.
pub struct Place {
    folder: tempfile::TempDir,
    router: Router,
    pub store: Arc<dyn Store>,
    pub side: Provider,
    seconds: Arc<AtomicI64>,
}

impl Place {
    /// With further lines of `[oidc]`, and of `[web]`.
    fn new(oidc: &str, web: &str) -> Place {
        Place::at(start(), oidc, web)
    }

    fn at(side: Provider, oidc: &str, web: &str) -> Place {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        std::fs::write(&secret, format!("{SECRET}\n")).unwrap();
        let (issuer, seconds) = {
            let side = side.lock().unwrap();
            (side.issuer.clone(), Arc::clone(&side.seconds))
        };
        let text = format!(
            "[web]\norigin = \"http://127.0.0.1:8780\"\n{web}\n[oidc]\nissuer = \"{issuer}\"\nclient_id = \"desk\"\nclient_secret_file = {secret:?}\nname = {{ kk = \"Агенттік\", ru = \"Агентство\", en = \"The Agency\" }}\nallow_private_addresses = true\n{oidc}\n[[source]]\nid = \"police\"\nname = \"Police\"\nurl = \"https://police.example/\"\nrole = \"official\"\nlanguages = [\"ru\"]\n"
        );
        let config = Config::parse(&text, Path::new("sources.toml")).unwrap();
        let store: Arc<dyn Store> = Arc::from(store::open(folder.path()).unwrap());
        let desk = bare_desk(folder.path(), &store, gate_at(&seconds, config.web.clone()));
        let provider = provider::of(&config).unwrap().unwrap();
        let desk = desk.with_provider(Arc::new(provider));
        Place {
            router: router(Arc::new(desk)),
            folder,
            store,
            side,
            seconds,
        }
    }

    /// The same with an officer whom the provider knows by her subject.
    pub fn with_aisha(oidc: &str, web: &str) -> Place {
        let place = Place::new(oidc, web);
        place.add("aisha", "officer", "person-1");
        place
    }

    fn add(&self, id: &str, role: &str, known_as: &str) {
        let change = UserChange {
            role: Some(role.to_owned()),
            known_as: Some(known_as.to_owned()),
            ..UserChange::default()
        };
        people::add(&*self.store, id, &change, "operator", self.now()).unwrap();
    }

    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.seconds.load(Ordering::SeqCst), 0).unwrap()
    }

    pub fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn mood(&self, change: impl FnOnce(&mut Mood)) {
        change(&mut self.side.lock().unwrap().mood);
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        Answer::of(&self.router, request).await
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path)
            .header("host", "127.0.0.1:8780")
            .header("accept-language", "en")
            .header("cookie", cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form(path, cookie, fields)).await
    }

    /// A browser that was sent off and has signed in at the provider.
    async fn travel(&self) -> Trip {
        let left = self.get("/sign-in/provider?next=%2Fsaved", "").await;
        assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.body);
        let address = Url::parse(left.header("location")).unwrap();
        let asked: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
        let mut side = self.side.lock().unwrap();
        assert!(
            address
                .as_str()
                .starts_with(&format!("{}/authorize?", side.issuer))
        );
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], "desk");
        assert_eq!(
            asked["redirect_uri"],
            "http://127.0.0.1:8780/sign-in/return"
        );
        assert_eq!(asked["code_challenge_method"], "S256");
        side.n_codes += 1;
        let code = format!("code-{}", side.n_codes);
        let kept = (asked["nonce"].clone(), asked["code_challenge"].clone());
        side.codes.insert(code.clone(), kept);
        Trip {
            cookie: cookie_of(&left, "away"),
            code,
            state: asked["state"].clone(),
            scope: asked["scope"].clone(),
        }
    }

    async fn back(&self, trip: &Trip) -> Answer {
        let path = format!("/sign-in/return?code={}&state={}", trip.code, trip.state);
        self.get(&path, &trip.cookie).await
    }

    /// The whole way.
    pub async fn sign_in(&self) -> Answer {
        let trip = self.travel().await;
        self.back(&trip).await
    }

    /// Subject and reason of the last refusal.
    fn last_refusal(&self) -> (String, String) {
        let entries = self.store.audit_after(0).unwrap();
        let mut entries = entries.into_iter().rev();
        let entry = entries.find(|entry| entry.action == "session.refused");
        let entry = entry.unwrap();
        let details: Value = serde_json::from_str(&entry.details).unwrap();
        let why = details["why"].as_str().unwrap_or_default();
        (entry.subject.clone(), why.to_owned())
    }

    pub fn n_sessions(&self) -> usize {
        let users = self.store.users().unwrap();
        let sessions = users.iter().map(|user| self.store.sessions(&user.id));
        sessions.map(|sessions| sessions.unwrap().len()).sum()
    }
}

struct Trip {
    cookie: String,
    code: String,
    state: String,
    scope: String,
}

/// A cookie that was set, as a browser sends it back.
pub fn cookie_of(answer: &Answer, name: &str) -> String {
    let set = answer.headers.get_all("set-cookie").iter();
    let set = set.map(|value| value.to_str().unwrap());
    let start = format!("{name}=");
    let mut set = set.filter(|value| value.starts_with(&start));
    let value = set.next().unwrap_or_default();
    assert!(
        value.is_empty() || value.contains("HttpOnly; SameSite=Lax"),
        "{value}"
    );
    value.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn who_is_known_signs_in_at_the_provider_and_goes_on_where_they_were() {
    let place = Place::with_aisha("", "");
    let page = place.get("/sign-in?next=%2Fsaved", "").await;
    assert!(
        page.body
            .contains("href=\"/sign-in/provider?next=%2Fsaved\"")
            && page.body.contains("Sign in with The Agency"),
        "{}",
        page.body
    );
    let trip = place.travel().await;
    assert_eq!(trip.scope, "openid email profile");
    let back = place.back(&trip).await;
    assert_eq!(
        (back.status, back.header("location")),
        (StatusCode::SEE_OTHER, "/saved"),
        "{}",
        back.body
    );
    let inside = place.get("/account", &cookie_of(&back, "sid")).await;
    assert_eq!(inside.status, StatusCode::OK);
    assert!(inside.body.contains("aisha"));
    let sessions = place.store.sessions("aisha").unwrap();
    assert_eq!(sessions.len(), 1);
    // What a provider publishes is not asked for each time.
    place.sign_in().await;
    assert_eq!(place.side.lock().unwrap().n_discovered, 1);
}

#[tokio::test]
async fn an_answer_that_this_browser_did_not_begin_finds_nothing() {
    let place = Place::with_aisha("", "");
    let trip = place.travel().await;
    let other = place.travel().await;
    let wrong = [
        // A wrong state, another trip's state, no cookie, another browser's cookie.
        (&trip.code, "made-up", trip.cookie.as_str()),
        (&trip.code, &other.state, ""),
        (&trip.code, &trip.state, "away=0123"),
    ];
    for (code, state, cookie) in wrong {
        let path = format!("/sign-in/return?code={code}&state={state}");
        let answer = place.get(&path, cookie).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{state} {cookie}");
        assert!(answer.body.contains("was not begun in this browser"));
        assert_eq!(cookie_of(&answer, "sid"), "");
    }
    // The wrong state used the first trip up.
    assert_eq!(place.back(&trip).await.status, StatusCode::BAD_REQUEST);
    // The other one still works, once: a second time neither here nor at the provider.
    assert_eq!(place.back(&other).await.status, StatusCode::SEE_OTHER);
    assert_eq!(place.back(&other).await.status, StatusCode::BAD_REQUEST);
    // Whoever takes too long begins again.
    let late = place.travel().await;
    place.seconds.fetch_add(601, Ordering::SeqCst);
    assert_eq!(place.back(&late).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(place.n_sessions(), 1);
}

#[tokio::test]
async fn a_code_that_was_used_elsewhere_is_worth_nothing() {
    let place = Place::with_aisha("", "");
    let first = place.travel().await;
    let mut second = place.travel().await;
    assert_eq!(place.back(&first).await.status, StatusCode::SEE_OTHER);
    // The code of the first trip, brought by a browser of its own: the provider has given its token already.
    second.code = first.code;
    let answer = place.back(&second).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    let (_, why) = place.last_refusal();
    assert!(why.contains("invalid_grant"), "{why}");
    // A code that was stolen before it was used: the verifier is another browser's.
    let victim = place.travel().await;
    let mut thief = place.travel().await;
    thief.code = victim.code;
    assert_eq!(place.back(&thief).await.status, StatusCode::BAD_GATEWAY);
    assert_eq!(place.n_sessions(), 1);
}

#[tokio::test]
async fn a_token_that_is_not_as_it_must_be_signs_nobody_in() {
    type Change = fn(&mut Mood);
    let wrong: [(Change, &str); 12] = [
        (|mood| mood.nonce = Some("another"), "nonce"),
        (|mood| mood.audience = "another-client", "audience"),
        (|mood| mood.issuer = Some("https://other.example"), "issuer"),
        (|mood| mood.lasts = -120, "expired"),
        (|mood| mood.made = 600, "has not come"),
        (|mood| mood.signs = Signs::WithOtherKey, "signature"),
        (|mood| mood.signs = Signs::ThenChanges, "signature"),
        (|mood| mood.signs = Signs::WithTheSecret, "HS256"),
        (|mood| mood.signs = Signs::Never, "signature"),
        (|mood| mood.has_token = false, "none in the answer"),
        (|mood| mood.subject = "", "no claim `sub`"),
        (|mood| mood.subject = "person\u{7}1", "no claim `sub`"),
    ];
    let place = Place::with_aisha("", "");
    for (change, wanted) in wrong {
        // Long enough that nothing is held up.
        place.seconds.fetch_add(1_000, Ordering::SeqCst);
        place.mood(|mood| {
            *mood = Mood::default();
            change(mood);
        });
        let answer = place.sign_in().await;
        let (_, why) = place.last_refusal();
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{why}");
        assert!(why.contains(wanted), "{wanted}: {why}");
        assert_eq!(cookie_of(&answer, "sid"), "");
        for canary in ["canary", "eyJ"] {
            assert!(
                !why.contains(canary) && !answer.body.contains(canary),
                "{why}"
            );
        }
    }
    assert_eq!(place.n_sessions(), 0);
    // A clock that is a little off is no lie.
    place.seconds.fetch_add(1_000, Ordering::SeqCst);
    place.mood(|mood| {
        *mood = Mood {
            lasts: -30,
            made: 30,
            ..Mood::default()
        }
    });
    assert_eq!(place.sign_in().await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn keys_that_the_provider_changed_are_asked_for_anew() {
    let place = Place::with_aisha("", "");
    assert_eq!(place.sign_in().await.status, StatusCode::SEE_OTHER);
    place.mood(|mood| mood.signs = Signs::WithNewKey);
    assert_eq!(place.sign_in().await.status, StatusCode::SEE_OTHER);
    assert_eq!(place.side.lock().unwrap().n_discovered, 2);
}

#[tokio::test]
async fn a_provider_that_is_down_says_so_and_passwords_go_on_working() {
    let place = Place::with_aisha("", "");
    let user = User {
        password: Some(password::hash("nine grey geese в степи").unwrap()),
        ..place.store.user("aisha").unwrap().unwrap()
    };
    place
        .store
        .put_user(&user, "operator", place.now())
        .unwrap();
    place.mood(|mood| mood.status = 503);
    let answer = place.get("/sign-in/provider?next=%2Fsaved", "").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("does not answer") && answer.body.contains("name=\"password\""));
    // It is left alone for a moment, however many come.
    place.get("/sign-in/provider", "").await;
    assert_eq!(place.side.lock().unwrap().n_discovered, 1);
    let fields = [("id", "aisha"), ("password", "nine grey geese в степи")];
    let by_password = place.post("/sign-in", "", &fields).await;
    assert_eq!(by_password.status, StatusCode::SEE_OTHER);
    place.mood(|mood| mood.status = 200);
    place.seconds.fetch_add(6, Ordering::SeqCst);
    let trip = place.travel().await;
    // Down when the browser comes back.
    place.mood(|mood| mood.status = 500);
    let answer = place.back(&trip).await;
    assert!(answer.status.is_server_error(), "{}", answer.status);
    assert_eq!(place.n_sessions(), 1);
}

#[tokio::test]
async fn what_fails_again_and_again_is_held_up_and_what_nobody_began_fills_no_log() {
    let place = Place::with_aisha("", "");
    place.mood(|mood| mood.subject = "person-2");
    let mut last = StatusCode::OK;
    for _ in 0..9 {
        last = place.sign_in().await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let n_entries = || place.store.audit_after(0).unwrap().len();
    let before = n_entries();
    for _ in 0..5 {
        let made_up = place.get("/sign-in/return?code=1&state=2", "away=3").await;
        assert_eq!(made_up.status, StatusCode::BAD_REQUEST);
        place.sign_in().await;
    }
    assert_eq!(n_entries(), before);
    // It ends by itself.
    place.seconds.fetch_add(1_000, Ordering::SeqCst);
    place.mood(|mood| mood.subject = "person-1");
    assert_eq!(place.sign_in().await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_provider_may_say_no_and_no_other_may_answer_for_it() {
    let place = Place::with_aisha("", "");
    let trip = place.travel().await;
    let path = format!("/sign-in/return?error=access_denied&state={}", trip.state);
    let answer = place.get(&path, &trip.cookie).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let trip = place.travel().await;
    let path = format!(
        "/sign-in/return?code={}&state={}&iss=https%3A%2F%2Fother.example",
        trip.code, trip.state
    );
    let answer = place.get(&path, &trip.cookie).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(place.n_sessions(), 0);
}

#[tokio::test]
async fn who_is_unknown_or_disabled_stays_out() {
    let place = Place::with_aisha("", "");
    place.mood(|mood| mood.subject = "person-2");
    let answer = place.sign_in().await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("this desk does not"));
    assert_eq!(place.last_refusal().0, "unknown");
    // A subject is not another one in capitals.
    place.mood(|mood| mood.subject = "PERSON-1");
    assert_eq!(place.sign_in().await.status, StatusCode::FORBIDDEN);
    place.mood(|mood| mood.subject = "person-1");
    let signed_in = cookie_of(&place.sign_in().await, "sid");
    let off = UserChange {
        is_active: Some(false),
        ..UserChange::default()
    };
    people::change(&*place.store, "aisha", &off, None, "operator", place.now()).unwrap();
    // Signed out at once, and not let in again.
    let gone = place.get("/account", &signed_in).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert_eq!(place.sign_in().await.status, StatusCode::FORBIDDEN);
    assert_eq!(place.last_refusal().0, "aisha");
    assert_eq!(place.n_sessions(), 0);
}

#[tokio::test]
async fn a_mail_address_counts_only_when_the_provider_has_checked_it() {
    let place = Place::new("claim = \"email\"", "");
    place.add("aisha", "officer", "aisha@AGENCY.example");
    for checked in [None, Some(false)] {
        place.mood(|mood| mood.is_email_checked = checked);
        assert_eq!(place.sign_in().await.status, StatusCode::BAD_GATEWAY);
        assert!(place.last_refusal().1.contains("email_verified"));
    }
    place.mood(|mood| mood.is_email_checked = Some(true));
    assert_eq!(place.sign_in().await.status, StatusCode::SEE_OTHER);
    // One person of the provider is one user.
    let taken = UserChange {
        known_as: Some("Aisha@agency.example".to_owned()),
        ..UserChange::default()
    };
    let refused = people::add(&*place.store, "berik", &taken, "operator", place.now());
    assert!(refused.unwrap_err().to_string().contains("aisha"));
}

#[tokio::test]
async fn people_whom_nobody_added_get_the_role_that_the_file_gives() {
    let place = Place::new(
        "claim = \"email\"\nrole = \"viewer\"\nagencies = [\"police\"]",
        "",
    );
    // The id is somebody's already, and stays that person's.
    place.add("aisha", "administrator", "");
    assert_eq!(place.sign_in().await.status, StatusCode::SEE_OTHER);
    assert_eq!(place.sign_in().await.status, StatusCode::SEE_OTHER);
    let made = place.store.user("aisha-2").unwrap().unwrap();
    assert_eq!(
        (made.role, made.name.as_str()),
        (UserRole::Viewer, "Айша Омарова")
    );
    assert_eq!(made.agencies.iter().next().unwrap().0, "police");
    assert_eq!(place.store.users().unwrap().len(), 2);
    // Who was disabled is not added under another id.
    let off = UserChange {
        is_active: Some(false),
        ..UserChange::default()
    };
    people::change(
        &*place.store,
        "aisha-2",
        &off,
        None,
        "operator",
        place.now(),
    )
    .unwrap();
    assert_eq!(place.sign_in().await.status, StatusCode::FORBIDDEN);
    assert_eq!(place.store.users().unwrap().len(), 2);
}

#[tokio::test]
async fn the_desks_own_second_step_is_asked_for_unless_the_provider_vouches_for_one() {
    let rules = "second_step = [\"officer\"]";
    let place = Place::with_aisha("second_step = [\"mfa\"]", rules);
    // None of either: nothing but the account.
    let session = cookie_of(&place.sign_in().await, "sid");
    let sent = place.get("/cases", &session).await;
    assert_eq!(sent.header("location"), "/account");
    // The provider's own counts where the file says so.
    place.mood(|mood| mood.methods = &["pwd", "mfa"]);
    let session = cookie_of(&place.sign_in().await, "sid");
    assert_eq!(place.get("/cases", &session).await.status, StatusCode::OK);
    // The desk's own.
    place.mood(|mood| mood.methods = &["pwd"]);
    let secret = SecondStep::fresh("aisha").unwrap().secret;
    let user = User {
        second_step: Some(secret.clone()),
        ..place.store.user("aisha").unwrap().unwrap()
    };
    place
        .store
        .put_user(&user, "operator", place.now())
        .unwrap();
    let asked = place.sign_in().await;
    assert_eq!(asked.header("location"), "/sign-in/code");
    assert_eq!(cookie_of(&asked, "sid"), "");
    let cookie = cookie_of(&asked, "away");
    let form = place.get("/sign-in/code", &cookie).await;
    assert!(form.body.contains("name=\"code\""));
    let wrong = place
        .post("/sign-in/code", &cookie, &[("code", "000000")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let given = code(&secret, place.now());
    let right = place
        .post("/sign-in/code", &cookie, &[("code", &given)])
        .await;
    assert_eq!(
        (right.status, right.header("location")),
        (StatusCode::SEE_OTHER, "/saved")
    );
    let session = cookie_of(&right, "sid");
    assert_eq!(place.get("/cases", &session).await.status, StatusCode::OK);
    // The way there is used up, and who did not begin it has none.
    let again = place
        .post("/sign-in/code", &cookie, &[("code", &given)])
        .await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    let none = place.get("/sign-in/code", "").await;
    assert_eq!(none.header("location"), "/sign-in");
}

#[tokio::test]
async fn a_browser_is_sent_nowhere_without_tls_and_a_desk_without_a_provider_has_no_button() {
    let place = Place::with_aisha("", "");
    let log = std::fs::read(place.folder.path().join("audit.head")).unwrap_or_default();
    assert!(!String::from_utf8_lossy(&log).contains("canary"));
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::from(store::open(folder.path()).unwrap());
    let desk = bare_desk(folder.path(), &store, Gate::default());
    let bare = router(Arc::new(desk));
    let request = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    let page = bare.clone().oneshot(request("/sign-in")).await.unwrap();
    let bytes = axum::body::to_bytes(page.into_body(), 1 << 20).await;
    assert!(!String::from_utf8_lossy(&bytes.unwrap()).contains("/sign-in/provider"));
    let sent = bare.oneshot(request("/sign-in/provider")).await.unwrap();
    assert_eq!(sent.status(), StatusCode::NOT_FOUND);
}

#[test]
fn mistakes_of_the_table_are_told_by_their_key() {
    let web = "[web]\norigin = \"https://desk.example\"\n";
    let oidc = "[oidc]\nissuer = \"https://id.example\"\nclient_id = \"desk\"\n";
    let cases = [
        (oidc.to_owned(), "oidc: needs `origin` of [web]"),
        (format!("{web}[oidc]\n"), "oidc.issuer: is missing"),
        (format!("{web}[oidc]\n"), "oidc.client_id: is missing"),
        (
            format!(
                "{web}[oidc]\nissuer = \"http://id.example\"\nclient_id = \"desk\"\nallow_private_addresses = true\n"
            ),
            "oidc.issuer: must start with https://",
        ),
        (
            format!("{web}{oidc}client_secret = \"canary\"\n"),
            "oidc.client_secret: unknown key",
        ),
        (
            format!("{web}{oidc}client_secret_env = \"can ary\"\n"),
            "oidc.client_secret_env: must be the name",
        ),
        (
            format!("{web}{oidc}role = \"administrator\"\n"),
            "oidc.role: `administrator` is not given",
        ),
        (
            format!("{web}{oidc}agencies = [\"police\"]\n"),
            "oidc.agencies: is of use only beside `role`",
        ),
        (
            format!("{web}{oidc}role = \"viewer\"\nagencies = [\"nobody\"]\n"),
            "oidc.agencies[0]: no source of this file has the id `nobody`",
        ),
        (
            format!("{web}{oidc}scopes = [\"a b\"]\n"),
            "oidc.scopes[0]: `a b` must be one word",
        ),
        (
            format!("{web}{oidc}claim = \"\"\n"),
            "oidc.claim: must not be empty",
        ),
    ];
    for (text, wanted) in cases {
        let errors = Config::parse(&text, Path::new("sources.toml")).unwrap_err();
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let all = errors.join("\n");
        assert!(all.contains(wanted), "{wanted}: {all}");
        assert!(!all.contains("canary"), "{all}");
    }
    let config = Config::parse(&format!("{web}{oidc}"), Path::new("sources.toml")).unwrap();
    let oidc = config.oidc.clone().unwrap();
    assert_eq!((oidc.claim.as_str(), oidc.given), ("sub", None));
    assert_eq!(oidc.name.values().next().unwrap(), "id.example");
    assert!(!format!("{config:?}").contains("canary"));
}
