//! Counts, codes, people, parts and changes of the model's editions.

use std::collections::{BTreeMap, BTreeSet};

use super::{edges, rings, shared};
use crate::domain::{Hierarchy, HierarchyRow, Level, TerritoryCode};

/// RLS code to how many CLSC it holds, without the three regions that have no RLS.
fn clsc_per_rls(rows: &[HierarchyRow]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        let code = row.territories[1].code.as_str();
        if !["10", "17", "18"].contains(&&code[..2]) {
            *counts.entry(code).or_default() += 1;
        }
    }
    counts
}

fn hierarchy(edition: usize) -> Hierarchy {
    Hierarchy::new(&shared().editions[edition].rows).unwrap()
}

#[test]
fn the_first_edition_has_the_counts_of_the_ministry() {
    let hierarchy = hierarchy(0);
    let counts = Level::TERRITORIAL.map(|level| hierarchy.territories(level).len());
    assert_eq!(counts, [166, 96, 25, 18, 4]);
    let rls = clsc_per_rls(&shared().editions[0].rows);
    assert_eq!(rls.len(), 93);
    assert_eq!(rls.values().filter(|&&count| count == 1).count(), 57);
    assert_eq!(rls.values().filter(|&&count| count > 1).count(), 36);
    assert_eq!(rls["0511"], 1);
    for (region, networks, territories) in [("06", 12, 35), ("13", 1, 4), ("03", 4, 13)] {
        let inside: Vec<usize> = rls.iter().filter(|(code, _)| code.starts_with(region)).map(|(_, &n)| n).collect();
        assert_eq!((inside.len(), inside.iter().sum::<usize>()), (networks, territories), "region {region}");
    }
}

#[test]
fn ruisss_split_three_regions_and_four_rts_as_in_the_official_table() {
    let breaks = hierarchy(0).nesting_breaks();
    assert!(breaks.iter().all(|split| split.upper == Level::Ruisss));
    let split = |level| -> Vec<&str> {
        breaks.iter().filter(|split| split.lower == level).map(|split| split.code.as_str()).collect()
    };
    assert_eq!(split(Level::Rss), ["04", "06", "16"]);
    assert_eq!(split(Level::Rts), ["041", "063", "161", "162"]);
    assert!(split(Level::Rls).is_empty());
    assert_eq!(hierarchy(1).nesting_breaks(), breaks);
}

