//! Turns the command line into calls of the library, and errors into messages and exit statuses.
//!
//! Data goes to stdout, messages to stderr. Exit status 0: done; 1: `check`, `sources check` or `verify-audit` found
//! something wrong with what was checked; 2: an error of use or of the machine. A reader that closes the
//! pipe is content, not an error. Clocks and terminals are read here, so that the stages need neither.

mod args;
mod cases;
mod collect;
mod demo;
mod evidence;
mod import;
mod letters;
mod output;
mod people;
mod reading;
mod reports;
mod run;
mod saved;
mod search;
mod sources;
mod stored;
mod verify;
mod views;
mod web;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};
use output::Out;

use crate::pipeline::apart;

/// What a command found out about what it checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Done; nothing is wrong with what was checked.
    Fine,
    /// Something is wrong with what was checked.
    Wrong,
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let args = Args::parse();
    start_log();
    let args = match args.settled() {
        Ok(args) => args,
        Err(error) => {
            output::message(&format!("aigaq: {error:#}"));
            return ExitCode::from(2);
        }
    };
    if let Ok(program) = std::env::current_exe() {
        apart::read_files_by(program);
    }
    let mut out = Out::new();
    let result = run(&args, &mut out).and_then(|outcome| {
        out.flush()?;
        Ok(outcome)
    });
    match result {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Wrong) => ExitCode::from(1),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::message(&format!("aigaq: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Runs one command.
fn run(args: &Args, out: &mut Out) -> anyhow::Result<Outcome> {
    match &args.command {
        Command::Demo(demo) => demo::run(demo, out),
        Command::Crawl(crawl) => collect::crawl(args, crawl, out),
        Command::Import(import) => import::run(args, import, out),
        Command::Run(options) => run::run(args, options),
        Command::Serve(serve) => web::serve(args, serve),
        Command::Extract(extract) => reading::extract(extract, out),
        Command::Analyze(analyze) => reading::analyze(analyze, out),
        Command::Claims(claims) => reading::claims(claims, out),
        Command::Verify => verify::run(out),
        Command::Check(check) => stored::check(args, check, out),
        Command::Findings(findings) => stored::findings(args, findings, out),
        Command::Cases(cases) => cases::cases(args, cases, out),
        Command::Digest(digest) => reports::digest(args, digest, out),
        Command::Case(case) => match &case.bundle {
            Some(to) => evidence::pack_case(args, &case.id, to),
            None => cases::case(args, case, out),
        },
        Command::User { command } => people::user(args, command, out),
        Command::Token { command } => people::token(args, command, out),
        Command::VerifyAudit(verify) => people::verify_audit(args, verify, out),
        Command::VerifyBundle { file, authorities } => {
            evidence::verify_bundle(args, file, authorities.as_deref(), out)
        }
        Command::VerifyWarc { files } => evidence::verify_warc(args, files, out),
        Command::Prune { dry_run } => evidence::prune(args, *dry_run, out),
        Command::Letter(letter) => letters::letter(args, letter, out),
        Command::Letters { command } => letters::letters(args, command, out),
        Command::Deadlines(deadlines) => letters::deadlines(args, deadlines, out),
        Command::Changes { url } => stored::changes(args, url, out),
        Command::Saved { command } => saved::saved(args, command, out),
        Command::Views { command } => views::views(args, command, out),
        Command::Search(search) => search::search(args, search, out),
        Command::ReadFile => reading::file(),
        Command::Recheck => stored::recheck(args, out),
        Command::Reindex => stored::reindex(args, out),
        Command::Sources { why: Some(url), .. } => sources::why(args, url, out),
        Command::Sources { command, .. } => sources::run(args, command.as_ref(), out),
    }
}

/// Sends events to stderr: warnings unless `RUST_LOG` asks for more.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,html5ever=error,aigaq=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal() && output::wants_colour())
        .without_time()
        .with_target(false)
        .init();
}
