//! Identity, class and who is affected, on editions small enough to check by eye.

use super::*;
use crate::domain::*;

/// An edition from `CLSC RLS RTS RSS RUISSS name: units...` a line.
fn edition(lines: &[&str]) -> Edition {
    let mut rows = Vec::new();
    let mut homes: Vec<(usize, u16)> = Vec::new();
    let mut sorted = lines.to_vec();
    sorted.sort_unstable();
    for (place, line) in (0_u16..).zip(&sorted) {
        let (head, units) = line.split_once(':').unwrap();
        let words: Vec<&str> = head.split_whitespace().collect();
        rows.push(HierarchyRow {
            territories: std::array::from_fn(|level| Territory {
                code: TerritoryCode::new(words[level]),
                name: if level == 0 { words[5].to_owned() } else { words[level].to_owned() },
                published_population: None,
            }),
        });
        homes.extend(units.split_whitespace().map(|unit| (unit.parse().unwrap(), place)));
    }
    homes.sort_unstable();
    let count = rows.len();
    Edition {
        header: EditionHeader {
            id: "e".into(),
            label: "e".into(),
            official: false,
            valid_from: "2020-01-01".parse().unwrap(),
        },
        hierarchy: Hierarchy::new(&rows).unwrap(),
        attachment: AttachmentTable::new(homes.into_iter().map(|(_, clsc)| clsc).collect(), count).unwrap(),
        straddles: Vec::new(),
    }
}

/// What is told of each territory of a level, as `before>after class modes`, in order; the unchanged left out.
fn told(before: &[&str], after: &[&str], people: &[u64], level: Level) -> Vec<String> {
    let (older, newer) = (edition(before), edition(after));
    let comparison = Comparison::of_editions(&older, &newer, people);
    let changes = Changes::new(&comparison, level, &older.header, &newer.header);
    let code = |code: &Option<TerritoryCode>| code.as_ref().map_or("-".to_owned(), ToString::to_string);
    (changes.territories.iter())
        .filter(|change| change.class != ChangeClass::Unchanged)
        .map(|change| {
            let modes: Vec<u8> = change.modes.iter().map(|mode| mode.number()).collect();
            format!("{}>{} {} {modes:?}", code(&change.from_code), code(&change.to_code), change.class.as_str())
        })
        .collect()
}

/// The units affected at a level.
fn affected(before: &[&str], after: &[&str], people: &[u64], level: Level) -> Vec<usize> {
    let (older, newer) = (edition(before), edition(after));
    let comparison = Comparison::of_editions(&older, &newer, people);
    let at = |edition: &Edition, unit: usize| {
        TerritoryIndex::new(edition.hierarchy.parent(usize::from(edition.attachment.clsc(unit)), level))
    };
    (0..people.len()).filter(|&unit| comparison.is_affected(level, at(&older, unit), at(&newer, unit))).collect()
}

const BASE: [&str; 4] = [
    "03121 0312 031 03 1 Un: 0 1 2 3",
    "03122 0312 031 03 1 Deux: 4 5 6",
    "03131 0313 031 03 1 Trois: 7 8",
    "04111 0411 041 04 2 Quatre: 9",
];

#[test]
fn two_neighbours_that_swap_most_of_their_people_keep_their_codes() {
    let after = ["03121 0312 031 03 1 Un: 0 5 6", "03122 0312 031 03 1 Deux: 1 2 3 4", BASE[2], BASE[3]];
    let people = [100; 10];
    assert_eq!(told(&BASE, &after, &people, Level::Clsc), ["03121>03121 complex [26]", "03122>03122 complex [26]"]);
    assert_eq!(affected(&BASE, &after, &people, Level::Clsc), [1, 2, 3, 5, 6]);
    assert!(told(&BASE, &after, &people, Level::Rls).is_empty());
    assert!(affected(&BASE, &after, &people, Level::Rls).is_empty());
}