#[test]
fn codes_nest_and_every_unit_has_a_clsc_of_its_edition() {
    for edition in &shared().editions {
        assert!(!edition.header.official);
        assert!(edition.header.label.contains("pas les limites officielles"));
        let mut known = BTreeSet::new();
        for row in &edition.rows {
            let codes: Vec<&str> = row.territories.iter().map(|territory| territory.code.as_str()).collect();
            assert_eq!(codes.iter().map(|code| code.len()).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
            assert!(codes[..4].windows(2).all(|pair| pair[0].starts_with(pair[1])), "{codes:?}");
            assert!(row.territories.iter().all(|territory| !territory.name.is_empty()), "{codes:?}");
            known.insert(codes[0]);
        }
        assert_eq!(edition.attachment.len(), shared().units.ids.len());
        let used: BTreeSet<&str> = edition.attachment.iter().map(TerritoryCode::as_str).collect();
        assert_eq!(used, known, "every CLSC has a unit and every unit a CLSC");
    }
    assert!(shared().editions.is_sorted_by_key(|edition| edition.header.valid_from));
}

#[test]
fn there_are_13_700_identifiers_of_8_digits_that_no_census_uses() {
    let ids = &shared().units.ids;
    assert_eq!(ids.len(), 13_700);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    for id in ids {
        assert!(id.len() == 8 && id.starts_with("24") && id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
        assert!(id[4..].parse::<u32>().unwrap() > 5_000, "{id}");
    }
}

#[test]
fn people_add_up_to_the_stated_totals_at_every_level() {
    let model = shared();
    let first = &model.editions[0];
    let mut sums = [(); 5].map(|()| BTreeMap::new());
    let rows: BTreeMap<_, _> = first.rows.iter().map(|row| (&row.territories[0].code, row)).collect();
    for (code, &people) in first.attachment.iter().zip(&model.populations) {
        for (sum, territory) in sums.iter_mut().zip(&rows[code].territories) {
            *sum.entry(territory.code.clone()).or_insert(0) += u64::from(people);
        }
    }
    for row in &first.rows {
        for (sum, territory) in sums.iter().zip(&row.territories) {
            assert_eq!(territory.published_population, Some(sum[&territory.code]), "{}", territory.code);
        }
    }
    assert_eq!(model.populations.iter().map(|&people| u64::from(people)).sum::<u64>(), 8_225_950);
    let usual = model.populations.iter().filter(|people| (350..=900).contains(*people)).count();
    assert!(usual * 10 > model.populations.len() * 8, "{usual}");
}

#[test]
fn installations_stand_in_their_stated_clsc() {
    let model = shared();
    let mut served = BTreeSet::new();
    let mut codes = BTreeSet::new();
    for installation in &model.installations {
        let point = [installation.lon, installation.lat].map(|degrees| (degrees * 1e7).round() as i64);
        let holders: Vec<usize> = (0..rings().len()).filter(|&unit| holds(&rings()[unit], point)).collect();
        assert_eq!(holders.len(), 1, "{}", installation.name);
        let stated = installation.stated_clsc.as_deref().unwrap();
        assert_eq!(model.editions[0].attachment[holders[0]].as_str(), stated, "{}", installation.name);
        assert_eq!(installation.missions, ["CLSC"]);
        assert!(installation.code.len() == 8 && codes.insert(&installation.code), "{}", installation.code);
        served.insert(stated);
    }
    assert_eq!(served.len(), 166);
}

fn holds(ring: &[[i64; 2]], [x, y]: [i64; 2]) -> bool {
    let ends = ring.iter().cycle().skip(1);
    ring.iter().zip(ends).fold(false, |inside, (a, b)| {
        let spans = (a[1] > y) != (b[1] > y);
        let aside = i128::from(b[0] - a[0]) * i128::from(y - a[1]) - i128::from(x - a[0]) * i128::from(b[1] - a[1]);
        inside != (spans && (aside > 0) == (b[1] > a[1]))
    })
}

#[test]
fn every_clsc_is_in_one_piece_but_the_cree_villages() {
    let mut sides = BTreeMap::new();
    let mut pairs = BTreeSet::new();
    for (unit, start, end) in edges() {
        match sides.remove(&(end, start)) {
            Some(other) => _ = pairs.insert((unit.min(other), unit.max(other))),
            None => _ = sides.insert((start, end), unit),
        }
    }
    for edition in &shared().editions {
        let codes = &edition.attachment;
        let mut leader: Vec<usize> = (0..codes.len()).collect();
        let find = |leader: &[usize], mut unit: usize| {
            while leader[unit] != unit {
                unit = leader[unit];
            }
            unit
        };
        for &(a, b) in pairs.iter().filter(|(a, b)| codes[*a] == codes[*b]) {
            let (a, b) = (find(&leader, a), find(&leader, b));
            leader[a.max(b)] = a.min(b);
        }
        let mut parts: BTreeMap<&str, usize> = BTreeMap::new();
        for unit in (0..codes.len()).filter(|&unit| leader[unit] == unit) {
            *parts.entry(codes[unit].as_str()).or_default() += 1;
        }
        parts.retain(|_, count| *count > 1);
        assert_eq!(parts, BTreeMap::from([("18011", 6)]), "{}", edition.header.id);
    }
}

#[test]
fn the_second_edition_has_every_usual_kind_of_change() {
    let [first, second] = &shared().editions[..] else { panic!("two editions") };
    let mut flows: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (before, after) in first.attachment.iter().zip(&second.attachment) {
        if before != after {
            *flows.entry((before.as_str(), after.as_str())).or_default() += 1;
        }
    }
    let whole = |code| first.attachment.iter().filter(|other| other.as_str() == code).count();
    // Some areas within one RLS and between two RTS, one CLSC split, one merged, one recoded.
    let split = flows.remove(&("16311", "16312")).unwrap();
    assert!(split > 20 && split < whole("16311") - 20, "{split}");
    let expected = [
        (("03126", "03125"), 2),
        (("06512", "06511"), 4),
        (("08152", "08151"), whole("08152")),
        (("12115", "12133"), whole("12115")),
        (("16112", "16212"), 3),
    ];
    assert_eq!(flows, BTreeMap::from(expected));
    assert_eq!(second.rows.len(), 166);
    assert_eq!(second.changes.len(), 9, "{:#?}", second.changes);
    let row = |code: &str| second.rows.iter().find(|row| row.territories[0].code.as_str() == code).unwrap();
    assert_eq!(row("05111").territories[0].name, "Pommeraie");
    assert_eq!(row("12133").territories[1].code.as_str(), "1213");
    assert_eq!(row("05111").territories[0].published_population, Some(people_2021("05111")));
    assert_eq!(row("06511").territories[0].published_population, None, "its limits are not those of the figures");
    assert!(row("06511").territories[1].published_population.is_some());
    assert_eq!(row("16212").territories[2].published_population, None);
}

fn people_2021(code: &str) -> u64 {
    let facts = super::super::tables::clsc_facts();
    facts.iter().find(|fact| fact.levels[0].0.as_str() == code).unwrap().people_2021
}

#[test]
fn people_live_where_the_table_of_clsc_says() {
    let table = include_str!("../../../data/clsc.csv");
    let mut away: Vec<(f64, &str)> = Vec::new();
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let (mut people, mut lon, mut lat) = (0.0, 0.0, 0.0);
        for (unit, code) in shared().editions[0].attachment.iter().enumerate() {
            if code.as_str() == fields[0] {
                let weight = f64::from(shared().populations[unit]) / rings()[unit].len() as f64 / 1e7;
                people += f64::from(shared().populations[unit]);
                lon += weight * rings()[unit].iter().map(|point| point[0] as f64).sum::<f64>();
                lat += weight * rings()[unit].iter().map(|point| point[1] as f64).sum::<f64>();
            }
        }
        let stated = [12, 13].map(|column: usize| fields[column].parse::<f64>().unwrap());
        let shrink = stated[1].to_radians().cos();
        away.push((111.2 * ((lon / people - stated[0]) * shrink).hypot(lat / people - stated[1]), fields[0]));
    }
    // In the far north a single cell is a hundred kilometres wide.
    away.retain(|(_, code)| !["09", "10", "17"].contains(&&code[..2]));
    away.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(away[away.len() / 2].0 < 1.0, "median distance {} km", away[away.len() / 2].0);
    assert!(away[away.len() - 1].0 < 10.0, "{:?}", &away[away.len() - 10..]);
}
