//! `serve`: the pages and the API on a loopback port.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use super::Outcome;
use super::args::{self, Args};
use super::collect::{config_if_there, runtime};
use super::output;
use super::stored::{existing, names};
use crate::config::CaseConfig;
use crate::index::Index;
use crate::pipeline::Workspace;
use crate::serve::{self, Desk};
use crate::store::{self, Store};

/// Serves until Ctrl-C.
pub(super) fn serve(args: &Args, options: &args::Serve) -> anyhow::Result<Outcome> {
    let desk = desk(&args.data, config_if_there(args)?.cases)?;
    runtime()?.block_on(until_interrupted(desk, options.port))?;
    Ok(Outcome::Fine)
}

/// What the pages read from a data folder.
pub(super) fn desk(data: &Path, rules: CaseConfig) -> anyhow::Result<Desk> {
    let store: Arc<dyn Store> = Arc::from(store::open_desk(existing(data)?)?);
    let names = names(&*store)?;
    let index = Index::open(data)?;
    let checker = Workspace::beside(data, Arc::clone(&store), index.clone())?;
    Ok(Desk::new(store, index, names, rules).with_checker(Arc::new(checker)))
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
