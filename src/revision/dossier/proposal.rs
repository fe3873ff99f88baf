//! What is proposed, in words: an operation with the names of what it changes.

use crate::domain::{Edition, Language, Level, TerritoryCode, Words};
use crate::pages::{AREAS, of_place};
use crate::revision::{NewClsc, Operation, Transfer};

/// The name that a territory is known by; none where it is not known.
pub(in crate::revision) type Names<'a> = &'a dyn Fn(Level, &TerritoryCode) -> Option<String>;

/// Names of today, and those of the revised edition for what is new.
pub(in crate::revision) fn names<'a>(
    base: &'a Edition,
    revised: &'a Edition,
) -> impl Fn(Level, &TerritoryCode) -> Option<String> + 'a {
    move |level, code| {
        [base, revised].into_iter().find_map(|edition| {
            let place = edition.hierarchy.find(level, code.as_str())?;
            Some(edition.hierarchy.territories(level)[place].name.clone())
        })
    }
}

/// A territory in a sentence, without article: *territoire de CLSC de Métro (06225)*.
pub(in crate::revision) fn titled(
    level: Level,
    code: &TerritoryCode,
    name: Option<&str>,
    language: Language,
) -> String {
    let acronym = level.acronym();
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    match (level, name) {
        (Level::Clsc, Some(name)) => match language {
            Language::French => format!("territoire de CLSC {} ({code})", of_place(name, language)),
            Language::English => format!("CLSC territory {} ({code})", of_place(name, language)),
        },
        (Level::Clsc, None) => format!("{} {code}", language.pick("CLSC", "CLSC")),
        (Level::Rss, Some(name)) => match language {
            Language::French => format!("région {} ({code})", of_place(name, language)),
            Language::English => format!("health region {} ({code})", of_place(name, language)),
        },
        // Names of RLS and RUISSS begin with the acronym.
        (_, Some(name)) if name.starts_with(acronym) => format!("{name} ({code})"),
        (_, Some(name)) => format!("{acronym} {code}, {name}"),
        (_, None) => format!("{acronym} {code}"),
    }
}

/// *le* or *la*, and the name after it.
fn the(level: Level, text: &str, language: Language) -> String {
    match (language, level) {
        (Language::English, _) => format!("the {text}"),
        (Language::French, Level::Rss) if text.starts_with('r') => format!("la {text}"),
        (Language::French, _) => format!("le {text}"),
    }
}

/// *au* or *à la*, *to the* in English.
fn to_the(level: Level, text: &str, language: Language) -> String {
    match (language, level) {
        (Language::English, _) => format!("to the {text}"),
        (Language::French, Level::Rss) if text.starts_with('r') => format!("à la {text}"),
        (Language::French, _) => format!("au {text}"),
    }
}

impl Operation {
    /// What it does, in a sentence without its final point. `names` are those of the territories it speaks of.
    #[must_use]
    pub fn words(&self, names: &dyn Fn(Level, &TerritoryCode) -> Option<String>) -> Words {
        Words::new(self.sentence(names, Language::French), self.sentence(names, Language::English))
    }

