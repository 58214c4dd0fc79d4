//! `serve`: the pages and the API on a loopback port.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use super::Outcome;
use super::args::{self, Args};
use super::collect::{config_if_there, runtime};
use super::stored::{existing, names};
use super::{output, saved};
use crate::config::Config;
use crate::index::Index;
use crate::pipeline::letters::Room;
use crate::serve::{self, Desk};
use crate::store;

/// Serves until Ctrl-C.
pub(super) fn serve(args: &Args, options: &args::Serve) -> anyhow::Result<Outcome> {
    let desk = desk(&args.data, config_if_there(args)?)?;
    runtime()?.block_on(until_interrupted(desk, options.port))?;
    Ok(Outcome::Fine)
}

/// What the pages read from a data folder.
pub(super) fn desk(data: &Path, config: Config) -> anyhow::Result<Desk> {
    let store = store::open_desk(existing(data)?)?;
    let names = names(&*store)?;
    let rules = config.cases.clone();
    let desk = Desk::new(Arc::from(store), Index::open(data)?, names, rules);
    Ok(desk.with_letters(letters(config)))
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
