//! `rattache serve`.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::Arc;

use sd_notify::NotifyState;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::CliError;
use super::args::{LogFormat, ServeArgs};
use super::revision::knowledge;
use super::words::{Talk, say};
use crate::access::{Access, Caller, KeyRing, Role, Strangers};
use crate::domain::{French as _, Language, Told};
use crate::export::CoordinateSystem;
use crate::http::{self, State, System};
use crate::import::Crs;
use crate::store::Store;

/// Serves until it is told to stop: SIGTERM or SIGINT ends it once running answers are done, SIGHUP takes the atlas anew.
pub fn run(asked: &ServeArgs, lang: Language) -> Result<ExitCode, CliError> {
    start_log(asked.log_format, asked.log_requests);
    let access = access(asked)?;
    let atlas = super::load(asked.atlas.as_deref(), lang)?;
    let options = asked.bounds.options(lang);
    let state = State::new(atlas, asked.atlas.clone(), options)?;
    state.set_systems(Box::new(system));
    if let Some(url) = &asked.public_url {
        state.set_public_url(url.clone());
    }
    state.set_access(access);
    let tls = asked.bounds.tls()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    if let Some(tls) = tls {
        state.set_tls(tls);
    }
    state.set_front(asked.bounds.front(asked.bind));
    if let Some(folder) = &asked.bounds.atlas_folder {
        state.set_atlas_folder(folder.clone());
    }
    if let Some(path) = &asked.store {
        state.keep_revisions(Store::open(path)?.with_quotas(asked.bounds.quotas()))?;
    }
    if asked.tables.any() {
        let tables = asked.tables.clone();
        let outfit: Box<http::Outfit> = Box::new(move |atlas, bench| {
            knowledge::take(&tables, atlas, bench, &mut Talk::new(lang, &mut std::io::stderr())).map_err(Told::new)
        });
        state.equip(outfit).map_err(CliError::Tables)?;
    }
    let failed = |source| CliError::Serve { address: asked.bind, source };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(asked.bind).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        tokio::spawn(reload_on_hangup(Arc::clone(&state), lang));
        match lang {
            Language::French => tracing::info!("à l'écoute sur {scheme}://{address}"),
            Language::English => tracing::info!("serving on {scheme}://{address}"),
        }
        tell_manager(&[NotifyState::Ready]);
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            tell_manager(&[NotifyState::Stopping]);
        };
        http::serve(listener, state, stop).await.map_err(failed)
    });
    // Work that goes on is for nobody: the process does not wait for it.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    served?;
    Ok(ExitCode::SUCCESS)
}

/// A projected system by its EPSG code.
fn system(code: u32) -> Option<System> {
    let crs = Crs::new(&format!("EPSG:{code}"));
    let (description, projection) = (crs.describe().ok()?, Arc::new(crs.projection().ok()?));
    // Systems of degrees have their latitude first, which nobody here does.
    let writer = (!description.geographic).then(|| CoordinateSystem::new(description, projection.clone()))?;
    Some(System { projector: projection, writer })
}

/// Who may ask what. Where others than the machine itself reach the address, nobody is let in without a key unless told.
fn access(asked: &ServeArgs) -> Result<Access, CliError> {
    let near = asked.bind.ip().to_canonical().is_loopback();
    if asked.local_planner && !near {
        return Err(CliError::LocalPlanner { address: asked.bind });
    }
    let has_keys = asked.keys.is_some() || asked.bounds.oidc_issuer.is_some();
    if !near && !has_keys && !asked.allow_anonymous_lookup {
        return Err(CliError::OpenToStrangers { address: asked.bind });
    }
    let strangers = if asked.local_planner {
        Strangers::Near(Caller::new("local", Role::Planner))
    } else if asked.allow_anonymous_lookup {
        Strangers::may_look_up()
    } else if near && !asked.require_key && asked.bounds.trusted_proxy.is_empty() {
        return with_keys(Access::default(), asked);
    } else {
        Strangers::None
    };
    with_keys(Access::new(strangers), asked)
}

fn with_keys(access: Access, asked: &ServeArgs) -> Result<Access, CliError> {
    let access = match &asked.keys {
        Some(path) => access.with_keys(KeyRing::open(path)?),
        None => access,
    };
    Ok(match asked.bounds.tokens()? {
        Some(tokens) => access.with_tokens(tokens),
        None => access,
    })
}

/// Tells the service manager (systemd, `Type=notify-reload`) of a change of state; does nothing where there is none.
fn tell_manager(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!("{error}");
    }
}

/// The log goes to standard error, in colour on a terminal only and never where `NO_COLOR` is set (<https://no-color.org>).
/// No line of it ever holds a query or a body.
fn start_log(format: LogFormat, requests: bool) {
    let access = if requests { LevelFilter::INFO } else { LevelFilter::OFF };
    let targets = Targets::new().with_default(LevelFilter::INFO).with_target(http::ACCESS_LOG, access);
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colour);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    // A log that is there already, as in tests, stays.
    tracing_subscriber::registry().with(lines.with_filter(targets)).try_init().ok();
}

async fn reload_on_hangup(state: Arc<State>, lang: Language) {
    let Ok(mut hangups) = signal(SignalKind::hangup()) else { return };
    while hangups.recv().await.is_some() {
        let state = Arc::clone(&state);
        match NotifyState::monotonic_usec_now() {
            Ok(now) => tell_manager(&[NotifyState::Reloading, now]),
            Err(error) => tracing::warn!("{error}"),
        }
        match tokio::task::spawn_blocking(move || state.reload(None)).await {
            Ok(Ok(reloaded)) => match lang {
                Language::French => tracing::info!("atlas {} pris", reloaded.checksum),
                Language::English => tracing::info!("atlas {} taken", reloaded.checksum),
            },
            Ok(Err(error)) if lang == Language::French => {
                tracing::error!("l'atlas n'a pas été pris : {}", error.french());
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
        tell_manager(&[NotifyState::Ready]);
    }
}
