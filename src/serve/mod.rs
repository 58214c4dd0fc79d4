//! Shows cases, findings and search over HTTP: pages for people that work without scripts, JSON for programs.
//!
//! The reader's side, the saved searches, and the steps that people take on cases. Pages are rendered on the server, everything
//! foreign in them is escaped, and the content security policy allows no inline script or style at all. Who may use which route
//! stands in one table ([`access::RIGHTS`]); people sign in ([`signin`]), programs have tokens, and [`listen`] opens loopback only.

pub mod access;
mod admin;
mod api;
mod assets;
mod charts;
pub mod desk;
pub mod draft;
mod error;
mod exports;
pub mod fiction;
pub mod files;
mod forms;
mod html;
pub mod hubs;
pub mod letter_steps;
pub mod letters;
mod metrics;
mod openapi;
mod pages;
pub mod people;
mod place;
mod preferences;
pub mod queue_views;
mod repeat;
mod saved;
mod search;
mod shell;
pub mod signin;
mod steps;
pub mod token;
mod unsent;
mod words;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

pub use exports::EXPORTS_AT_ONCE;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{delete, get, patch, post};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::csrf::CsrfLayer;

use self::repeat::Repeats;
use crate::config::CaseConfig;
use crate::index::Index;
use crate::model::Case;
use crate::report::text::Names;
use crate::store::{Held, Store, StoreError};

/// What the pages are made of.
pub struct Desk {
    /// The ground truth.
    pub store: Arc<dyn Store>,
    /// The search index.
    pub index: Index,
    /// The sources by id.
    pub names: Names,
    /// How cases are worked on.
    pub rules: CaseConfig,
    /// What signing in keeps in memory.
    pub gate: signin::Gate,
    /// Who holds drafts against the record; `None` where nobody can.
    checker: Option<Arc<dyn draft::Checker>>,
    /// What writes and sends letters; `None` where this process has none.
    letter_room: Option<Box<dyn letters::LetterRoom>>,
    /// At whom people may sign in besides with a password; `None` for nobody.
    provider: Option<Arc<dyn signin::provider::Provider>>,
    /// Who looks after subscriptions at hubs; `None` where no hub is asked.
    hubs: Option<Arc<dyn hubs::Hubs>>,
    /// Writes that were answered.
    repeats: Repeats,
    /// Exports that are being sent.
    exporting: Arc<Semaphore>,
    /// What was last reckoned of them.
    ranked: Held<pages::queue::Ranked, { pages::queue::RANKED_OF }>,
}

impl Desk {
    /// A desk over a store and its index.
    pub fn new(
        store: Arc<dyn Store>,
        index: Index,
        names: Names,
        rules: CaseConfig,
        gate: signin::Gate,
    ) -> Desk {
        Desk {
            store,
            index,
            names,
            rules,
            gate,
            checker: None,
            letter_room: None,
            provider: None,
            hubs: None,
            repeats: Repeats::default(),
            exporting: Arc::new(Semaphore::new(exports::EXPORTS_AT_ONCE)),
            ranked: Held::default(),
        }
    }

    /// The same desk, with somebody who holds drafts against the record.
    #[must_use]
    pub fn with_checker(mut self, checker: Arc<dyn draft::Checker>) -> Desk {
        self.checker = Some(checker);
        self
    }

    /// The same desk, with what writes and sends letters.
    #[must_use]
    pub fn with_letters(mut self, room: Box<dyn letters::LetterRoom>) -> Desk {
        self.letter_room = Some(room);
        self
    }

    /// The same desk, with a provider at which people may sign in.
    #[must_use]
    pub fn with_provider(mut self, provider: Arc<dyn signin::provider::Provider>) -> Desk {
        self.provider = Some(provider);
        self
    }

    /// The same desk, with somebody who looks after subscriptions at hubs.
    #[must_use]
    pub fn with_hubs(mut self, hubs: Arc<dyn hubs::Hubs>) -> Desk {
        self.hubs = Some(hubs);
        self
    }

