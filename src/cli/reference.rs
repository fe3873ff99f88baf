//! `rattache reference`: the pages of reference of the guides, written from the registers of the program itself.
//!
//! A word that an answer may hold stands here because its register holds it: nothing is listed by hand but the titles.

use std::fmt::Write as _;

use clap::{Command, CommandFactory as _};
use serde::Serialize;

use super::args::Arguments;
use super::help::in_language;
use crate::access::Role;
use crate::address::{Fault, MatchType};
use crate::batch::{Column, Reason, Status};
use crate::domain::{ChangeClass, Language, Severity, Term};
use crate::http::CODES;
use crate::resolve::{Basis, Placement};
use crate::revision::{Aspect, CRITERIA, ConcernKind, FORMS, State};
use crate::series::Verdict;

/// A page of reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Page {
    /// Every word of answers, with what it means.
    Words,
    /// Every command with its flags.
    Commands,
}

/// A page as Markdown.
pub fn page(page: Page, lang: Language) -> String {
    match page {
        Page::Words => words(lang),
        Page::Commands => commands(lang),
    }
}

/// Writes titles and tables of words.
struct Writer {
    lang: Language,
    text: String,
}

impl Writer {
    fn title(&mut self, title: Term, about: Term) {
        write!(self.text, "\n## {}\n\n{}\n", title.pick(self.lang), about.pick(self.lang)).expect("text grows");
    }

    fn table<W: Into<String>>(&mut self, head: &[Term], rows: impl IntoIterator<Item = Vec<W>>) {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let head: Vec<String> = head.iter().map(|word| word.pick(self.lang).to_owned()).collect();
        self.text.push('\n');
        self.text += &line(head.clone());
        self.text += &line(vec!["---".to_owned(); head.len()]);
        for row in rows {
            self.text += &line(row.into_iter().map(|cell| cell.into().replace('|', "\\|")).collect());
        }
    }

    /// A section of words with what they mean.
    fn words(&mut self, title: Term, about: Term, rows: impl IntoIterator<Item = (String, Term)>) {
        let lang = self.lang;
        self.title(title, about);
        let rows = rows.into_iter().map(|(word, means)| vec![code(&word), means.pick(lang).to_owned()]);
        self.table(&[WORD, MEANING], rows);
    }
}

const WORD: Term = Term::new("mot", "word");
const MEANING: Term = Term::new("sens", "meaning");

fn code(word: &str) -> String {
    if word.is_empty() { "—".to_owned() } else { format!("`{word}`") }
}

