//! `serve`: the pages and the API on a loopback port.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use chrono::Utc;

use super::Outcome;
use super::args::{self, Args};
use super::collect::{config_if_there, runtime};
use super::stored::{existing, names};
use super::{output, saved};
use crate::config::{Config, WebConfig};
use crate::index::Index;
use crate::pipeline::letters::Room;
use crate::pipeline::{Workspace, hubs, provider};
use crate::serve::signin::{Gate, first};
use crate::serve::{self, Desk};
use crate::store::{self, Store};

/// Serves until Ctrl-C.
pub(super) fn serve(args: &Args, options: &args::Serve) -> anyhow::Result<Outcome> {
    let desk = desk(&args.data, config_if_there(args)?)?;
    runtime()?.block_on(until_interrupted(desk, options.port))?;
    Ok(Outcome::Fine)
}

/// What the pages read from a data folder.
pub(super) fn desk(data: &Path, config: Config) -> anyhow::Result<Desk> {
    let store: Arc<dyn Store> = Arc::from(store::open_desk(existing(data)?)?);
    let names = names(&*store)?;
    let index = Index::open(data)?;
    let checker = Workspace::beside(data, Arc::clone(&store), index.clone())?;
    let gate = Gate::new(config.web.clone(), Utc::now);
    let desk = Desk::new(store, index, names, config.cases.clone(), gate);
    let desk = with_hubs(with_provider(desk, &config)?, &config);
    Ok(desk
        .with_checker(Arc::new(checker))
        .with_letters(letters(config)))
}

/// The same desk with the provider of sign-in of a configuration, where it names one.
pub(super) fn with_provider(desk: Desk, config: &Config) -> anyhow::Result<Desk> {
    Ok(match provider::of(config)? {
        Some(provider) => desk.with_provider(Arc::new(provider)),
        None => desk,
    })
}

/// The same desk with somebody who answers hubs, where a configuration says how they reach it.
pub(super) fn with_hubs(desk: Desk, config: &Config) -> Desk {
    match config.web.hub_callback {
        Some(_) => {
            let room = hubs::Room::new(Arc::clone(&desk.store));
            desk.with_hubs(Arc::new(room))
        }
        None => desk,
    }
}

/// What writes and sends letters for the pages.
pub(super) fn letters(config: Config) -> Box<Room> {
    // Pages are of use without mail: what is missing is said, and letters are marked as sent by hand.
    let sender = saved::sender(&config.alerts)
        .inspect_err(|why| output::message(&format!("aigaq: no letter leaves by mail: {why:#}")))
        .ok();
    Box::new(Room::new(config, sender))
}

/// Serves a desk until Ctrl-C and says where.
pub(super) async fn until_interrupted(desk: Desk, port: u16) -> anyhow::Result<()> {
    let listener = serve::listen(port)
        .await
        .with_context(|| format!("cannot open port {port} on 127.0.0.1"))?;
    let address = listener.local_addr()?;
    output::message(&format!(
        "the cases stand at http://{address}/ until Ctrl-C"
    ));
    say_setup(&*desk.store, &desk.gate.web, address)?;
    let interrupted = async {
        // Without a signal to wait for, the pages stay up until the process is ended.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    serve::serve(listener, Arc::new(desk), interrupted)
        .await
        .context("the port failed")
}

/// Where nobody can sign in yet, makes a link for the first administrator and says it.
pub(super) fn say_setup(
    store: &dyn Store,
    web: &WebConfig,
    address: SocketAddr,
) -> anyhow::Result<()> {
    let path = first::setup_path(store, Utc::now()).map_err(|cause| anyhow!(cause))?;
    if let Some(path) = path {
        let place = web.origin.clone();
        let place = place.unwrap_or_else(|| format!("http://{address}"));
        output::message(&format!(
            "nobody can sign in yet; this link sets up the first administrator, once and within {} hours:\n{place}{path}",
            first::LINK_HOURS
        ));
    }
    Ok(())
}
