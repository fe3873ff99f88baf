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
    (Dossier::new(&revision, &map.base, &applied, impact), Maps::draw(source, Language::French))
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
    for language in Language::ALL {
        let page = dossier.to_html(language, Some(&maps));
        assert!(is_balanced(&page));
        assert!(page.contains(language.pick("1er\u{a0}avril 2027", "April\u{a0}1, 2027")));
        assert_eq!(page.matches("<svg").count(), 2 + maps.insets.len());
        for outside in ["http", "<script", "<link", "src=", "@import", "style=\""] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(
            page.contains("Été &lt;b&gt;&amp; automne&lt;/b&gt;") && !page.contains("NaN") && !page.contains(">inf")
        );
    }
    let french = dossier.to_html(Language::French, Some(&maps));
    for part in [
        "La demande",
        "Ce qui est proposé",
        "Effets à chaque niveau",
        "Ce qui s’améliore, ce qui se dégrade",
        "Ce que veut dire sa cote",
        "Qui est touché",
        "Effets à apprécier",
        "Séries statistiques rompues",
        "Projet d’avis",
        "Qui doit être informé",
        "Codes à changer",
        "Signatures",
    ] {
        assert!(french.contains(part), "{part}");
    }
    // The notice names what people join as it will be called, and says whether the institution changes.
    assert!(french.contains("à celui <b>de L’Île &lt;script&gt;</b>") && french.contains("établissement"));
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
    assert!(maps.is_none());
    let page = dossier.to_html(Language::French, None);
    assert!(page.contains("s’appelle désormais <b>Autre</b>") && is_balanced(&page));
    assert!(page.contains("restent les mêmes") && page.contains("reste le même pour tous"));
}

#[test]
fn a_clsc_that_goes_whole_to_another_institution_is_told_to_its_people_and_to_both() {
    let map = islands();
    let hierarchy = &map.base.hierarchy;
    let rls = hierarchy.parent(0, Level::Rts);
    let other = (0..hierarchy.clsc_count()).find(|&clsc| hierarchy.parent(clsc, Level::Rts) != rls).unwrap();
    let clsc = hierarchy.territories(Level::Clsc)[0].clone();
    let target = &hierarchy.territories(Level::Rls)[hierarchy.parent(other, Level::Rls)];
    let operation = Operation::MoveClscToRls { clsc: clsc.code.clone(), rls: target.code.clone() };
    let (dossier, maps) = make(map, vec![operation]);
    let people = dossier.impact.level(Level::Rts).affected.people;
    assert!(people > 0 && dossier.impact.level(Level::Clsc).affected.people == 0);
    for language in Language::ALL {
        let page = dossier.to_html(language, maps.as_ref());
        let notice = page.split("class=\"notice\"").nth(1).unwrap();
        let told = language.pick(
            "L’établissement responsable des services change pour",
            "The institution in charge of services changes for",
        );
        assert!(notice.contains(told) && notice.contains(&language.whole(people)) && notice.contains(&clsc.name));
        assert!(!notice.contains(language.pick("reste le même pour tous", "stays the same for everybody")));
    }
    let told = |who: Recipient| dossier.to_tell.iter().filter(|known| known.who == who).count();
    assert_eq!((told(Recipient::Population), told(Recipient::Institution), told(Recipient::Registers)), (1, 2, 1));
    assert!(maps.is_some(), "what goes elsewhere is drawn, though no limit of a CLSC moves");
}

#[test]
fn whatever_changes_somebody_is_told() {
    let map = islands();
    let hierarchy = &map.base.hierarchy;
    let code = |level: Level| hierarchy.territories(level)[0].code.clone();
    for level in Level::TERRITORIAL {
        let free = ["99999", "9999", "999", "99", "9"][level.territorial_index().unwrap()];
        for operation in [
            Operation::Rename { level, code: code(level), name: "Nom nouveau".into() },
            Operation::Recode { level, code: code(level), new_code: super::operations::code(free) },
        ] {
            let (dossier, _) = make(map, vec![operation.clone()]);
            let told = |who: Recipient| dossier.to_tell.iter().any(|known| known.who == who);
            assert!(told(Recipient::Registers), "{operation:?}");
            assert!(told(Recipient::Institution), "{operation:?}");
        }
    }
    let (dossier, _) = make(map, Vec::new());
    assert!(dossier.to_tell.is_empty());
    assert!(dossier.to_html(Language::French, None).contains("Rien ne change pour la population"));
}

