//! The dossier: complete, self-contained, safe to print.

use super::super::*;
use super::maps::{demo, islands};
use super::operations::{code, date};
use crate::domain::*;

fn revision(operations: Vec<Operation>, base: &str) -> Revision {
    Revision {
        id: "essai".into(),
        label: "Été <b>& automne</b>".into(),
        base: base.into(),
        valid_from: date("2027-04-01"),
        official: false,
        reason: Some("Équilibrer".into()),
        operations,
    }
}

fn make(map: &super::maps::Map, operations: Vec<Operation>) -> (Dossier, Option<Maps>) {
    let revision = revision(operations, &map.base.header.id);
    let applied = revision.apply(&map.base, &map.units).unwrap();
    let editions = (&map.base, &applied.edition);
    let impact = Impact::between(&map.graph, &map.facts, &map.units, editions, CriteriaSettings::default());
    let source = MapSource {
        coverage: map.coverage.view(),
        base: &map.base,
        revised: &applied.edition,
        people: &map.facts.people,
        installations: &map.facts.installations,
    };
    (Dossier::new(&revision, &applied, impact), Maps::draw(source, Language::French))
}

/// Every tag that opens closes, in order.
fn is_balanced(page: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if tag.starts_with('!') || tag.ends_with('/') || ["meta", "br"].contains(&name) {
            continue;
        }
        if let Some(closing) = tag.strip_prefix('/') {
            if open.pop() != Some(closing) {
                return false;
            }
        } else {
            open.push(name);
        }
    }
    open.is_empty()
}

#[test]
fn a_dossier_is_one_page_that_needs_nothing_else_in_both_languages() {
    let map = islands();
    let codes: Vec<TerritoryCode> =
        map.base.hierarchy.territories(Level::Clsc).iter().map(|known| known.code.clone()).collect();
    let units: Vec<UnitId> = map.base.attachment.units(0)[..6].iter().map(|&unit| map.units.id(unit).clone()).collect();
    let operations = vec![
        Operation::MoveUnits { transfers: vec![Transfer { to: codes[1].clone(), units }] },
        Operation::Merge { into: codes[5].clone(), from: vec![codes[4].clone()] },
        Operation::Rename { level: Level::Clsc, code: codes[1].clone(), name: "L’Île <script>".into() },
        Operation::MoveClscToRls {
            clsc: codes[9].clone(),
            rls: map.base.hierarchy.territories(Level::Rls)[0].code.clone(),
        },
    ];
    let (dossier, maps) = make(map, operations);
    let maps = maps.unwrap();
    for language in [Language::French, Language::English] {
        let page = dossier.to_html(language, Some(&maps));
        assert!(is_balanced(&page));
        assert!(page.contains(if language == Language::French { "1er\u{a0}avril 2027" } else { "April\u{a0}1, 2027" }));
        assert_eq!(page.matches("<svg").count(), 2);
        let links = page.replace("http://www.w3.org/2000/svg", "");
        for outside in ["http", "<script", "<link", "src=", "@import"] {
            assert!(!links.contains(outside), "{outside}");
        }
        assert!(
            page.contains("Été &lt;b&gt;&amp; automne&lt;/b&gt;") && !page.contains("NaN") && !page.contains(">inf")
        );
    }
    let french = dossier.to_html(Language::French, Some(&maps));
    for part in [
        "Effets à chaque niveau",
        "Critères",
        "Qui est touché",
        "Projet d’avis",
        "Qui doit être informé",
        "Codes à changer",
    ] {
        assert!(french.contains(part), "{part}");
    }
    // The notice names what people join as it will be called, and says whether the institution changes.
    assert!(french.contains("à celui de <b>L’Île &lt;script&gt;</b>") && french.contains("établissement"));
    let json = dossier.to_json();
    assert_eq!(json["impact"]["levels"][0]["level"], "clsc");
    let people: u64 = dossier.impact.level(Level::Clsc).affected.people;
    assert_eq!(json["impact"]["levels"][0]["affected"]["people"], people);
    assert!(dossier.to_tell.iter().any(|known| known.who == Recipient::Population));
}

#[test]
fn nothing_moved_is_no_map_and_a_notice_that_says_so() {
    let (dossier, maps) =
        make(islands(), vec![Operation::Rename { level: Level::Rls, code: code("0001"), name: "Autre".into() }]);
    assert_eq!(maps, None);
    let page = dossier.to_html(Language::French, None);
    assert!(page.contains("Personne ne change de territoire de CLSC") && is_balanced(&page));
}

#[test]
fn the_largest_clsc_of_the_model_is_split_on_its_map_in_two() {
    let map = demo();
    let engine = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
    let largest = (0..166).max_by_key(|&clsc| engine.sums(Level::Clsc, clsc).people).unwrap();
    let mut members = map.base.attachment.units(usize::from(largest)).to_vec();
    members.sort_by_key(|&unit| map.facts.points[unit as usize]);
    let units = members[..members.len() / 2].iter().map(|&unit| map.units.id(unit).clone()).collect();
    let source = map.base.hierarchy.territories(Level::Clsc)[usize::from(largest)].code.clone();
    let free = format!("{}9", &source.as_str()[..4]);
    let part = NewClsc { code: code(&free), name: "Ouest".into(), units, parents: None };
    let (dossier, maps) = make(map, vec![Operation::Split { clsc: source, parts: vec![part] }]);
    let maps = maps.unwrap();
    assert!(is_balanced(&maps.before) && maps.after.len() < 400_000, "{}", maps.after.len());
    assert!(maps.after.contains("Ouest") && !maps.before.contains("Ouest"));
    assert_eq!(dossier.impact.level(Level::Clsc).territories.len(), 2);
    assert!(dossier.impact.levels[1..].iter().all(|level| level.territories.is_empty()));
}

#[test]
#[ignore = "writes pages to look at: cargo test --lib pages_to_look_at -- --ignored"]
fn pages_to_look_at() {
    let map = demo();
    let laval: Vec<TerritoryCode> = (map.base.hierarchy.territories(Level::Clsc).iter())
        .map(|known| known.code.clone())
        .filter(|code| code.as_str().starts_with("13"))
        .collect();
    let (dossier, maps) = make(map, vec![Operation::Merge { into: laval[0].clone(), from: laval[1..].to_vec() }]);
    let folder = std::env::temp_dir().join("rattache-dossiers");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("laval.html"), dossier.to_html(Language::French, maps.as_ref())).unwrap();
    let engine = ImpactEngine::new(&map.graph, &map.facts, &map.base, &map.base);
    let mut known = border_moves(&mut engine.clone(), &Rules::new(CriteriaSettings::default())).moves;
    known.retain(|known| known.disturbs.contains(&Level::Rts) && !known.disturbs.contains(&Level::Rss));
    let best = &known[0];
    let to = map.base.hierarchy.territories(Level::Clsc)[usize::from(best.to)].code.clone();
    let units = vec![map.units.id(best.unit).clone()];
    let (dossier, maps) = make(map, vec![Operation::MoveUnits { transfers: vec![Transfer { to, units }] }]);
    std::fs::write(folder.join("rts.html"), dossier.to_html(Language::English, maps.as_ref())).unwrap();
}
