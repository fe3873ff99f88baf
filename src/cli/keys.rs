//! `rattache keys`: the keys of the service.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::CliError;
use super::args::ListFormat;
use super::words::Talk;
use crate::access::{KeyFile, KeyRecord, Role};
use crate::domain::{Language, Timestamp, both};

/// The commands on keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a key and show it, once: only its hash is kept.
    Add(AddArgs),
    /// List the keys: who holds which, since when.
    List(ListArgs),
    /// Revoke a key: a running service refuses it within a second.
    Revoke(RevokeArgs),
}

/// Which file.
#[derive(Debug, Args)]
pub struct Kept {
    /// File of keys.
    #[arg(long, value_name = "FILE")]
    pub keys: PathBuf,
}

/// Arguments of `keys add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Name of who holds it, a person or a system: the author of all that is written with it.
    pub name: String,
    /// What it may do: lookup, planner, approver or admin; each may do what those before it may.
    #[arg(long, value_name = "ROLE")]
    pub role: Role,
    /// Where it is kept.
    #[command(flatten)]
    pub kept: Kept,
}

/// Arguments of `keys list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Where they are kept.
    #[command(flatten)]
    pub kept: Kept,
    /// How to write the list.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// Arguments of `keys revoke`.
#[derive(Debug, Args)]
pub struct RevokeArgs {
    /// Identifier of the key, as `keys list` tells it.
    pub id: String,
    /// Where it is kept.
    #[command(flatten)]
    pub kept: Kept,
}

/// Runs `rattache keys`.
pub fn run(command: &KeysCommand, now: Timestamp, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    match command {
        KeysCommand::Add(asked) => add(asked, now, lang, out),
        KeysCommand::List(asked) => list(asked, lang, out),
        KeysCommand::Revoke(asked) => revoke(asked, now, lang),
    }
}

fn add(asked: &AddArgs, now: Timestamp, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let path = &asked.kept.keys;
    let mut file = KeyFile::read_or_new(path)?;
    let key = file.add(&asked.name, asked.role, &now.to_string())?;
    file.write(path)?;
    writeln!(out, "{key}").map_err(CliError::Output)?;
    Talk::new(lang, &mut std::io::stderr()).say(&both!(
        "rôle {} ; la clé n'est gardée nulle part : notez-la maintenant",
        "role {}; the key is kept nowhere: note it now",
        asked.role,
    ));
    Ok(ExitCode::SUCCESS)
}

fn list(asked: &ListArgs, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let file = KeyFile::read(&asked.kept.keys)?;
    let written = match asked.format {
        ListFormat::Json => {
            let all: Vec<serde_json::Value> = file.keys().iter().map(told).collect();
            serde_json::to_writer_pretty(&mut *out, &all).map_err(std::io::Error::from).and_then(|()| writeln!(out))
        }
        ListFormat::Csv => csv(file.keys(), out),
        ListFormat::Text => file.keys().iter().try_for_each(|key| {
            let state = match &key.revoked_at {
                Some(at) => format!("{} {at}", lang.pick("révoquée", "revoked")),
                None => lang.pick("en vigueur", "in force").to_owned(),
            };
            writeln!(out, "{}  {:<9} {}  {}  ({state})", key.id, key.role.as_str(), key.created_at, key.name)
        }),
    };
    written.map_err(CliError::Output)?;
    Ok(ExitCode::SUCCESS)
}

fn csv(keys: &[KeyRecord], out: &mut dyn Write) -> std::io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["id", "name", "role", "created_at", "revoked_at"])?;
    for key in keys {
        let revoked = key.revoked_at.as_deref().unwrap_or_default();
        table.write_record([key.id.as_str(), &key.name, key.role.as_str(), &key.created_at, revoked])?;
    }
    table.flush()
}

/// A key without its hash.
fn told(key: &KeyRecord) -> serde_json::Value {
    serde_json::json!({
        "id": key.id, "name": key.name, "role": key.role, "created_at": key.created_at, "revoked_at": key.revoked_at,
    })
}

fn revoke(asked: &RevokeArgs, now: Timestamp, lang: Language) -> Result<ExitCode, CliError> {
    let path = &asked.kept.keys;
    let mut file = KeyFile::read(path)?;
    let name = file.revoke(&asked.id, &now.to_string())?.name.clone();
    file.write(path)?;
    Talk::new(lang, &mut std::io::stderr()).say(&both!(
        "la clé {} de « {} » est révoquée",
        "the key {} of \"{}\" is revoked",
        asked.id,
        name,
    ));
    Ok(ExitCode::SUCCESS)
}