#[test]
fn a_grade_that_falls_is_told_and_so_are_the_people_out_of_the_range() {
    let map = demo();
    let laval: Vec<TerritoryCode> = (map.base.hierarchy.territories(Level::Clsc).iter())
        .map(|known| known.code.clone())
        .filter(|code| code.as_str().starts_with("13"))
        .collect();
    let (dossier, _) = make(map, vec![Operation::Merge { into: laval[0].clone(), from: laval[1..].to_vec() }]);
    let worse: Vec<&Effect> = dossier.effects.iter().filter(|effect| !effect.better).collect();
    let fell = worse.iter().find(|effect| effect.code == laval[1] && effect.before.criterion == "people").unwrap();
    assert!(fell.compared_with.as_ref() == Some(&laval[0]) && fell.before.grade < fell.after.grade);
    let out = dossier.weighed.iter().find(|known| known.measure == Measure::PeopleOutOfRange).unwrap();
    let concerned: u64 =
        dossier.impact.criteria.iter().filter_map(|known| known.after.as_ref()).map(ClscCriteria::people).sum();
    assert!((out.after - concerned as f64).abs() < 0.5);
    assert!(dossier.to_html(Language::French, None).contains(&format!("comparé à {}", laval[0])));
}

#[test]
fn a_yardstick_that_is_not_the_usual_one_is_flagged_and_a_refusal_says_why() {
    let map = islands();
    let units: Vec<UnitId> = map.base.attachment.units(0)[..3].iter().map(|&unit| map.units.id(unit).clone()).collect();
    let to = map.base.hierarchy.territories(Level::Clsc)[1].code.clone();
    let (mut dossier, _) = make(map, vec![Operation::MoveUnits { transfers: vec![Transfer { to, units }] }]);
    assert!(!dossier.to_html(Language::French, None).contains("Valeurs autres que celles d’usage"));
    dossier.impact.settings.most_people = 40_000;
    let said = |to: State, reason: &str| Decision {
        to,
        reason: Some(reason.into()),
        accepts: Vec::new(),
        who: "Grace".into(),
        at: "2026-11-23T17:26:41Z".into(),
    };
    let dossier = dossier.with_record(Record {
        author: "Ada".into(),
        created_at: "2026-11-20T12:00:00Z".into(),
        state: State::Refused,
        version: 4,
        comments: vec![Comment {
            at: "2026-11-21T12:00:00Z".into(),
            who: "Bob".into(),
            text: "À revoir <vite>".into(),
        }],
        judgements: vec![Judgement {
            aspect: Aspect::PublicHealth,
            text: "Défavorable : accès réduit.".into(),
            who: "Dr Roy".into(),
            at: "2026-11-22T12:00:00Z".into(),
        }],
        decisions: vec![said(State::Draft, "Carte illisible."), said(State::Refused, "Trop loin.")],
        accepted: Vec::new(),
    });
    let page = dossier.to_html(Language::French, None);
    for part in [
        "Valeurs autres que celles d’usage",
        "de 25\u{202f}000 à 40\u{202f}000 personnes",
        "Révision refusée.",
        "Aucun avis",
        "Trop loin.",
        "retournée pour correction",
        "À revoir &lt;vite&gt;",
        "Défavorable : accès réduit.",
        "Dr Roy, 22\u{a0}novembre 2026",
    ] {
        assert!(page.contains(part), "{part}");
    }
    for word in ["refused", "in_analysis", "draft", "public_health"] {
        assert!(!page.contains(word), "{word}");
    }
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
    let [before, after] = [maps.before, maps.after].map(maud::Markup::into_string);
    assert!(is_balanced(&before) && after.len() < 400_000, "{}", after.len());
    assert!(after.contains("Ouest") && !before.contains("Ouest"));
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
