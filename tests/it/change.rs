//! One classifier of change: what a revision is said to do, and what a series says of its two editions, never differ.

use std::collections::{BTreeMap, BTreeSet};

use rattache::atlas::Atlas;
use rattache::change::Changes;
use rattache::domain::{ChangeClass, Edition, Level, TerritoryCode, UnitId};
use rattache::revision::{
    CriteriaSettings, Impact, ImpactEngine, NewClsc, Operation, Parent, Parents, Revision, Transfer, Workbench, apply,
    write_affected,
};
use rattache::series::{UnitJoin, UnitWeights, classify_changes};

use crate::http::{atlas_of, demo_bytes};
use crate::maps::Seeded;
use crate::revision::{code, demo_file, run};

/// A random operation at the scale of real ones, not always legal.
fn operation(random: &mut Seeded, edition: &Edition, bench: &Workbench) -> Operation {
    let hierarchy = &edition.hierarchy;
    let clsc = hierarchy.territories(Level::Clsc);
    let own = random.below(clsc.len());
    let members = |clsc: usize| -> Vec<UnitId> {
        edition.attachment.units(clsc).iter().map(|&unit| bench.units.id(unit).clone()).collect()
    };
    let any = |random: &mut Seeded, level: Level| {
        let list = hierarchy.territories(level);
        list[random.below(list.len())].code.clone()
    };
    let fresh = |random: &mut Seeded, length: u32| {
        code(&format!("{:0width$}", random.below(10_usize.pow(length)), width = length as usize))
    };
    // A neighbour across one of its limits.
    let neighbour = edition.attachment.units(own).iter().find_map(|&unit| {
        let links = bench.graph.neighbours(unit).iter();
        links.map(|link| usize::from(edition.attachment.clsc(link.unit as usize))).find(|&other| other != own)
    });
    let other = neighbour.unwrap_or_else(|| random.below(clsc.len()));
    let (mine, theirs) = (members(own), members(other));
    match random.below(11) {
        0 => Operation::MoveUnits {
            transfers: vec![Transfer {
                to: clsc[other].code.clone(),
                units: mine[..=random.below(mine.len())].to_vec(),
            }],
        },
        1 => {
            // Most of two neighbours swapped.
            let most = |list: &[UnitId]| list[..(list.len() * 3).div_ceil(4).min(list.len() - 1).max(1)].to_vec();
            Operation::MoveUnits {
                transfers: vec![
                    Transfer { to: clsc[other].code.clone(), units: most(&mine) },
                    Transfer { to: clsc[own].code.clone(), units: most(&theirs) },
                ],
            }
        }
        2 => Operation::Split {
            clsc: clsc[own].code.clone(),
            parts: vec![NewClsc {
                code: fresh(random, 5),
                name: "Neuf".into(),
                units: mine[..=random.below(mine.len())].to_vec(),
                parents: None,
            }],
        },
        3 => Operation::Merge { into: clsc[own].code.clone(), from: vec![clsc[other].code.clone()] },
        4 => {
            let parent = |random: &mut Seeded, level: Level| Parent { code: any(random, level), name: None };
            let parents = Some(Parents {
                rls: parent(random, Level::Rls),
                rts: parent(random, Level::Rts),
                rss: parent(random, Level::Rss),
                ruisss: parent(random, Level::Ruisss),
            });
            let mut units = mine[..mine.len() / 2].to_vec();
            units.extend_from_slice(&theirs[..theirs.len() / 2]);
            Operation::Create { clsc: NewClsc { code: fresh(random, 5), name: "Réuni".into(), units, parents } }
        }
        5 => Operation::Close {
            clsc: clsc[own].code.clone(),
            homes: vec![Transfer { to: clsc[other].code.clone(), units: mine }],
        },
        6 => {
            let level = Level::TERRITORIAL[random.below(5)];
            Operation::Recode {
                level,
                code: any(random, level),
                new_code: fresh(random, level.code_length().unwrap() as u32),
            }
        }
        7 => Operation::MoveClscToRls { clsc: clsc[own].code.clone(), rls: any(random, Level::Rls) },
        8 => Operation::MoveRlsToRts { rls: any(random, Level::Rls), rts: any(random, Level::Rts) },
        9 => Operation::MoveRtsToRss { rts: any(random, Level::Rts), rss: any(random, Level::Rss) },
        _ => Operation::MoveClscToRuisss { clsc: clsc[own].code.clone(), ruisss: any(random, Level::Ruisss) },
    }
}