    /// The cases that somebody sees, by id.
    ///
    /// # Errors
    /// When the store fails.
    fn seen(&self, sight: &access::Sight) -> Result<Arc<Vec<Case>>, StoreError> {
        let cases = self.store.cases()?;
        if sight.is_whole() {
            return Ok(cases);
        }
        let seen = cases.iter().filter(|case| sight.sees(case));
        Ok(Arc::new(seen.cloned().collect()))
    }
}

/// The desk as handlers share it.
type Shared = State<Arc<Desk>>;

/// Nothing may be loaded but the program's own files, nothing inline is obeyed, and nothing may frame or embed it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// All routes.
pub fn router(desk: Arc<Desk>) -> Router {
    let check_limit = DefaultBodyLimit::max(pages::check::MAX_BODY_BYTES);
    let hub_limit = DefaultBodyLimit::max(hubs::MAX_BODY_BYTES);
    let unsent_limit = DefaultBodyLimit::max(unsent::MAX_BODY_BYTES);
    Router::new()
        .route("/", get(|| async { Redirect::to("/cases") }))
        .route("/cases", get(pages::queue::page).post(pages::queue::bulk))
        .route("/cases/news", get(pages::queue::news))
        .route(
            "/cases/views",
            get(pages::queue::views_page).post(pages::queue::views_act),
        )
        .route("/cases/export/{file}", get(pages::queue::export))
        .route("/cases/{id}", get(pages::case::page))
        .route("/cases/{id}/steps", post(pages::steps::post))
        .route("/search", get(pages::search::page))
        .route("/overview", get(pages::overview::page))
        .route(
            "/check",
            get(pages::check::form)
                .post(pages::check::post)
                .layer(check_limit),
        )
        .route("/api/v1/check", post(pages::check::api).layer(check_limit))
        .route("/unsent", post(unsent::post).layer(unsent_limit))
        .route("/sources", get(pages::sources::list))
        .route("/sources/{id}", get(pages::sources::one))
        .route("/api/docs", get(openapi::page))
        .route("/api/v1/openapi.json", get(openapi::document))
        .route("/api/v1/cases", get(api::cases))
        .route("/api/v1/cases/{id}", get(api::case))
        .route("/api/v1/cases/{id}/steps", post(steps::post))
        .route("/api/v1/cases/{id}/claim-review", get(api::review))
        .merge(letters::routes())
        .route("/api/v1/exports/{file}", get(api::export))
        .route("/api/v1/digest", get(api::digest))
        .route("/api/v1/findings", get(api::findings))
        .route("/api/v1/search", get(search::api))
        .route("/api/v1/search/export", get(exports::export))
        .route("/api/v1/search/manifest", get(exports::manifest))
        .route(
            "/api/v1/views",
            get(queue_views::list).post(queue_views::post),
        )
        .route(
            "/api/v1/views/{id}",
            axum::routing::patch(queue_views::patch).delete(queue_views::delete),
        )
        .route("/api/v1/saved", get(saved::list))
        .route("/api/v1/saved/preview", get(saved::preview))
        .route(
            "/api/v1/saved/{name}",
            get(saved::show).put(saved::put).delete(saved::remove),
        )
        .route("/api/v1/saved/{name}/resume", post(saved::resume))
        .route(
            "/api/v1/saved/{name}/feed",
            post(saved::feed).delete(saved::revoke),
        )
        .route("/saved", get(pages::saved::page).post(pages::saved::act))
        .route("/publications", get(pages::publication::page))
        .route("/records", get(pages::record::page))
        .route("/feeds/{file}", get(search::feed))
        .route(
            "/sign-in",
            get(signin::pages::sign_in_page).post(signin::pages::sign_in),
        )
        .route("/sign-in/provider", get(signin::provider::depart))
        .route("/sign-in/return", get(signin::provider::arrive))
        .route(
            "/sign-in/code",
            get(signin::provider::code_page).post(signin::provider::code),
        )
        .route("/sign-out", post(signin::farewell::sign_out))
        .route("/sign-out/return", get(signin::farewell::left))
        .route(
            "/setup",
            get(signin::pages::setup_page).post(signin::pages::redeem),
        )
        .route(
            "/link",
            get(signin::pages::link_page).post(signin::pages::redeem),
        )
        .route("/account", get(signin::account::page))
        .route("/account/password", post(signin::account::change_password))
        .route("/account/second-step", post(signin::account::second_step))
        .route("/account/sessions", post(signin::account::sessions))
        .route("/account/preferences", post(signin::account::preferences))
        .route("/admin", get(admin::users::list))
        .route("/admin/users", post(admin::users::add))
        .route(
            "/admin/users/{id}",
            get(admin::users::one).post(admin::users::change),
        )
        .route("/admin/roles", get(admin::about::roles))
        .route(
            "/admin/tokens",
            get(admin::tokens::page).post(admin::tokens::act),
        )
        .route(
            "/admin/audit",
            get(admin::log::page).post(admin::log::verify),
        )
        .route("/admin/audit/export", get(admin::log::export))
        .route("/admin/files", get(admin::files::list))
        .route(
            "/admin/files/{name}",
            get(admin::files::one).post(admin::files::post),
        )
        .route("/admin/about", get(admin::about::page))
        .route(
            "/api/v1/users",
            get(admin::api::users).post(admin::api::add_user),
        )
        .route("/api/v1/users/{id}", patch(admin::api::change_user))
        .route(
            "/api/v1/tokens",
            get(admin::api::tokens).post(admin::api::add_token),
        )
        .route("/api/v1/tokens/{id}", delete(admin::api::revoke_token))
        .route("/api/v1/audit", get(admin::api::audit))
        .route(
            "/hubs/{token}",
            get(hubs::verify).post(hubs::notify).layer(hub_limit),
        )
        .route("/metrics", get(metrics::get))
        .route("/health/ready", get(ready))
        .route("/health/live", get(|| async { "ok\n" }))
        .route("/language/{code}", get(preferences::language))
        .route("/theme/{theme}", get(preferences::theme))
        .route("/assets/{*path}", get(assets::get))
        .fallback(|| async { error::Error::NotFound("nothing stands at this address") })
        .layer(middleware::from_fn_with_state(
            Arc::clone(&desk),
            repeat::once,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&desk),
            access::guard,
        ))
        .layer(no_foreign_pages(&desk))
        .layer(middleware::from_fn(access::tokens_are_no_browsers))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&desk),
            error::dress,
        ))
        .layer(middleware::from_fn(headers))
        .with_state(desk)
}

