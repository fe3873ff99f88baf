//! Help in the language of the reader.
//!
//! What the flags and commands say in English stands beside them, as `clap` reads it. The French of each text stands in
//! `french.toml`, by the English one, and the examples of each command in [`EXAMPLES`]. [`in_language`] gives a command the texts
//! of one language, for its help, its manual pages and its completions.

use std::collections::HashMap;

use clap::{Arg, ArgAction, Command};

use crate::domain::Language;
use crate::revision::operations_help;

/// The French of every text, by the English.
const FRENCH: &str = include_str!("french.toml");

/// Commands to try, by the words of the command that they show. All of them work on the demo, from the folder of `data`.
pub const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "resolve",
        &["rattache resolve --lat 45.5088 --lon=-73.5542", "rattache resolve --postal-code 'G1R 4S9' --format json"],
    ),
    ("territories", &["rattache territories --level rts", "rattache territories 06324"]),
    ("batch", &["rattache batch data/examples/patients.csv -o patients-clsc.csv"]),
    ("revision simulate", &["rattache revision simulate data/examples/revision.toml"]),
    ("revision new", &["rattache revision new -o revision.toml"]),
    ("series changes", &["rattache series changes --from demo-2017-07-01 --to demo-2022-04-01 --level clsc"]),
    ("series check", &["rattache series check data/examples/serie.csv"]),
    ("atlas export", &["rattache atlas export --level clsc --format geojson -o clsc.geojson"]),
    ("serve", &["rattache serve --bind 127.0.0.1:8080"]),
    ("config list", &["rattache config list"]),
];

/// The texts of a language.
struct Texts {
    lang: Language,
    french: HashMap<String, String>,
}

impl Texts {
    fn new(lang: Language) -> Self {
        let table: toml::Table = FRENCH.parse().expect("the French of the help is TOML");
        let pairs = table.get("text").and_then(toml::Value::as_array).into_iter().flatten().filter_map(|pair| {
            let of = |key| pair.get(key).and_then(toml::Value::as_str).map(str::to_owned);
            Some((without_stop(&of("en")?).to_owned(), of("fr")?))
        });
        Self { lang, french: pairs.collect() }
    }

    /// A text in the language, with quotes where the sources mark code; the English where there is no French.
    fn of(&self, english: &str) -> String {
        // As `clap` writes it: a text of one paragraph has no full stop.
        let text = match self.lang {
            Language::French => self.french.get(without_stop(english)).map_or(english, String::as_str),
            Language::English => english,
        };
        quoted(if text.contains("\n\n") { text } else { without_stop(text) }, self.lang)
    }
}

/// A text with quotes where it marks code.
fn quoted(text: &str, lang: Language) -> String {
    let quotes = lang.pick(["« ", " »"], ["\"", "\""]);
    let mut out = String::with_capacity(text.len());
    for (place, part) in text.split('`').enumerate() {
        if place > 0 {
            out.push_str(quotes[(place + 1) % 2]);
        }
        out.push_str(part);
    }
    if lang == Language::French {
        for (loose, tied) in
            [(" :", "\u{a0}:"), (" ;", "\u{a0};"), (" ?", "\u{a0}?"), ("« ", "«\u{a0}"), (" »", "\u{a0}»")]
        {
            out = out.replace(loose, tied);
        }
    }
    out
}

/// A command with its texts in a language, and those of all below it.
pub fn in_language(command: Command, lang: Language) -> Command {
    let texts = Texts::new(lang);
    let mut command = below(command, &texts, &mut Vec::new());
    if lang == Language::French {
        command.build();
        command = finish(command, &texts, true);
    }
    command
}

/// What `clap` itself adds when a command is whole: flags for help, the line of usage, the titles.
fn finish(mut command: Command, texts: &Texts, top: bool) -> Command {
    let names: Vec<clap::Id> = command.get_arguments().map(|arg| arg.get_id().clone()).collect();
    for name in names.into_iter().filter(|name| ["help", "version"].contains(&name.as_str())) {
        command = command.mut_arg(name, |arg| argument(arg, texts));
    }
    if let Some(about) = command.get_about().map(ToString::to_string) {
        command = command.about(texts.of(&about));
    }
    let template = template(&command, top);
    command = command.subcommand_help_heading("Commandes\u{a0}").help_template(template);
    let names: Vec<String> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, |command| finish(command, texts, false));
    }
    command
}

fn below(mut command: Command, texts: &Texts, path: &mut Vec<String>) -> Command {
    let about = command.get_about().map(ToString::to_string);
    if let Some(whole) = command.get_long_about().map(ToString::to_string).or(about) {
        let whole = texts.of(&whole);
        let short = first(&whole);
        command = if short == whole { command.about(whole) } else { command.about(short).long_about(whole) };
    }
    let name = path.join(" ");
    if let Some((_, lines)) = EXAMPLES.iter().find(|(words, _)| *words == name) {
        let title = texts.lang.pick("Exemples :", "Examples:");
        let examples = format!("{title}\n  {}", lines.join("\n  "));
        if name == "revision new" {
            let operations = quoted(&operations_help(texts.lang), texts.lang);
            command = command.after_long_help(format!("{examples}\n\n{operations}"));
        }
        command = command.after_help(examples);
    }
    let names: Vec<clap::Id> = command.get_arguments().map(|arg| arg.get_id().clone()).collect();
    for name in names {
        command = command.mut_arg(name, |arg| argument(arg, texts));
    }
    let names: Vec<String> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    for name in names {
        path.push(name.clone());
        command = command.mut_subcommand(name, |command| below(command, texts, path));
        path.pop();
    }
    command
}

