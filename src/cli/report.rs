//! How what stops a command is told, in the language that was asked for.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::CliError;
use super::terminal::shown;
use crate::access::UnknownRole;
use crate::domain::{DateError, French, Language, UnknownLevel, foreign};
use crate::resolve::UnknownBasis;
use crate::revision::{UnknownAspect, UnknownState};

/// The language that the arguments ask for, whether or not they make sense: English where they hold `--lang en`, else that of
/// `RATTACHE_LANG`.
#[must_use]
pub fn language(arguments: &[OsString]) -> Language {
    let words = || arguments.iter().take_while(|word| *word != "--");
    let apart = words().zip(words().skip(1)).any(|(flag, value)| flag == "--lang" && value == "en");
    if apart || words().any(|word| word == "--lang=en") {
        return Language::English;
    }
    if words().any(|word| word.to_str().is_some_and(|word| word == "--lang" || word.starts_with("--lang="))) {
        return Language::French;
    }
    std::env::var("RATTACHE_LANG").ok().and_then(|code| Language::find(&code)).unwrap_or_default()
}

/// Prints an error and its causes once; the exit code.
pub fn report(error: &CliError, lang: Language, out: &mut dyn Write) -> ExitCode {
    // A reader that closes the pipe early has had enough; there is nobody left to tell.
    if is_closed_pipe(error) {
        return ExitCode::SUCCESS;
    }
    match (error, lang) {
        (CliError::Usage(message), Language::French) => {
            let whole = message.to_string();
            writeln!(out, "rattache : {}\n", error.french()).and_then(|()| match whole.split_once("Usage: ") {
                // Help itself, where a command is missing.
                _ if message.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => write!(out, "{whole}"),
                Some((_, usage)) => writeln!(
                    out,
                    "Utilisation : {}\nPour en savoir plus : --help",
                    usage.split("\n\n").next().unwrap_or_default().replace("COMMAND]", "COMMANDE]")
                ),
                None => writeln!(out, "Pour en savoir plus : --help"),
            })
        }
        (CliError::Usage(message), Language::English) => write!(out, "{message}"),
        (_, Language::French) => writeln!(out, "rattache : {}", shown(&error.french())),
        (_, Language::English) => writeln!(out, "rattache: {}", shown(&english(error))),
    }
    .ok();
    ExitCode::from(2)
}

