//! `bell`: everything the window can do, scriptable.
//!
//! Exit codes are part of the interface: 0 done, 1 failed, 2 usage, 3 sign-in needed, 4 partly done.

mod args;
mod command;
mod exit;
mod mark;
mod output;
mod progress;
mod stop;

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::args::{Args, Command};
use crate::exit::Failure;
use crate::output::Output;
use crate::progress::Share;

fn main() -> ExitCode {
    let args = Args::parse();
    let output = Output { json: args.json };
    let filter = std::env::var("DESKBELL_LOG").unwrap_or_else(|_| "error".into());
    tracing_subscriber::registry()
        .with(
            tracing_subscriber::fmt::layer()
                .with_ansi(std::io::stderr().is_terminal())
                .with_writer(std::io::stderr),
        )
        .with(EnvFilter::new(filter))
        .with(filter_fn(deskbell_desk::may_be_logged))
        .init();
    deskbell_desk::install_tls();
    // One question needs no crew; starting one would take longer than the answer.
    let mut runtime = if args.command.only_reads() {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    let outcome = match runtime.enable_all().build() {
        Ok(runtime) => runtime.block_on(run(args, output)),
        Err(error) => Err(Failure::failed(format!("Deskbell could not start: {error}."))),
    };
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            output.failure(&failure);
            failure.code()
        }
    }
}

async fn run(args: Args, output: Output) -> Result<ExitCode, Failure> {
    let directory = match args.profile {
        Some(directory) => directory,
        None => deskbell_desk::default_directory()?,
    };
    let watch = args.command.runs_the_loops();
    let host = Arc::new(deskbell_api::NoHost);
    let bar = Share::new(output, "Bringing the profile up to date");
    let told = |share| bar.tell(share);
    let only_reads = args.command.only_reads();
    let profile = deskbell_desk::open_telling(&directory, host, only_reads, watch, &told)?;
    bar.end();
    let desk = &profile.desk;
    if let Some(notice) = &desk.notice {
        output.note(notice);
    }
    if !watch && !desk.store.is_read_only() {
        deskbell_api::handlers::accounts::finish_removals(desk).await?;
    }
    let outcome = match args.command {
        Command::Account { action } => command::account::run(desk, output, action).await,
        Command::OauthClient { action } => command::browser::clients(desk, output, action).await,
        Command::Sync { account, watch } => command::sync::run(desk, output, account, watch).await,
        Command::Inbox { view, account, limit, cursor } => {
            command::inbox::run(desk, output, view, account, limit, cursor).await
        }
        Command::Conversation { id } => command::conversation::run(desk, output, id).await,
        Command::Message { id, form } => command::message::run(desk, output, id, form).await,
        Command::Search { query, limit, account } => {
            command::search::run(desk, output, query.join(" "), limit, account).await
        }
        Command::Mark { id, mark } => command::mark::run(desk, output, id, mark).await,
        Command::Send(send) => command::send::run(desk, output, send).await,
        Command::Outbox { action } => command::outbox::run(desk, output, action).await,
        Command::Template { action } => command::template::run(desk, output, action).await,
        Command::Label { action } => command::label::run(desk, output, action).await,
        Command::Rule { action } => command::rule::run(desk, output, action).await,
        Command::Setting { action } => command::setting::run(desk, output, action).await,
        Command::Stats => command::stats::run(desk, output).await,
        Command::Doctor => command::doctor::run(desk, output).await,
        Command::Export { directory } => command::export::run(desk, output, directory).await,
        Command::Erase { account } => command::account::erase(desk, output, account).await,
    };
    profile.close().await;
    outcome
}