type Told = BTreeMap<(Option<TerritoryCode>, Option<TerritoryCode>), (ChangeClass, u64, u64, Vec<String>)>;

fn of_series(changes: &Changes) -> Told {
    (changes.territories.iter().filter(|change| change.class != ChangeClass::Unchanged))
        .map(|change| {
            let parents = change.parents.iter().map(|parent| format!("{parent:?}")).collect();
            (
                (change.from_code.clone(), change.to_code.clone()),
                (change.class, change.people_in, change.people_out, parents),
            )
        })
        .collect()
}

fn of_impact(impact: &Impact, level: Level) -> Told {
    (impact.level(level).territories.iter())
        .map(|known| {
            let [before, after] = [&known.before, &known.after].map(|side| side.as_ref().map(|side| side.code.clone()));
            let people = |flows: &[rattache::revision::Flow]| flows.iter().map(|flow| flow.people).sum::<u64>();
            let parents = known.parents_changed.iter().map(|parent| format!("{parent:?}")).collect();
            ((before, after), (known.class, people(&known.gained), people(&known.lost), parents))
        })
        .collect()
}

fn code_of(edition: &Edition, unit: usize, level: Level) -> &TerritoryCode {
    let clsc = usize::from(edition.attachment.clsc(unit));
    &edition.hierarchy.territories(level)[edition.hierarchy.parent(clsc, level)].code
}

/// Holds what a revision is said to do against what series say of its two editions, and both against the units themselves.
fn agree(bench: &Workbench, join: &UnitJoin, base: &Edition, revised: &Edition) -> BTreeSet<&'static str> {
    let (units, facts) = (&bench.units, &bench.facts);
    let impact = Impact::between(&bench.graph, facts, units, (base, revised), CriteriaSettings::default());
    let mut listed = Vec::new();
    let before = ImpactEngine::new(&bench.graph, facts, base, base);
    let after = ImpactEngine::new(&bench.graph, facts, base, revised);
    write_affected(&mut listed, units, &before, &after).unwrap();
    let listed: BTreeSet<String> = (String::from_utf8(listed).unwrap().lines().skip(1))
        .map(|row| row.split(',').next().unwrap().to_owned())
        .collect();
    let (mut expected, mut classes) = (BTreeSet::new(), BTreeSet::new());
    for level in Level::TERRITORIAL {
        let changes = classify_changes(base, revised, join, level).unwrap();
        let (series, simulated) = (of_series(&changes), of_impact(&impact, level));
        assert_eq!(series, simulated, "{level}");
        classes.extend(series.values().map(|known| known.0.as_str()));
        let goes_on: BTreeSet<(&TerritoryCode, &TerritoryCode)> = (changes.territories.iter())
            .filter_map(|change| Some((change.from_code.as_ref()?, change.to_code.as_ref()?)))
            .collect();
        let affected: Vec<usize> = (0..units.len())
            .filter(|&unit| !goes_on.contains(&(code_of(base, unit, level), code_of(revised, unit, level))))
            .collect();
        let told = impact.level(level).affected;
        assert_eq!(affected.len(), told.units as usize, "{level}");
        assert_eq!(affected.iter().map(|&unit| facts.people[unit]).sum::<u64>(), told.people, "{level}");
        for &unit in &affected {
            assert_ne!(code_of(base, unit, level), code_of(revised, unit, level), "{level}");
        }
        expected.extend(affected.iter().map(|&unit| units.id(unit as u32).to_string()));
    }
    assert_eq!(listed, expected);
    classes
}