fn is_closed_pipe(error: &CliError) -> bool {
    let mut cause = Some(error as &(dyn std::error::Error + 'static));
    while let Some(error) = cause {
        let kind = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
        if error.downcast_ref().is_some_and(kind) {
            return true;
        }
        if let Some(csv::ErrorKind::Io(error)) = error.downcast_ref::<csv::Error>().map(csv::Error::kind)
            && kind(error)
        {
            return true;
        }
        cause = error.source();
    }
    false
}

fn english(error: &CliError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        text.push_str(": ");
        text.push_str(&deeper.to_string());
        cause = deeper.source();
    }
    text
}

impl French for CliError {
    fn french(&self) -> String {
        match self {
            Self::Usage(message) => usage(message),
            Self::Config { path, source } => format!(
                "la configuration « {} » ne peut pas être lue : vérifiez son nom et ses droits : {}",
                path.display(),
                foreign(source)
            ),
            Self::ConfigText { path, source } => {
                format!("la configuration « {} » n'est pas du TOML : {}", path.display(), foreign(source.as_ref()))
            }
            Self::UnknownSetting { path, key, personal } => format!(
                "configuration « {} » : « {key} » {} ; « rattache config list » énumère les réglages",
                path.display(),
                if *personal {
                    "ne se donne qu'en ligne de commande, car c'est un renseignement personnel ou une seule question"
                } else {
                    "n'est pas un réglage"
                }
            ),
            Self::Setting { name, value, place, cause } => format!(
                "« {value} » ne peut pas être la valeur de {name} (réglée dans {}) : {}",
                place.french, cause.french
            ),
            Self::Manual { path, source } => format!(
                "les pages de manuel ne peuvent pas être écrites dans « {} » : vérifiez le dossier et ses droits : {}",
                path.display(),
                foreign(source)
            ),
            Self::Output(cause) => {
                format!("la réponse ne peut pas être écrite sur la sortie standard : {}", foreign(cause))
            }
            Self::Coordinate { name, value, example } => format!(
                "--{name} « {value} » n'est pas un nombre : des degrés décimaux avec un point sont attendus, par exemple {example}"
            ),
            Self::Batch(error) => error.french(),
            Self::Position(error) => error.french(),
            Self::Query(error) => error.french(),
            Self::Edition(error) => error.french(),
            Self::Code(error) => error.french(),
            Self::UnknownTerritory { level, code, edition } => format!(
                "aucun {level} n'a le code « {code} » dans l'édition « {edition} » : voyez-les avec `rattache territories \
                 --level {level}`"
            ),
            Self::UnitsAreNoTerritories => "les aires de diffusion sont des unités, non des territoires : utilisez \
                                            `rattache atlas export --level da --format csv`"
                .to_owned(),
            Self::Atlas(error) => error.french(),
            Self::Import(error) => error.french(),
            Self::Coverage { file, source } => {
                format!("les limites de « {file} » sont inutilisables : {}", source.french())
            }
            Self::Findings { count } => format!(
                "{count} erreurs dans les données, dites ci-dessus : corrigez les fichiers, ou acceptez celles des limites avec \
                 --accept-errors"
            ),
            Self::Missing { what, flag, key } => {
                format!("il manque {} : donnez {}, ou « {key} » dans la recette", what.french, flag.french)
            }
            Self::AddressColumns(cause) => format!("--address-columns est inutilisable : {}", cause.french()),
            Self::Index(cause) => format!("les limites ne peuvent pas être indexées : {}", cause.french()),
            Self::BadValue { key, value, expected } => {
                format!("{key} « {value} » est inutilisable : {}", expected.french)
            }
            Self::Recipe { path, source } => format!(
                "la recette « {} » ne peut pas être lue : vérifiez son nom : {}",
                path.display(),
                foreign(source)
            ),
            Self::RecipeText { path, source } => {
                format!("la recette « {} » n'est pas comprise : {}", path.display(), foreign(&**source))
            }
            Self::Export { path, source } => format!(
                "« {} » ne peut pas être écrit : vérifiez le dossier, ses droits et la place libre : {}",
                path.display(),
                foreign(&**source)
            ),
            Self::Compare(error) => error.french(),
            Self::Catalogue(error) => error.french(),
            Self::Read { path, source } => {
                format!("« {} » ne peut pas être lu : vérifiez son nom : {}", path.display(), foreign(source))
            }
            Self::Revision(error) => error.french(),
            Self::Exported(error) => error.french(),
            Self::Store(error) => error.french(),
            Self::Tables(cause) => {
                format!("ce que l'on sait des aires à côté de l'atlas ne peut pas être lu : {}", cause.french())
            }
            Self::FactRow { path, line, value, expected } => {
                format!("« {} », ligne {line} : « {value} » n'est pas {}", path.display(), expected.french)
            }
            Self::Access(error) => error.french(),
            Self::Tls(error) => error.french(),
            Self::NoAddressRead => {
                "aucune adresse ne peut être lue de l'entrée standard : une ligne est attendue, en UTF-8".to_owned()
            }
            Self::OpenToStrangers { address } => format!(
                "{address} peut être joint d'autres machines, et aucune clé n'est donnée : donnez --keys FICHIER (« rattache keys \
                 add »), ou --allow-anonymous-lookup si tout le monde peut consulter"
            ),
            Self::LocalPlanner { address } => format!(
                "--local-planner laisse écrire tout le monde : il est fait pour une adresse de la machine elle-même, comme \
                 127.0.0.1:8066, non pour {address}"
            ),
            Self::Serve { address, source } => format!(
                "le serveur ne peut pas écouter sur {address} : le port est-il pris ou défendu ? : {}",
                foreign(source)
            ),
        }
    }
}

/// What is wrong with the arguments, before the parser's own message, which is in English.
fn usage(message: &clap::Error) -> String {
    let text = |kind| match message.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(list)) if !list.is_empty() => Some(list.join(", ")),
        _ => None,
    };
    let argument = || text(ContextKind::InvalidArg).unwrap_or_default();
    let value = text(ContextKind::InvalidValue).unwrap_or_default();
    match message.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("l'argument « {} » n'a pas de valeur", argument()),
        ErrorKind::InvalidValue => {
            let valid =
                text(ContextKind::ValidValue).map_or_else(String::new, |list| format!(" : choisissez parmi {list}"));
            format!("la valeur « {value} » de « {} » n'existe pas{valid}", argument())
        }
        ErrorKind::ValueValidation => {
            let why =
                std::error::Error::source(message).map_or_else(String::new, |cause| format!(" : {}", told(cause)));
            format!("la valeur « {value} » de « {} » ne convient pas{why}", argument())
        }
        ErrorKind::UnknownArgument => format!("l'argument « {} » est inconnu", argument()),
        ErrorKind::InvalidSubcommand => {
            format!("la commande « {} » est inconnue", text(ContextKind::InvalidSubcommand).unwrap_or_default())
        }
        ErrorKind::MissingRequiredArgument => format!("il manque « {} »", argument()),
        ErrorKind::MissingSubcommand => "il manque une commande".to_owned(),
        ErrorKind::ArgumentConflict => match text(ContextKind::PriorArg) {
            Some(other) => format!("« {} » ne va pas avec « {other} »", argument()),
            None => format!("« {} » est donné deux fois, ou avec ce qui l'exclut", argument()),
        },
        _ => "la ligne de commande n'est pas comprise".to_owned(),
    }
}

/// What a parser of values says, in French where it knows some.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    fn french<T: French + 'static>(error: &(dyn std::error::Error + 'static)) -> Option<String> {
        error.downcast_ref::<T>().map(French::french)
    }
    french::<DateError>(error)
        .or_else(|| french::<UnknownLevel>(error))
        .or_else(|| french::<UnknownBasis>(error))
        .or_else(|| french::<UnknownState>(error))
        .or_else(|| french::<UnknownAspect>(error))
        .or_else(|| french::<UnknownRole>(error))
        .unwrap_or_else(|| foreign(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_found_even_in_arguments_that_make_no_sense() {
        let of = |words: &[&str]| language(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(of(&["rattache", "resolv", "--lang", "en"]), Language::English);
        assert_eq!(of(&["rattache", "--lang=en", "resolve", "--lat"]), Language::English);
        assert_eq!(of(&["rattache", "resolve", "--lang", "fr"]), Language::French);
        assert_eq!(of(&["rattache", "resolve", "--lang"]), Language::French);
        assert_eq!(of(&["rattache", "resolve", "--", "--lang", "en"]), Language::French);
    }
}