/// How help is laid out in French; `clap` writes the titles of its own in English.
fn template(command: &Command, top: bool) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage =
        usage.trim_start_matches("Usage: ").replace("[COMMAND]", "[COMMANDE]").replace("<COMMAND>", "<COMMANDE>");
    let name = if top { "{name} {version}\n\n" } else { "" };
    format!("{name}{{about-with-newline}}\nUtilisation : {usage}\n\n{{all-args}}{{after-help}}")
}

fn argument(arg: Arg, texts: &Texts) -> Arg {
    let whole = arg.get_long_help().or_else(|| arg.get_help()).map(ToString::to_string);
    let Some(whole) = whole else { return arg };
    let mut whole = texts.of(&whole);
    if texts.lang == Language::English {
        let short = first(&whole);
        return if short == whole { arg.help(whole) } else { arg.help(short).long_help(whole) };
    }
    // A flag of `clap`'s own is worded otherwise when it is short.
    let english = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let own = texts.french.get(without_stop(&english)).is_some_and(|_| arg.get_long_help().is_some());
    let mut short = if own { texts.of(&english) } else { first(&whole) };
    let takes_value = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let values: Vec<_> =
        arg.get_possible_values().into_iter().filter(|value| takes_value && !value.is_hide_set()).collect();
    let mut notes = Vec::new();
    if takes_value && !defaults.is_empty() && !arg.is_hide_default_value_set() {
        notes.push(format!("[par défaut : {}]", defaults.join(", ")));
    }
    if !values.is_empty() {
        let names: Vec<&str> = values.iter().map(clap::builder::PossibleValue::get_name).collect();
        notes.push(format!("[choix : {}]", names.join(", ")));
    }
    let told = values.iter().any(|value| value.get_help().is_some());
    let long = told || short != whole;
    if told {
        for value in &values {
            let help = value.get_help().map(|help| texts.of(&help.to_string())).unwrap_or_default();
            whole = format!("{whole}\n- {}\u{a0}: {help}", value.get_name());
        }
    }
    if !notes.is_empty() {
        short = format!("{short} {}", notes.join(" "));
        // The choices stand one below the other where they are explained.
        notes.truncate(if told { usize::from(!defaults.is_empty()) } else { notes.len() });
        if !notes.is_empty() {
            whole = format!("{whole}\n\n{}", notes.join(" "));
        }
    }
    let names = arg.get_value_names().map(|names| names.iter().map(|name| texts.of(name)).collect::<Vec<_>>());
    let arg = match names {
        Some(names) if takes_value => arg.value_names(names),
        _ => arg,
    };
    let heading = if arg.is_positional() { "Arguments\u{a0}" } else { "Options\u{a0}" };
    let arg = arg.help_heading(heading);
    let arg = if takes_value { arg.hide_default_value(true).hide_possible_values(true) } else { arg };
    if long { arg.help(short).long_help(whole) } else { arg.help(short) }
}

/// The first paragraph, without its full stop, as `clap` shortens it.
fn first(whole: &str) -> String {
    without_stop(whole.split("\n\n").next().unwrap_or(whole)).to_owned()
}

fn without_stop(text: &str) -> &str {
    if text.ends_with("...") { text } else { text.strip_suffix('.').unwrap_or(text) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::super::args::Arguments;
    use super::*;

    fn texts(command: &Command, found: &mut BTreeSet<String>) {
        let text = |long: Option<&clap::builder::StyledStr>, short: Option<&clap::builder::StyledStr>| {
            long.or(short).map(ToString::to_string)
        };
        found.extend(text(command.get_long_about(), command.get_about()));
        for arg in command.get_arguments() {
            found.extend(text(arg.get_long_help(), arg.get_help()));
            if arg.get_id() == "help" {
                found.extend(text(None, arg.get_help()));
            }
            let takes_value = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
            if takes_value {
                found.extend(arg.get_value_names().into_iter().flatten().map(ToString::to_string));
                found.extend(arg.get_possible_values().iter().filter_map(|value| text(None, value.get_help())));
            }
        }
        command.get_subcommands().for_each(|command| texts(command, found));
    }

    #[test]
    fn every_text_of_the_help_has_its_french() {
        let mut command = Arguments::command();
        command.build();
        let mut found = BTreeSet::new();
        texts(&command, &mut found);
        let french = Texts::new(Language::French).french;
        let found: BTreeSet<String> = found.iter().map(|text| without_stop(text).to_owned()).collect();
        let missing: Vec<&String> = found.iter().filter(|text| !french.contains_key(*text)).collect();
        assert!(missing.is_empty(), "add these to french.toml: {missing:#?}");
        let unused: Vec<&String> = french.keys().filter(|text| !found.contains(*text)).collect();
        assert!(unused.is_empty(), "no command says these any more; take them out of french.toml: {unused:#?}");
    }

    #[test]
    fn every_example_is_a_command_of_the_program() {
        for (words, lines) in EXAMPLES {
            for line in *lines {
                let line = line.replace('\'', "");
                assert!(line.starts_with(&format!("rattache {words}")), "{line}");
                let fit =
                    Arguments::command().try_get_matches_from(line.split_whitespace().filter(|word| *word != "4S9"));
                assert!(fit.is_ok(), "{line}: {}", fit.unwrap_err());
            }
        }
    }

    #[test]
    fn french_help_has_no_title_in_english_and_no_backtick() {
        fn walk(command: &Command, path: &str) {
            for help in [command.clone().render_help().to_string(), command.clone().render_long_help().to_string()] {
                for word in ["Usage:", "Commands:", "[default", "[possible", "Possible values", "Print help", "`"] {
                    assert!(!help.contains(word), "{path}: {word}\n{help}");
                }
            }
            for command in command.get_subcommands() {
                walk(command, &format!("{path} {}", command.get_name()));
            }
        }
        walk(&in_language(Arguments::command(), Language::French), "rattache");
    }
}
