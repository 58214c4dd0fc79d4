//! `run`: everything that goes on until Ctrl-C or SIGTERM.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::Utc;
use tokio::sync::watch;

use super::args::{self, Args};
use super::collect::{config, runtime};
use super::stored::names;
use super::{Outcome, output, saved, web};
use crate::crawl::Clock;
use crate::pipeline::{Daemon, Heard, Workspace};
use crate::serve::draft::Checker;
use crate::serve::signin::Gate;
use crate::serve::{self, Desk};

/// How long what is under way may take to end after a stop; what takes longer is cut off and done by the next start.
const GRACE: Duration = Duration::from_secs(4);

/// Goes on until it is stopped.
pub(super) fn run(args: &Args, options: &args::Serve) -> anyhow::Result<Outcome> {
    let config = config(&args.config)?;
    let workspace = Arc::new(Workspace::open(config, &args.data)?);
    let runtime = runtime()?;
    let ended = runtime.block_on(until_stopped(workspace, options.port));
    // Work on the processor cannot be cut off; the end of the process ends it.
    runtime.shutdown_background();
    ended.map(|()| Outcome::Fine)
}

/// The daemon and the pages.
async fn until_stopped(workspace: Arc<Workspace>, port: u16) -> anyhow::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let sender = saved::sender(&workspace.config.alerts)?;
    let desk = Desk::new(
        Arc::clone(&workspace.store),
        workspace.index.clone(),
        names(&*workspace.store)?,
        workspace.config.cases.clone(),
        Gate::new(workspace.config.web.clone(), Utc::now),
    );
    let checker: Arc<dyn Checker> = Arc::clone(&workspace) as _;
    let letters = web::letters(workspace.config.clone());
    let desk = web::with_provider(desk, &workspace.config)?;
    let desk = web::with_hubs(desk, &workspace.config);
    let desk = desk.with_checker(checker).with_letters(letters);
    let n_sources = workspace.config.enabled().count();
    let daemon = Daemon::new(workspace, Some(sender), Clock::system(), Box::new(hear))?;
    let listener = serve::listen(port)
        .await
        .with_context(|| format!("cannot open port {port} on 127.0.0.1"))?;
    let address = listener.local_addr()?;
    output::message(&format!(
        "crawling {n_sources} sources; the cases stand at http://{address}/ until Ctrl-C"
    ));
    web::say_setup(&*desk.store, &desk.gate.web, address)?;
    let pages = serve::serve(listener, Arc::new(desk), until(stopped.clone()));
    let work = async {
        let daemon = async { daemon.run(stopped.clone()).await };
        let pages = async { pages.await.context("the port failed") };
        tokio::try_join!(daemon, pages).map(|_| ())
    };
    let in_time = async {
        interrupted().await?;
        // Nobody listens any more when everything has ended.
        let _ = stop.send(true);
        tokio::time::sleep(GRACE).await;
        anyhow::Ok(())
    };
    tokio::select! {
        done = work => done,
        late = in_time => late,
    }
}

/// Ends when a stop was asked for.
async fn until(mut stopped: watch::Receiver<bool>) {
    // A sender that is gone asks for a stop too.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// Waits for Ctrl-C or SIGTERM.
async fn interrupted() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut term = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
        tokio::select! {
            asked = tokio::signal::ctrl_c() => asked.context("cannot wait for Ctrl-C"),
            _ = term.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    {
        tokio::signal::ctrl_c()
            .await
            .context("cannot wait for Ctrl-C")
    }
}

/// Says what was done, on stderr.
fn hear(heard: Heard) {
    match heard {
        Heard::TakenIn(summary) => tracing::info!(
            n_read = summary.read,
            n_new = summary.new,
            n_changed = summary.changed,
            "{} pages read: {} new, {} changed",
            summary.read,
            summary.new,
            summary.changed
        ),
        Heard::Told(told) => saved::say(&told),
        Heard::Untold(why) => output::message(&format!("aigaq: nobody was told: {why}")),
    }
}