#[test]
fn a_new_code_alone_affects_nobody_and_parents_that_go_on_are_the_same_parents() {
    let after = [
        "03129 0319 031 03 1 Un: 0 1 2 3",
        "03122 0319 031 03 1 Deux: 4 5 6",
        "03131 0313 031 03 1 Trois: 7 8",
        BASE[3],
    ];
    let people = [100; 10];
    assert_eq!(told(&BASE, &after, &people, Level::Clsc), ["03121>03129 recoded [27]"]);
    assert_eq!(told(&BASE, &after, &people, Level::Rls), ["0312>0319 recoded [23, 27]"]);
    assert!(affected(&BASE, &after, &people, Level::Clsc).is_empty());
}

#[test]
fn a_territory_with_another_code_that_loses_a_unit_affects_that_unit_only() {
    let after = ["03129 0312 031 03 1 Un: 0 1 2", "03122 0312 031 03 1 Deux: 3 4 5 6", BASE[2], BASE[3]];
    let people = [100; 10];
    assert_eq!(
        told(&BASE, &after, &people, Level::Clsc),
        ["03121>03129 boundary_shift [26, 27]", "03122>03122 boundary_shift [26]"]
    );
    assert_eq!(affected(&BASE, &after, &people, Level::Clsc), [3]);
}

#[test]
fn a_clsc_whose_region_changes_has_another_parent_even_where_its_rls_stays() {
    let after = [
        "03121 0312 031 03 1 Un: 0 1 2 3",
        "03122 0312 031 03 1 Deux: 4 5 6",
        "03131 0313 041 04 1 Trois: 7 8",
        BASE[3],
    ];
    let people = [100; 10];
    assert_eq!(told(&BASE, &after, &people, Level::Clsc), ["03131>03131 parent_changed [24]"]);
    assert_eq!(told(&BASE, &after, &people, Level::Rls), ["0313>0313 parent_changed [24]"]);
    assert_eq!(told(&BASE, &after, &people, Level::Rss), ["03>03 boundary_shift [26]", "04>04 complex [24, 26]"]);
    let (older, newer) = (edition(&BASE), edition(&after));
    let comparison = Comparison::of_editions(&older, &newer, &people);
    let clsc = TerritoryIndex::new(2);
    let levels: Vec<Level> =
        comparison.parent_changes(Level::Clsc, clsc, clsc).into_iter().map(|change| change.level).collect();
    assert_eq!(levels, [Level::Rts, Level::Rss]);
    assert_eq!(affected(&BASE, &after, &people, Level::Rss), [7, 8]);
}

#[test]
fn where_nobody_lives_units_decide_which_territory_goes_on() {
    let after = ["03129 0312 031 03 1 Neuf: 1 2 3", "03122 0312 031 03 1 Deux: 0 4 5 6", BASE[2], BASE[3]];
    assert_eq!(told(&BASE, &after, &[0; 10], Level::Clsc)[0], "03121>03129 boundary_shift [23, 26, 27]");
    // The one unit where people live went elsewhere: the territory of the other three is a new one.
    let mut people = [0; 10];
    people[0] = 900;
    assert_eq!(
        told(&BASE, &after, &people, Level::Clsc),
        ["03121>- abolished [29]", "03122>03122 complex [26]", "->03129 created [21]"]
    );
}

#[test]
fn a_clsc_without_units_goes_on_under_its_code_or_its_name() {
    let with = |line: &'static str| [BASE[0], BASE[1], BASE[2], BASE[3], line];
    let empty = with("04112 0411 041 04 2 Vide:");
    let people = [100; 10];
    assert!(told(&empty, &empty, &people, Level::Clsc).is_empty());
    assert_eq!(told(&empty, &with("04113 0411 041 04 2 Vide:"), &people, Level::Clsc), ["04112>04113 recoded [27]"]);
    assert_eq!(
        told(&empty, &with("04113 0411 041 04 2 Autre:"), &people, Level::Clsc),
        ["04112>- abolished [29]", "->04113 created [21]"]
    );
}
