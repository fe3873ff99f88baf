//! The lines of `rattache resolve` that only addresses, postal codes and points of service have.

use crate::domain::Language;
use std::io::Write;

use super::words::{metres, say};
use crate::address::{Outcome, Words};
use crate::resolve::{Basis, MatchReport, PostalGround, PostalReport, PostalStatus, Resolution};

/// Dissemination areas and places shown before the rest is only counted.
const SHOWN: usize = 12;

fn line(out: &mut dyn Write, name: &str, value: &str) -> std::io::Result<()> {
    writeln!(out, "{name:<22}{value}")
}

/// What was found, before the territories.
pub fn lead(answer: &Resolution<'_>, lang: Language, out: &mut dyn Write) -> std::io::Result<()> {
    if let Some(report) = &answer.matched {
        address(report, lang, out)?;
    }
    if let Some(report) = &answer.postal_code {
        postal_code(report, lang, out)?;
    }
    if let Some(installation) = answer.installation {
        line(out, "Installation", &format!("{} {}", installation.code, installation.name))?;
    }
    if let Some(basis) = answer.basis {
        let word = match basis {
            Basis::Residence => say(lang, "lieu de résidence", "place of residence"),
            Basis::UsualPlace => say(lang, "lieu habituel de séjour", "usual place"),
            Basis::ServicePoint => say(lang, "point de service", "point of service"),
        };
        line(out, say(lang, "Motif", "Basis"), word)?;
    }
    Ok(())
}

fn address(report: &MatchReport<'_>, lang: Language, out: &mut dyn Write) -> std::io::Result<()> {
    let outcome = match report.outcome {
        Outcome::Matched => say(lang, "trouvée", "found").to_owned(),
        Outcome::Ambiguous => {
            format!("{} {}", report.tied, say(lang, "lieux aussi bons, aucun choisi", "places as good, none chosen"))
        }
        Outcome::NoMatch => say(lang, "introuvable dans le registre", "not in the registry").to_owned(),
        Outcome::OtherProvince(other) => {
            format!("{} {}", say(lang, "hors du Québec :", "outside Québec:"), word(lang, other.words()))
        }
        Outcome::OtherCountry => say(lang, "hors du Canada", "outside Canada").to_owned(),
        Outcome::MailOnly => {
            say(lang, "adresse postale seulement, pas un lieu", "a mailing address, not a place").to_owned()
        }
        Outcome::Empty => say(lang, "vide", "empty").to_owned(),
        Outcome::Unreadable => say(lang, "trop longue pour une adresse", "too long for an address").to_owned(),
    };
    line(out, say(lang, "Adresse", "Address"), report.result_label.as_deref().unwrap_or(&outcome))?;
    if let Some(kind) = report.result_type {
        let uncertainty =
            report.uncertainty_m.map_or_else(String::new, |radius| format!(", ± {}", metres(lang, radius)));
        let taken = if report.auto_accepted {
            ""
        } else {
            say(lang, " — à vérifier par une personne", " — to be checked by a person")
        };
        let value = format!(
            "{}, {} {:.3}{uncertainty}{taken}",
            word(lang, kind.words()),
            say(lang, "cote", "score"),
            report.result_score
        );
        line(out, say(lang, "Correspondance", "Match"), &value)?;
    }
    let faults: Vec<&str> = report.faults.iter().map(|&fault| word(lang, fault.words())).collect();
    if !faults.is_empty() {
        line(out, say(lang, "Écarts", "Faults"), &faults.join(" ; "))?;
    }
    let remarks: Vec<&str> =
        report.remarks.iter().filter_map(|&remark| remark.words().map(|words| word(lang, words))).collect();
    if !remarks.is_empty() {
        line(out, say(lang, "Remarques", "Remarks"), &remarks.join(" ; "))?;
    }
    for (place, other) in report.alternatives.iter().enumerate() {
        let clsc: Vec<&str> = other.clsc.iter().map(|clsc| clsc.code).collect();
        let head = match (place, report.outcome) {
            (0, Outcome::Ambiguous) => say(lang, "Lieux possibles", "Possible places"),
            (0, _) => say(lang, "Autres lieux", "Other places"),
            _ => "",
        };
        line(out, head, &format!("{} ({:.3}; CLSC {})", other.result_label, other.result_score, clsc.join(", ")))?;
    }
    Ok(())
}

fn postal_code(report: &PostalReport<'_>, lang: Language, out: &mut dyn Write) -> std::io::Result<()> {
    let ground = match report.ground {
        PostalGround::Code => String::new(),
        PostalGround::Fsa => {
            format!(" — {} {}", say(lang, "code inconnu, étendue de", "unknown code, spread of"), report.code.fsa())
        }
        PostalGround::Unknown => say(lang, " — inconnu", " — unknown").to_owned(),
        PostalGround::OtherProvince => format!(" — {}", word(lang, report.province.words())),
    };
    let rural = if report.rural { say(lang, " (rural)", " (rural)") } else { "" };
    line(out, say(lang, "Code postal", "Postal code"), &format!("{}{rural}{ground}", report.code))?;
    let status = match report.status {
        PostalStatus::Single => say(lang, "un seul CLSC", "one CLSC"),
        PostalStatus::Split => say(lang, "partagé entre plusieurs CLSC", "split between several CLSC"),
        PostalStatus::None => return Ok(()),
    };
    let spread = report
        .spread_m
        .map_or_else(String::new, |spread| format!(", {} {}", say(lang, "étendue", "spread"), metres(lang, spread)));
    let value = format!("{status}, {} {}{spread}", report.addresses, say(lang, "adresses", "addresses"));
    line(out, say(lang, "Répartition", "Share"), &value)?;
    for (place, area) in report.dissemination_areas.iter().take(SHOWN).enumerate() {
        let head = if place == 0 { say(lang, "Aires de diffusion", "Dissemination areas") } else { "" };
        line(out, head, &format!("{} {} (CLSC {})", percent(lang, area.share), area.code, area.clsc.code))?;
    }
    let more = report.dissemination_areas.len().saturating_sub(SHOWN);
    if more > 0 {
        line(out, "", &format!("{} {more}", say(lang, "et d'autres :", "and others:")))?;
    }
    Ok(())
}

/// Every CLSC that the answer could be, where there are several.
pub fn shares(answer: &Resolution<'_>, lang: Language, out: &mut dyn Write) -> std::io::Result<()> {
    let Some(territories) = answer.territories.as_deref().filter(|list| list.len() > 1) else { return Ok(()) };
    for (place, share) in territories.iter().enumerate() {
        let head = if place == 0 { say(lang, "CLSC possibles", "Possible CLSC") } else { "" };
        let clsc = share.lineage.clsc;
        line(out, head, &format!("{} {} {}", percent(lang, share.share), clsc.code, clsc.name))?;
    }
    Ok(())
}

fn percent(lang: Language, share: f64) -> String {
    let text = format!("{:>5.1} %", share * 100.0);
    match lang {
        Language::French => text.replace('.', ","),
        Language::English => text,
    }
}

fn word(lang: Language, Words(french, english): Words) -> &'static str {
    say(lang, french, english)
}
