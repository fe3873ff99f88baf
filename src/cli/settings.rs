//! What flags mean where they are not typed: `RATTACHE_*` variables first, then one TOML file, then the program's own defaults.
//!
//! Every flag of every command has both, under its own name: `--log-requests` is the variable `RATTACHE_LOG_REQUESTS` and the key
//! `log-requests` (or `log_requests`). A key at the top of the file holds for every command that has the flag; one in a table
//! (`[serve]`, `[atlas.build]`) for that command alone. Flags that hold what a person asks about ([`PERSONAL`]) have neither, as
//! variables and files are read by others.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command, CommandFactory as _};

use super::CliError;
use crate::domain::Words;

/// Flags that are only ever typed: they hold personal information, or name one question.
pub const PERSONAL: &[&str] =
    &["lat", "lon", "address", "postal-code", "installation", "basis", "help", "version", "config"];

/// The settings of a run: a reader of variables, and the file where there is one.
pub struct Settings {
    file: Option<(PathBuf, toml::Table)>,
    variable: fn(&str) -> Option<OsString>,
}

/// Where a value was found, for people.
struct Found {
    value: Vec<String>,
    place: Words,
}

impl Settings {
    /// The settings that a command line names (`--config FILE`), else `RATTACHE_CONFIG`, else the first that there is of
    /// `rattache/rattache.toml` in the user's folder of configurations and `/etc/rattache/rattache.toml`.
    ///
    /// # Errors
    /// [`CliError::Config`], [`CliError::ConfigText`] where a file can not be read.
    pub fn find(arguments: &[OsString], variable: fn(&str) -> Option<OsString>) -> Result<Self, CliError> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let named = typed_config(arguments).or_else(|| set("RATTACHE_CONFIG").map(PathBuf::from));
        let user = set("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .or_else(|| set("HOME").map(|home| Path::new(&home).join(".config")));
        let usual = user.into_iter().map(|folder| folder.join("rattache")).chain([PathBuf::from("/etc/rattache")]);
        let path = named.or_else(|| usual.map(|folder| folder.join("rattache.toml")).find(|path| path.is_file()));
        Ok(Self { file: path.map(|path| read(&path).map(|table| (path, table))).transpose()?, variable })
    }

    /// The file, where there is one.
    pub fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|(path, _)| path.as_path())
    }

    /// What the settings say, in order: the name of a flag, its value, and where it was found.
    pub fn told(&self) -> Vec<(String, String, Words)> {
        fn flags(
            command: &Command,
            path: &mut Vec<String>,
            settings: &Settings,
            told: &mut Vec<(String, String, Words)>,
        ) {
            for arg in command.get_arguments() {
                if let Ok(Some(found)) = settings.value(path, arg) {
                    let name = path.iter().map(String::as_str).chain(arg.get_long()).collect::<Vec<_>>().join(".");
                    told.push((name, found.value.join(", "), found.place));
                }
            }
            for below in command.get_subcommands() {
                path.push(below.get_name().to_owned());
                flags(below, path, settings, told);
                path.pop();
            }
        }
        let mut told = Vec::new();
        flags(&super::args::Arguments::command(), &mut Vec::new(), self, &mut told);
        told
    }

    /// The value of a flag of a command (its words without the program's name), where a variable or the file gives one.
    fn value(&self, command: &[String], arg: &Arg) -> Result<Option<Found>, CliError> {
        let Some(long) = arg.get_long().filter(|long| !PERSONAL.contains(long)) else { return Ok(None) };
        let name = variable_name(long);
        if let Some(value) = (self.variable)(&name).filter(|value| !value.is_empty()) {
            let value = value.into_string().map_err(|raw| CliError::Setting {
                name: long.to_owned(),
                value: raw.to_string_lossy().into_owned(),
                place: Words::same(name.clone()),
                cause: Words::new("du texte en UTF-8 est attendu", "expected UTF-8 text"),
            })?;
            return Ok(Some(Found { value: vec![value], place: Words::same(name) }));
        }
        let Some((path, table)) = &self.file else { return Ok(None) };
        let mut found = None;
        let mut here = Some(table);
        for depth in 0..=command.len() {
            let Some(table) = here else { break };
            found = table
                .get(long)
                .or_else(|| table.get(&long.replace('-', "_")))
                .filter(|value| !value.is_table())
                .or(found);
            here = command.get(depth).and_then(|word| table.get(word)).and_then(toml::Value::as_table);
        }
        Ok(found.map(|value| Found {
            value: texts(value),
            place: Words::new(format!("« {} »", path.display()), format!("\"{}\"", path.display())),
        }))
    }

    /// Gives the flags that are not typed what the settings say.
    ///
    /// # Errors
    /// [`CliError::UnknownSetting`] for a key that no command has, [`CliError::Setting`] for a value that a flag can not take.
    pub fn apply(&self, command: Command, arguments: &[OsString]) -> Result<Command, CliError> {
        if let Some((path, table)) = &self.file {
            check_keys(path, table, &command, "")?;
        }
        let typed: BTreeSet<String> = arguments
            .iter()
            .filter_map(|word| word.to_str()?.strip_prefix("--"))
            .map(|flag| flag.split('=').next().unwrap_or_default().to_owned())
            .collect();
        self.apply_below(command, &mut Vec::new(), &typed)
    }

    fn apply_below(
        &self,
        command: Command,
        path: &mut Vec<String>,
        typed: &BTreeSet<String>,
    ) -> Result<Command, CliError> {
        let is_typed = |arg: &Arg| arg.get_long().is_some_and(|long| typed.contains(long));
        let mut values = Vec::new();
        for arg in command.get_arguments() {
            // What is typed outranks a setting that it conflicts with.
            let outranked = command.get_arg_conflicts_with(arg).into_iter().any(is_typed)
                || command.get_arguments().any(|other| {
                    is_typed(other)
                        && command.get_arg_conflicts_with(other).iter().any(|it| it.get_id() == arg.get_id())
                });
            if is_typed(arg) || outranked {
                continue;
            }
            if let Some(found) = self.value(path, arg)? {
                check_value(arg, &found)?;
                values.push((arg.get_id().clone(), found.value));
            }
        }
        let mut command = command;
        for (id, value) in values {
            command = command.mut_arg(id, |arg| arg.required(false).default_values(value));
        }
        let names: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
        for name in names {
            let mut failed = None;
            path.push(name.clone());
            command = command.mut_subcommand(name, |below| {
                let kept = below.clone();
                self.apply_below(below, path, typed).unwrap_or_else(|error| {
                    failed = Some(error);
                    kept
                })
            });
            path.pop();
            if let Some(error) = failed {
                return Err(error);
            }
        }
        Ok(command)
    }
}