/// The word of a value in JSON.
fn json(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn words(lang: Language) -> String {
    let title = lang.pick("Référence : les mots des réponses", "Reference: the words of answers");
    let about = lang.pick(
        "Ces mots sont les mêmes en ligne de commande, dans les fichiers et par HTTP, et ne changent pas avec la langue.",
        "These words are the same on the command line, in files and over HTTP, and do not change with the language.",
    );
    let mut page = Writer { lang, text: format!("# {title}\n\n{about}\n") };
    page.words(
        Term::new("Un lieu : `placement`", "A place: `placement`"),
        Term::new("Où se trouve le lieu d'une question.", "Where the place of a question lies."),
        Placement::ALL.map(|it| (json(it), it.words())),
    );
    page.words(
        Term::new("Une adresse : `result_type`", "An address: `result_type`"),
        Term::new("Avec quelle précision le lieu est trouvé.", "How precisely the place is found."),
        MatchType::ALL.map(|it| (json(it), it.words())),
    );
    page.title(
        Term::new("Une adresse : `faults`", "An address: `faults`"),
        Term::new(
            "Ce en quoi la question et le registre diffèrent, et ce que cela retire à la note, qui part de 1.",
            "In what the question and the registry differ, and what that takes off the score, which starts at 1.",
        ),
    );
    let faults = Fault::ALL.iter().map(|it| {
        let cost = format!("{:.2}", it.cost());
        vec![code(&json(it)), it.words().pick(lang).to_owned(), lang.pick(cost.replace('.', ","), cost)]
    });
    page.table(&[WORD, MEANING, Term::new("coût", "cost")], faults);
    page.words(
        Term::new("Une personne : `basis`", "A person: `basis`"),
        Term::new("À quel titre une personne est rattachée.", "On what ground a person is attached."),
        Basis::ALL.map(|it| (json(it), it.words())),
    );
    page.words(
        Term::new("Une ligne de fichier : `rattache_status`", "A row of a file: `rattache_status`"),
        Term::new("Ce que la ligne est devenue.", "What became of the row."),
        Status::ALL.iter().map(|it| (it.word().to_owned(), it.words())),
    );
    page.words(
        Term::new("Une ligne de fichier : `rattache_reason`", "A row of a file: `rattache_reason`"),
        Term::new("Pourquoi elle n'est pas simplement résolue.", "Why it is not plainly resolved."),
        Reason::ALL.iter().map(|it| (it.word().to_owned(), it.words())),
    );
    page.words(
        Term::new("Un fichier : les colonnes ajoutées", "A file: the added columns"),
        Term::new(
            "Dans l'ordre où elles sont écrites ; `--columns` les choisit, sans le préfixe.",
            "In the order in which they are written; `--columns` chooses them, without the prefix.",
        ),
        Column::ALL.iter().map(|it| (it.name().to_owned(), it.words())),
    );
    page.title(
        Term::new("Une révision : les opérations", "A revision: the operations"),
        Term::new(
            "`rattache revision new` en écrit un exemple de chacune, avec tous les champs.",
            "`rattache revision new` writes an example of each, with every field.",
        ),
    );
    let operations = FORMS.iter().map(|form| {
        let fields: Vec<String> = form.fields.iter().map(|field| code(field.name)).collect();
        vec![code(form.word), form.words(lang).to_owned(), fields.join(", ")]
    });
    page.table(&[WORD, MEANING, Term::new("champs", "fields")], operations);
    page.words(
        Term::new("Une révision : les avertissements", "A revision: the warnings"),
        Term::new(
            "Chacun doit être accepté par son nom, avec `--accept`.",
            "Each must be accepted by its name, with `--accept`.",
        ),
        ConcernKind::ALL.map(|it| (it.as_str().to_owned(), it.words())),
    );
    page.words(
        Term::new("Une révision : les critères", "A revision: the criteria"),
        Term::new("Ce qui est mesuré de chaque CLSC touché.", "What is measured of each CLSC concerned."),
        CRITERIA
            .iter()
            .map(|it| (it.id().to_owned(), Term::new(it.name(Language::French), it.name(Language::English)))),
    );
    page.words(
        Term::new("Une révision : ses états", "A revision: its states"),
        Term::new("Où en est une révision gardée dans une base.", "How far a revision of a store has come."),
        State::ALL.map(|it| (it.as_str().to_owned(), it.words())),
    );
    page.words(
        Term::new("Une révision : les avis", "A revision: the opinions"),
        Term::new(
            "Ce qu'aucun chiffre ne dit, et que des personnes jugent.",
            "What no figure tells, and people judge.",
        ),
        Aspect::ALL.map(|it| (it.as_str().to_owned(), it.words())),
    );
    page.words(
        Term::new("Un territoire d'une édition à l'autre : `class`", "A territory between editions: `class`"),
        Term::new("Ce qu'il est devenu.", "What became of it."),
        ChangeClass::ALL.map(|it| (it.as_str().to_owned(), it.words())),
    );
    page.words(
        Term::new("Une valeur de série : `verdict`", "A value of a series: `verdict`"),
        Term::new("Si elle se compare encore.", "Whether it still compares."),
        Verdict::ALL.map(|it| (it.as_str().to_owned(), it.words())),
    );
    page.words(
        Term::new("Une constatation : `severity`", "A finding: `severity`"),
        Term::new("Ce que vaut une remarque sur des données.", "How serious a remark on data is."),
        Severity::ALL.map(|it| (json(it), it.words())),
    );
    page.words(
        Term::new("Le service : les rôles d'une clé", "The service: the roles of a key"),
        Term::new("Chacun permet ce que permettent les précédents.", "Each may do what those before it may."),
        Role::ALL.map(|it| (it.as_str().to_owned(), it.words())),
    );
    page.title(
        Term::new("Le service : les problèmes", "The service: the problems"),
        Term::new(
            "La dernière partie du champ `type` d'une erreur (RFC 9457).",
            "The last part of the field `type` of an error (RFC 9457).",
        ),
    );
    let problems =
        CODES.iter().map(|it| vec![code(it.word), it.status.to_string(), lang.pick(it.french, it.english).to_owned()]);
    page.table(&[WORD, Term::new("état HTTP", "HTTP status"), MEANING], problems);
    page.text
}

fn commands(lang: Language) -> String {
    let title = lang.pick("Référence : les commandes", "Reference: the commands");
    let mut text = format!("# {title}\n");
    let mut command = in_language(Arguments::command(), lang).term_width(96);
    command.build();
    walk(&command, "rattache", &mut text);
    text
}

fn walk(command: &Command, path: &str, text: &mut String) {
    let help = command.clone().term_width(96).render_help().to_string();
    let help = help.replace(concat!(" ", env!("CARGO_PKG_VERSION")), "");
    write!(text, "\n## {path}\n\n```text\n{}\n```\n", help.trim()).expect("text grows");
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        walk(below, &format!("{path} {}", below.get_name()), text);
    }
}