/// Random revisions of every edition of an atlas; gives the classes that were met.
fn hold(atlas: &Atlas, revisions: usize) -> BTreeSet<&'static str> {
    let bench = Workbench::new(atlas);
    let people = (0..atlas.unit_count()).map(|unit| atlas.people(unit).unwrap_or(0)).collect();
    let join = UnitJoin::same_units(&UnitWeights::new(people, atlas.areas_m2().to_vec()));
    let mut met = BTreeSet::new();
    for (seed, base) in (1..).zip(atlas.editions().map(|view| view.to_edition())) {
        let mut random = Seeded(seed);
        for _ in 0..revisions {
            let mut revised = base.clone();
            for _ in 0..=random.below(4) {
                let step = operation(&mut random, &revised, &bench);
                if let Ok(applied) = apply(&revised, &bench.units, revised.header.clone(), &[step]) {
                    revised = applied.edition;
                }
            }
            met.extend(agree(&bench, &join, &base, &revised));
        }
    }
    met
}

#[test]
fn on_random_revisions_of_both_editions_simulate_and_series_never_differ() {
    let met = hold(&atlas_of(demo_bytes()), 12);
    assert!(met.len() >= 6, "the revisions drawn go through nearly every class: {met:?}");
}

#[test]
fn on_random_revisions_of_the_real_codes_simulate_and_series_never_differ() {
    let Some(atlas) = crate::official::sample() else { return };
    let met = hold(atlas, 14);
    assert!(met.len() >= 5, "{met:?}");
}

/// Two neighbours that swap most of their people, through the commands themselves.
#[test]
fn two_neighbours_that_swap_most_of_their_people_are_told_alike_by_both_commands() {
    let atlas = atlas_of(demo_bytes());
    let base = atlas.edition(atlas.edition_count() - 1).to_edition();
    let bench = Workbench::new(&atlas);
    let list = base.hierarchy.territories(Level::Clsc);
    let mut random = Seeded(5);
    let swap = std::iter::repeat_with(|| operation(&mut random, &base, &bench))
        .find(|step| matches!(step, Operation::MoveUnits { transfers } if transfers.len() == 2))
        .unwrap();
    let Operation::MoveUnits { transfers } = &swap else { unreachable!() };
    let moved: usize = transfers.iter().map(|transfer| transfer.units.len()).sum();
    let revision = Revision {
        id: "echange".into(),
        label: "Échange".into(),
        base: base.header.id.clone(),
        valid_from: "2030-04-01".parse().unwrap(),
        official: false,
        reason: None,
        operations: vec![swap.clone()],
    };
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("echange.toml"), revision.to_toml().unwrap()).unwrap();
    let (file, table) = (path("echange.toml"), path("touchees.csv"));
    let text = run(&["revision", "simulate", &file, "--format", "json", "--affected", &table]).unwrap();
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    let clsc = &told["impact"]["levels"][0];
    let classes: Vec<&str> =
        clsc["territories"].as_array().unwrap().iter().map(|known| known["class"].as_str().unwrap()).collect();
    assert_eq!(classes, ["complex", "complex"]);
    assert_eq!(clsc["affected"]["units"], moved);
    assert_eq!(std::fs::read_to_string(&table).unwrap().lines().count(), moved + 1);
    let demo = demo_file().display().to_string();
    let mut out = Vec::new();
    let words = ["rattache", "series", "changes", "--from", &base.header.id, "--to", &file, "--atlas", &demo];
    rattache::cli::run(words.iter().chain(&["--format", "json"]).map(Into::into), &mut out).unwrap();
    let series: serde_json::Value = serde_json::from_slice(&out).unwrap();
    for transfer in transfers {
        let own = list.iter().find(|known| known.code == transfer.to).unwrap();
        let found =
            series["territories"].as_array().unwrap().iter().find(|known| known["from_code"] == own.code.as_str());
        assert_eq!(found.unwrap()["class"], "complex");
    }
}
