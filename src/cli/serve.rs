//! `rattache serve`.

use std::process::ExitCode;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::CliError;
use super::args::ServeArgs;
use super::revision::knowledge;
use super::words::{Talk, say};
use crate::domain::{French as _, Language, Told};
use crate::http::{self, State};
use crate::store::Store;

/// Serves until it is told to stop: SIGTERM or SIGINT ends it once running answers are done, SIGHUP takes the atlas anew.
pub fn run(asked: &ServeArgs, lang: Language) -> Result<ExitCode, CliError> {
    start_log(asked.log_requests);
    let atlas = super::load(asked.atlas.as_deref(), lang)?;
    let options = http::Options { log_language: lang, ..http::Options::default() };
    let state = State::new(atlas, asked.atlas.clone(), options)?;
    if let Some(path) = &asked.store {
        state.keep_revisions(Store::open(path)?)?;
    }
    if asked.tables.any() {
        let tables = asked.tables.clone();
        let outfit: Box<http::Outfit> = Box::new(move |units, facts| {
            knowledge::take(&tables, units, facts, &mut Talk::new(lang, &mut std::io::stderr())).map_err(Told::new)
        });
        state.equip(outfit).map_err(CliError::Tables)?;
    }
    let failed = |source| CliError::Serve { address: asked.bind, source };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(asked.bind).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        tokio::spawn(reload_on_hangup(Arc::clone(&state), lang));
        match lang {
            Language::French => tracing::info!("à l'écoute sur http://{address}"),
            Language::English => tracing::info!("serving on http://{address}"),
        }
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        };
        http::serve(listener, state, stop).await.map_err(failed)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Talk goes to standard error. Neither it nor the access log ever holds a query or a body.
fn start_log(requests: bool) {
    let access = if requests { LevelFilter::INFO } else { LevelFilter::OFF };
    let targets = Targets::new().with_default(LevelFilter::INFO).with_target(http::ACCESS_LOG, access);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    // A log that is there already, as in tests, stays.
    tracing_subscriber::registry().with(lines).with(targets).try_init().ok();
}

async fn reload_on_hangup(state: Arc<State>, lang: Language) {
    let Ok(mut hangups) = signal(SignalKind::hangup()) else { return };
    while hangups.recv().await.is_some() {
        let state = Arc::clone(&state);
        match tokio::task::spawn_blocking(move || state.reload(None)).await {
            Ok(Ok(reloaded)) => match lang {
                Language::French => tracing::info!("atlas {} pris", reloaded.checksum),
                Language::English => tracing::info!("atlas {} taken", reloaded.checksum),
            },
            Ok(Err(error)) if lang == Language::French => {
                tracing::error!("l'atlas n'a pas été pris : {}", error.french())
            }
            Ok(Err(error)) => {
                let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
                tracing::error!("the atlas was not taken, the one before stays: {error}{cause}");
            }
            Err(_) => {
                let words = say(
                    lang,
                    "la prise de l'atlas a échoué, le précédent reste",
                    "taking the atlas failed, the one before stays",
                );
                tracing::error!("{words}");
            }
        }
    }
}