/// Opens a port on loopback; 0 takes a free one.
///
/// # Errors
/// When the port is taken.
pub async fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Serves until `until` ends, and lets requests under way finish.
///
/// # Errors
/// When the port fails.
pub async fn serve(
    listener: TcpListener,
    desk: Arc<Desk>,
    until: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(desk).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(until)
        .await
}

/// Refuses changes that a page of another origin asks for.
fn no_foreign_pages(
    desk: &Desk,
) -> CsrfLayer<impl Fn(tower_http::csrf::ProtectionError) -> Response + Clone + use<>> {
    let mut layer = CsrfLayer::new();
    if let Some(origin) = &desk.gate.web.origin {
        // Behind a proxy the host may be another than browsers name. The configuration holds no origin that is none.
        layer = layer.clone().add_trusted_origin(origin).unwrap_or(layer);
    }
    layer.with_rejection_response(|_| error::Error::Foreign.page())
}

/// Whether the store answers.
async fn ready(axum::extract::State(desk): Shared) -> Response {
    let asked = pages::off_thread(move || Ok(desk.store.last_sequence()?)).await;
    match asked {
        Ok(_) => "ok\n".into_response(),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the store does not answer\n",
        )
            .into_response(),
    }
}

/// Adds the headers that every answer carries.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // A page whose address is a secret asks for more.
    headers
        .entry(header::REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("same-origin"));
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