    fn sentence(&self, names: Names<'_>, language: Language) -> String {
        let title = |level: Level, code: &TerritoryCode| titled(level, code, names(level, code).as_deref(), language);
        let subject = |level: Level, code: &TerritoryCode| capital(&the(level, &title(level, code), language));
        let target = |level: Level, code: &TerritoryCode| to_the(level, &title(level, code), language);
        let go = |transfers: &[Transfer]| -> String {
            let parts: Vec<String> = (transfers.iter())
                .map(|transfer| {
                    let count = transfer.units.len() as u64;
                    let verb = match language {
                        Language::French if count < 2 => "passe",
                        Language::French => "passent",
                        Language::English if count == 1 => "goes",
                        Language::English => "go",
                    };
                    format!("{} {verb} {}", AREAS.count(count, language), target(Level::Clsc, &transfer.to))
                })
                .collect();
            language.enumerated(&parts)
        };
        let made = |clsc: &NewClsc| {
            let areas = AREAS.count(clsc.units.len() as u64, language);
            format!("{} ({}, {areas})", clsc.name, clsc.code)
        };
        let moved = |subject: String, target: String| match language {
            Language::French => format!("{subject} est rattaché {target}"),
            Language::English => format!("{subject} is attached {target}"),
        };
        match self {
            Operation::MoveUnits { transfers } => go(transfers),
            Operation::Split { clsc, parts } => {
                let parts = language.enumerated(&parts.iter().map(made).collect::<Vec<_>>());
                match language {
                    Language::French => {
                        format!("{} est scindé ; il s’en détache {parts}", subject(Level::Clsc, clsc))
                    }
                    Language::English => format!("{} is split; {parts} is cut from it", subject(Level::Clsc, clsc)),
                }
            }
            Operation::Merge { into, from } => {
                let from: Vec<String> =
                    from.iter().map(|code| the(Level::Clsc, &title(Level::Clsc, code), language)).collect();
                let from = capital(&language.enumerated(&from));
                match (language, self.is_plural()) {
                    (Language::French, false) => format!("{from} est fusionné {}", target(Level::Clsc, into)),
                    (Language::French, true) => format!("{from} sont fusionnés {}", target(Level::Clsc, into)),
                    (Language::English, false) => format!("{from} is merged in{}", target(Level::Clsc, into)),
                    (Language::English, true) => format!("{from} are merged in{}", target(Level::Clsc, into)),
                }
            }
            Operation::Create { clsc } => match language {
                Language::French => format!("Un territoire de CLSC est créé{} {}", language.colon(), made(clsc)),
                Language::English => format!("A CLSC territory is created: {}", made(clsc)),
            },
            Operation::Close { clsc, homes } => match language {
                Language::French => format!("{} est aboli ; {}", subject(Level::Clsc, clsc), go(homes)),
                Language::English => format!("{} is abolished; {}", subject(Level::Clsc, clsc), go(homes)),
            },
            Operation::Rename { level, code, name } => match language {
                Language::French => {
                    format!("{} prend le nom {}", subject(*level, code), language.quoted(name))
                }
                Language::English => format!("{} takes the name {}", subject(*level, code), language.quoted(name)),
            },
            Operation::Recode { level, code, new_code } => match language {
                Language::French => format!("{} prend le code {new_code}", subject(*level, code)),
                Language::English => format!("{} takes the code {new_code}", subject(*level, code)),
            },
            Operation::MoveClscToRls { clsc, rls } => moved(subject(Level::Clsc, clsc), target(Level::Rls, rls)),
            Operation::MoveRlsToRts { rls, rts } => moved(subject(Level::Rls, rls), target(Level::Rts, rts)),
            Operation::MoveRtsToRss { rts, rss } => moved(subject(Level::Rts, rts), target(Level::Rss, rss)),
            Operation::MoveClscToRuisss { clsc, ruisss } => {
                moved(subject(Level::Clsc, clsc), target(Level::Ruisss, ruisss))
            }
            Operation::SetParents { clsc, parents } => {
                let list: Vec<String> = (Level::UPPER.into_iter().zip(parents.in_order()))
                    .map(|(level, parent)| {
                        let name = parent.name.clone().or_else(|| names(level, &parent.code));
                        to_the(level, &titled(level, &parent.code, name.as_deref(), language), language)
                    })
                    .collect();
                moved(subject(Level::Clsc, clsc), language.enumerated(&list))
            }
            Operation::Restate { .. } => language
                .pick(
                    "Des populations publiées et des partages d’aires sont rétablis",
                    "Published people and shared areas are stated again",
                )
                .to_owned(),
        }
    }

    /// Whether the subject of the sentence is several territories.
    const fn is_plural(&self) -> bool {
        matches!(self, Operation::Merge { from, .. } if from.len() > 1)
    }
}

/// The text with a capital first.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(operation: &Operation) -> [String; 2] {
        let names = |level: Level, code: &TerritoryCode| {
            let name = match (level, code.as_str()) {
                (Level::Clsc, "01111") => "Les Basques",
                (Level::Clsc, "01112") => "Ahuntsic",
                (Level::Rls, "0111") => "RLS des Basques",
                (Level::Rss, "01") => "Estrie",
                _ => return None,
            };
            Some(name.to_owned())
        };
        let words = operation.words(&names);
        [words.french.into(), words.english.into()]
    }

    #[test]
    fn an_operation_is_told_with_names_and_without_a_fault_of_french() {
        let code = TerritoryCode::new;
        let [french, english] = told(&Operation::Merge { into: code("01111"), from: vec![code("01112")] });
        assert_eq!(
            french,
            "Le territoire de CLSC d’Ahuntsic (01112) est fusionné au territoire de CLSC des Basques (01111)"
        );
        assert_eq!(
            english,
            "The CLSC territory of Ahuntsic (01112) is merged into the CLSC territory of Les Basques (01111)"
        );
        let [french, _] = told(&Operation::MoveClscToRls { clsc: code("01112"), rls: code("0111") });
        assert_eq!(french, "Le territoire de CLSC d’Ahuntsic (01112) est rattaché au RLS des Basques (0111)");
        let rename = Operation::Rename { level: Level::Rss, code: code("01"), name: "Cantons".into() };
        let [french, english] = told(&rename);
        assert_eq!(french, "La région de l’Estrie (01) prend le nom «\u{a0}Cantons\u{a0}»");
        assert_eq!(english, "The health region of Estrie (01) takes the name “Cantons”");
        let [french, _] = told(&Operation::MoveRtsToRss { rts: code("061"), rss: code("01") });
        assert_eq!(french, "Le RTS 061 est rattaché à la région de l’Estrie (01)");
        let units = ["24660001"].map(crate::domain::UnitId::new).to_vec();
        let [french, english] = told(&Operation::MoveUnits { transfers: vec![Transfer { to: code("01111"), units }] });
        assert_eq!(french, "1\u{a0}aire passe au territoire de CLSC des Basques (01111)");
        assert_eq!(english, "1\u{a0}area goes to the CLSC territory of Les Basques (01111)");
    }
}