/// The variable of a flag.
pub fn variable_name(long: &str) -> String {
    format!("RATTACHE_{}", long.to_uppercase().replace('-', "_"))
}

fn typed_config(arguments: &[OsString]) -> Option<PathBuf> {
    let mut words = arguments.iter().take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        if word == "--config" {
            return words.next().map(PathBuf::from);
        }
        if let Some(path) = word.to_str().and_then(|word| word.strip_prefix("--config=")) {
            return Some(PathBuf::from(path));
        }
    }
    None
}

fn read(path: &Path) -> Result<toml::Table, CliError> {
    let text = std::fs::read_to_string(path).map_err(|source| CliError::Config { path: path.to_owned(), source })?;
    text.parse().map_err(|source| CliError::ConfigText { path: path.to_owned(), source: Box::new(source) })
}

fn texts(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::String(text) => vec![text.clone()],
        toml::Value::Array(values) => values.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

/// Whether a flag can take a value.
fn check_value(arg: &Arg, found: &Found) -> Result<(), CliError> {
    let refused = |value: &str, cause: Words| CliError::Setting {
        name: arg.get_long().unwrap_or_default().to_owned(),
        value: value.to_owned(),
        place: found.place.clone(),
        cause,
    };
    for value in &found.value {
        let switch = matches!(arg.get_action(), ArgAction::SetTrue | ArgAction::SetFalse);
        if switch {
            if !["true", "false"].contains(&value.as_str()) {
                return Err(refused(
                    value,
                    Words::new("« true » ou « false » est attendu", "expected \"true\" or \"false\""),
                ));
            }
            continue;
        }
        let alone = Arg::new("value").value_parser(arg.get_value_parser().clone()).allow_hyphen_values(true);
        let parsed = Command::new("setting").no_binary_name(true).arg(alone).try_get_matches_from([value]);
        if let Err(error) = parsed {
            let possible: Vec<String> =
                arg.get_possible_values().iter().map(|possible| possible.get_name().to_owned()).collect();
            let cause = match std::error::Error::source(&error) {
                Some(source) => Words::same(source.to_string()),
                None if possible.is_empty() => {
                    Words::new("le drapeau ne prend pas cette valeur", "the flag does not take this value")
                }
                None => Words::new(
                    format!("attendu : {}", possible.join(", ")),
                    format!("expected one of {}", possible.join(", ")),
                ),
            };
            return Err(refused(value, cause));
        }
    }
    Ok(())
}

/// Whether every key is a flag of the command of its table, or of any command below it.
fn check_keys(path: &Path, table: &toml::Table, command: &Command, place: &str) -> Result<(), CliError> {
    for (key, value) in table {
        let full = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
        let below = command.get_subcommands().find(|below| below.get_name() == key);
        match (value, below) {
            (toml::Value::Table(table), Some(below)) => check_keys(path, table, below, &full)?,
            (toml::Value::Table(_), None) => return Err(unknown(path, full, false)),
            _ if PERSONAL.contains(&key.replace('_', "-").as_str()) => return Err(unknown(path, full, true)),
            _ if has_flag(command, key) => {}
            _ => return Err(unknown(path, full, false)),
        }
    }
    Ok(())
}

fn unknown(path: &Path, key: String, personal: bool) -> CliError {
    CliError::UnknownSetting { path: path.to_owned(), key, personal }
}

fn has_flag(command: &Command, key: &str) -> bool {
    let long = key.replace('_', "-");
    command.get_arguments().any(|arg| arg.get_long() == Some(&long))
        || command.get_subcommands().any(|below| has_flag(below, key))
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches as _;

    use super::*;
    use crate::cli::args::{Arguments, Command as Asked};

    fn with(file: &str, variable: fn(&str) -> Option<OsString>) -> Settings {
        Settings { file: Some(("r.toml".into(), file.parse().unwrap())), variable }
    }

    fn asked(settings: &Settings, words: &[&str]) -> Result<Arguments, CliError> {
        let words: Vec<OsString> = std::iter::once(&"rattache").chain(words).map(OsString::from).collect();
        let matches =
            settings.apply(Arguments::command(), &words)?.try_get_matches_from(words).map_err(CliError::Usage)?;
        Ok(Arguments::from_arg_matches(&matches).unwrap())
    }

    fn bind(settings: &Settings, words: &[&str]) -> String {
        match asked(settings, words).unwrap().command {
            Asked::Serve(asked) => format!("{} {}", asked.bind, asked.log_requests),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_typed_outranks_the_variable_the_variable_the_file_and_the_file_the_program() {
        let nothing = |_: &str| None;
        let variable = |name: &str| (name == "RATTACHE_BIND").then(|| "127.0.0.3:3".into());
        let file = "log_requests = true\n[serve]\nbind = \"127.0.0.2:2\"";
        assert_eq!(bind(&with("", nothing), &["serve"]), "127.0.0.1:8066 false");
        assert_eq!(bind(&with(file, nothing), &["serve"]), "127.0.0.2:2 true");
        assert_eq!(bind(&with(file, variable), &["serve"]), "127.0.0.3:3 true");
        assert_eq!(bind(&with(file, variable), &["serve", "--bind", "127.0.0.4:4"]), "127.0.0.4:4 true");
    }

    #[test]
    fn a_table_outranks_what_stands_above_it_and_no_other_command_sees_it() {
        let settings =
            with("bind = \"127.0.0.5:5\"\n[serve]\nbind = \"127.0.0.6:6\"\n[batch]\nedition = \"a\"", |_| None);
        assert_eq!(bind(&settings, &["serve"]), "127.0.0.6:6 false");
        let Asked::Resolve(asked) = asked(&settings, &["resolve", "--lat", "45", "--lon", "-73"]).unwrap().command
        else {
            panic!("resolve was asked for")
        };
        assert_eq!(asked.source.edition, None);
    }

    #[test]
    fn a_setting_never_stands_against_what_is_typed() {
        let settings = with("edition = \"a\"", |_| None);
        let words = ["resolve", "--lat", "45", "--lon", "-73", "--as-of", "2020-01-01"];
        let Asked::Resolve(asked) = asked(&settings, &words).unwrap().command else { panic!("resolve was asked for") };
        assert_eq!((asked.source.edition, asked.source.as_of.is_some()), (None, true));
    }

    #[test]
    fn what_is_no_setting_is_named_with_its_file() {
        for (file, named) in [
            ("atlass = \"a\"", "atlass"),
            ("[serve]\nlat = 45", "serve.lat"),
            ("address = \"12, rue X\"", "address"),
            ("[serv]\nbind = \"x\"", "serv"),
            ("[serve]\nbind = \"somewhere\"", "somewhere"),
            ("lang = \"de\"", "fr, en"),
            ("[serve]\nlog-requests = \"perhaps\"", "perhaps"),
        ] {
            let error = asked(&with(file, |_| None), &["serve"]).unwrap_err();
            let told = format!("{error} {}", crate::domain::French::french(&error));
            assert!(told.contains(named) && told.contains("r.toml"), "{file}: {told}");
        }
    }
}
