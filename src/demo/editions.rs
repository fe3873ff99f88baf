//! The two editions of the model: the one of 2017, and a later one with every usual kind of change.

use std::collections::BTreeMap;

use super::cells::Neighbours;
use super::changes::Draft;
use super::sites::Site;
use super::tables::ClscFacts;
use super::{Date, DemoEdition, EditionHeader, HierarchyRow, Territory, TerritoryCode};

/// A CLSC of an edition: code and name of itself and of all above it.
pub(super) type Names = [(TerritoryCode, String); 5];

/// The edition that holds the stated 166 CLSC.
pub(super) fn first(sites: &[Site], facts: &[ClscFacts]) -> DemoEdition {
    let attachment: Vec<TerritoryCode> =
        sites.iter().map(|site| facts[usize::from(site.clsc)].levels[0].0.clone()).collect();
    let names: Vec<Names> = facts.iter().map(|fact| fact.levels.clone()).collect();
    let people = |fact: &ClscFacts| fact.people_2016;
    DemoEdition {
        header: EditionHeader {
            id: "demo-2017-07-01".to_owned(),
            label: "Modèle de démonstration du Québec, 2017 — ce ne sont pas les limites officielles".to_owned(),
            official: false,
            valid_from: Date::new(2017, 7, 1).expect("1 July is a day of every year"),
        },
        rows: rows(&names, &attachment, sites, facts, people),
        attachment,
        changes: Vec::new(),
    }
}

/// The edition after the changes; the model's own, none of them the ministry's, save three names.
pub(super) fn second(
    base: &DemoEdition,
    sites: &[Site],
    facts: &[ClscFacts],
    neighbours: &Neighbours,
    people: &[u32],
) -> DemoEdition {
    let names = facts.iter().map(|fact| fact.levels.clone()).collect();
    let mut draft = Draft::new(names, base.attachment.clone(), sites, neighbours, people);
    draft.transfer("06512", "06511", 4);
    draft.transfer("16112", "16212", 3);
    draft.transfer("03126", "03125", 2);
    draft.rename("05111", "Pommeraie");
    draft.rename("05121", "Haute-Yamaska");
    draft.rename("05171", "Sources");
    draft.split("16311", "Vaudreuil", "16312", "Soulanges", 0.35);
    draft.merge("08152", "08151", "Témiscamingue");
    draft.move_to("12115", "1213", "12133");
    let (names, attachment, changes) = draft.finish();
    DemoEdition {
        header: EditionHeader {
            id: "demo-2022-04-01".to_owned(),
            label: "Modèle de démonstration du Québec, 2022 — ce ne sont pas les limites officielles".to_owned(),
            official: false,
            valid_from: Date::new(2022, 4, 1).expect("1 April is a day of every year"),
        },
        rows: rows(&names, &attachment, sites, facts, |fact| fact.people_2021),
        attachment,
        changes,
    }
}

/// Rows with the people stated for each territory that is a union of whole CLSC of the facts, and for no other.
fn rows(
    names: &[Names],
    attachment: &[TerritoryCode],
    sites: &[Site],
    facts: &[ClscFacts],
    people: impl Fn(&ClscFacts) -> u64,
) -> Vec<HierarchyRow> {
    let place: BTreeMap<&TerritoryCode, usize> =
        names.iter().enumerate().map(|(place, levels)| (&levels[0].0, place)).collect();
    let mut whole = vec![0_usize; facts.len()];
    let mut parts: BTreeMap<(usize, &TerritoryCode), BTreeMap<u16, usize>> = BTreeMap::new();
    for (site, code) in sites.iter().zip(attachment) {
        whole[usize::from(site.clsc)] += 1;
        for (level, (code, _)) in names[place[code]].iter().enumerate() {
            *parts.entry((level, code)).or_default().entry(site.clsc).or_default() += 1;
        }
    }
    let published = |level, code| {
        let parts: &BTreeMap<u16, usize> = parts.get(&(level, code))?;
        let known = parts.iter().all(|(&clsc, &cells)| whole[usize::from(clsc)] == cells);
        known.then(|| parts.keys().map(|&clsc| people(&facts[usize::from(clsc)])).sum())
    };
    names
        .iter()
        .map(|levels| HierarchyRow {
            territories: std::array::from_fn(|level| Territory {
                code: levels[level].0.clone(),
                name: levels[level].1.clone(),
                published_population: published(level, &levels[level].0),
            }),
        })
        .collect()
}
