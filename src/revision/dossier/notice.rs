//! What is said to the population, and who else must be told.

use std::fmt::Write as _;

use super::html::escape;
use super::sections::heading;
use super::{Dossier, Recipient};
use crate::domain::Language;
use crate::domain::Level;
use crate::revision::impact::{Flow, TerritoryImpact};

/// A draft notice to the population: plain words, and what only the institution knows in brackets.
pub(super) fn notice(page: &mut String, dossier: &Dossier, language: Language) {
    heading(page, language, "Projet d’avis à la population", "Draft notice to the population");
    let clsc = dossier.impact.level(Level::Clsc);
    let moved: Vec<&Flow> = clsc.territories.iter().flat_map(|known| &known.lost).collect();
    let day = language.day(dossier.revision.valid_from);
    page.push_str("<div class=\"notice\">");
    if moved.is_empty() {
        let text = language.pick(
            "Personne ne change de territoire de CLSC. Les services et les points de service restent les mêmes.",
            "Nobody changes CLSC territory. Services and points of service stay the same.",
        );
        let _ = writeln!(page, "<p>{text}</p></div>");
        return;
    }
    // People know the territory they leave by its name of today, and learn the one they join by its new name.
    let side = |after: bool, code: &str| {
        let of = |known: &TerritoryImpact| {
            let standing = if after { known.after.as_ref() } else { known.before.as_ref() };
            standing.filter(|standing| standing.code.as_str() == code).map(|standing| escape(&standing.name))
        };
        clsc.territories.iter().find_map(of).unwrap_or_else(|| escape(code))
    };
    let _ = write!(
        page,
        "<p>{} {day}{}</p><ul>",
        language.pick("À compter du", "From"),
        language.pick(
            ", le territoire de CLSC dont dépendent certains secteurs change :",
            ", the CLSC territory of some areas changes:"
        )
    );
    for flow in moved {
        let _ = write!(
            page,
            "<li>{} <b>{}</b> {} <b>{}</b> ({} {})</li>",
            language.pick("les secteurs qui passent du territoire de", "areas that go from the territory of"),
            side(false, flow.from.as_str()),
            language.pick("à celui de", "to that of"),
            side(true, flow.to.as_str()),
            language.whole(flow.people),
            language.pick("personnes", "people")
        );
    }
    page.push_str("</ul>");
    let _ = write!(
        page,
        "<p>{}</p>",
        language.pick("[Joindre le plan des secteurs et la liste des rues.]", "[Add the map and the list of streets.]")
    );
    let institutions = &dossier.impact.level(Level::Rts);
    for flow in institutions.territories.iter().flat_map(|known| &known.lost) {
        let name = |code: &str| {
            (institutions.territories.iter())
                .flat_map(|known| known.after.iter().chain(&known.before))
                .find(|standing| standing.code.as_str() == code)
                .map_or_else(|| escape(code), |standing| escape(&standing.name))
        };
        let _ = write!(
            page,
            "<p>{} {} {}{} {} ({}{} {}).</p>",
            language.pick("Pour", "For"),
            language.whole(flow.people),
            language.pick(
                "de ces personnes, l’établissement responsable des services change aussi",
                "of these people, the institution in charge of services changes too"
            ),
            language.colon(),
            name(flow.to.as_str()),
            language.pick("jusque-là", "until then"),
            language.colon(),
            name(flow.from.as_str())
        );
    }
    if institutions.affected.units == 0 {
        let _ = write!(
            page,
            "<p>{}</p>",
            language.pick(
                "L’établissement (CISSS ou CIUSSS) responsable des services reste le même.",
                "The institution (CISSS or CIUSSS) in charge of services stays the same."
            )
        );
    }
    let _ = writeln!(
        page,
        "<p>{}</p><p>{}</p></div>",
        language.pick(
            "Les rendez-vous déjà pris et les suivis en cours ne sont pas touchés par ce changement de territoire. [À confirmer \
             par l’établissement.]",
            "Appointments already made and care under way are not affected by this change of territory. [To be confirmed by \
             the institution.]"
        ),
        language.pick(
            "Pour savoir de quel CLSC dépend une adresse : [coordonnées de l’établissement] ou Info-Santé 811.",
            "To know which CLSC an address belongs to: [contact of the institution] or Info-Santé 811."
        )
    );
}

/// Who must be told, a line a recipient of the same kind.
pub(super) fn to_tell(page: &mut String, dossier: &Dossier, language: Language) {
    heading(page, language, "Qui doit être informé", "Who must be told");
    page.push_str("<ul>");
    let mut list = dossier.to_tell.as_slice();
    while let Some(first) = list.first() {
        let count = list.iter().take_while(|known| known.who == first.who).count();
        let (same, rest) = list.split_at(count);
        list = rest;
        let named: Vec<String> = (same.iter())
            .filter(|known| !known.code.is_empty())
            .map(|known| match known.who {
                Recipient::Installation => format!("{} ({})", escape(&known.name), escape(&known.code)),
                _ => format!("{} {}", escape(&known.code), escape(&known.name)),
            })
            .collect();
        let _ = write!(page, "<li>{}", language.recipient(first.who));
        match named.as_slice() {
            [] => {}
            [one] => {
                let _ = write!(page, "{} {one}", language.colon());
            }
            many => {
                let _ = write!(page, "<ul><li>{}</li></ul>", many.join("</li><li>"));
            }
        }
        page.push_str("</li>");
    }
    page.push_str("</ul>\n");
}
