//! Made-up addresses: one test a rule, no data needed.

use rattache::address::{
    AddressFields, AddressRecord, AddressResult, Civic, Fault, Gazetteer, GazetteerBuilder, GazetteerView, MatchType,
    Outcome, PostalBasis, PostalCode, Province, Remark, Suffix, builtin_aliases, parse, parse_fields,
};
use rattache::domain::LonLat;

/// number, suffix, type, name, direction, municipality, sector, postal code, lon, lat, unit
type Line = (
    u32,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    f64,
    f64,
    u32,
);

const LINES: [Line; 22] = [
    (1200, "", "boulevard", "Saint-Laurent", "", "Montréal", "", "H2X2S5", -73.565, 45.510, 1),
    (1204, "", "boulevard", "Saint-Laurent", "", "Montréal", "", "H2X2S5", -73.566, 45.511, 1),
    (1201, "", "boulevard", "Saint-Laurent", "", "Montréal", "", "H2X2S6", -73.569, 45.510, 2),
    (100, "", "rue", "Sherbrooke", "Ouest", "Montréal", "", "H2X1A1", -73.570, 45.512, 3),
    (100, "", "rue", "Sherbrooke", "Est", "Montréal", "", "H2X1B1", -73.560, 45.514, 4),
    (55, "", "rue", "Principale", "", "Saint-Alban", "", "G0A3B0", -72.08, 46.71, 5),
    (55, "", "rue", "Principale", "", "Saint-Basile", "", "G0A3G0", -71.81, 46.75, 6),
    (12, "A", "rue", "du Pont", "", "Saint-Alban", "", "G0A3B0", -72.081, 46.711, 5),
    (12, "1/2", "rue", "du Moulin", "", "Saint-Alban", "", "G0A3B0", -72.082, 46.712, 5),
    (300, "", "avenue", "206e", "", "Saint-Basile", "", "G0A3G0", -71.812, 46.752, 6),
    (40, "", "2e Rue", "", "", "Saint-Basile", "", "G0A3G0", -71.813, 46.753, 7),
    (8, "", "chemin", "Sainte-Foy", "", "Québec", "Sainte-Foy", "G1X1A1", -71.30, 46.77, 8),
    (8, "", "rue", "de la Fabrique", "", "Gatineau", "Hull", "J8X1A1", -75.72, 45.43, 9),
    (8, "", "rue", "de la Fabrique", "", "Gatineau", "Aylmer", "J9H1A1", -75.83, 45.40, 10),
    (1070, "", "route", "132", "Est", "Percé", "", "G0C2L0", -64.27, 48.61, 11),
    (5, "", "boulevard", "René-Lévesque", "Ouest", "Québec", "", "G1R2A1", -71.22, 46.80, 12),
    (77, "", "rue", "Beaudry", "", "Joliette", "", "J6E6A1", -73.43, 46.02, 13),
    (20, "", "rue", "de l'Est", "", "Joliette", "", "J6E6A2", -73.44, 46.03, 13),
    (9, "", "avenue", "du Parc", "", "Lachute", "", "J8H1A1", -74.33, 45.65, 14),
    (9, "", "rue", "du Parc", "", "Lachute", "", "J8H1A2", -74.35, 45.66, 15),
    (61, "", "rue", "Notre-Dame", "", "Saint-Stanislas", "", "G0X3E0", -72.40, 46.61, 16),
    (61, "", "rue", "Notre-Dame", "", "Saint-Stanislas", "", "J8B0A1", -73.98, 46.10, 17),
];

fn registry(reversed: bool) -> Gazetteer {
    let mut builder = GazetteerBuilder::new(builtin_aliases());
    let mut lines: Vec<(usize, &Line)> = LINES.iter().enumerate().collect();
    if reversed {
        lines.reverse();
    }
    for (at, &(number, suffix, kind, name, direction, municipality, sector, code, lon, lat, unit)) in lines {
        let civic = Civic { number, suffix: Suffix::parse(suffix).unwrap() };
        let (street_type, street_name) = if name.is_empty() { ("", kind) } else { (kind, name) };
        let record = AddressRecord {
            civic: Some(civic),
            range_end: None,
            apartment: "",
            street_name,
            street_type,
            direction,
            municipality,
            municipality_code: ["", "35050", "92010"][if at < 20 { 0 } else { at - 19 }],
            sector,
            postal_code: PostalCode::parse(code),
            position: LonLat::new(lon, lat).unwrap(),
            unit,
        };
        builder.add(&record).unwrap();
    }
    builder.finish().unwrap()
}

fn find(text: &str) -> AddressResult {
    registry(false).view().find_address(&parse(text))
}

fn label(text: &str) -> String {
    let result = find(text);
    assert_eq!(result.outcome, Outcome::Matched, "{text}");
    assert!(result.is_auto_accepted(), "{text} {result:?}");
    result.best.unwrap().result_label
}

#[test]
fn one_address_is_found_in_all_the_ways_it_is_written() {
    for text in [
        "1200 boul St-Laurent app 4, Montreal H2X 2S5",
        "1200, boulevard Saint-Laurent, bureau 4, Montréal (Québec) H2X2S5",
        "4-1200 St-Laurent Blvd, Montréal QC",
        "#4 1200 boul. saint laurent montreal qc canada",
        "H2X 2S5 Montréal, boul St-Laurent 1200 apt. 4",
        "APP 4 1200 BOUL SAINT LAURENT VERDUN",
        "1200, saint-laurent, boul., app. 4, Montréal",
        "unité 4, 1200 boul. St Laurent, Montréal",
    ] {
        assert_eq!(label(text), "1200, boulevard Saint-Laurent, app. 4, Montréal H2X 2S5", "{text}");
    }
}

#[test]
fn only_a_faultless_address_with_its_postal_code_scores_one() {
    let best = find("1200, boulevard Saint-Laurent, Montréal H2X 2S5").best.unwrap();
    assert!(best.faults.is_empty() && best.result_score >= 1.0);
    for (text, fault) in [
        ("1200, boulevard Saint-Laurent, Montréal", Fault::PostalCodeMissing),
        ("1200, Saint-Laurent, Montréal H2X 2S5", Fault::StreetTypeMissing),
        ("1200, avenue Saint-Laurent, Montréal H2X 2S5", Fault::StreetTypeDiffers),
        ("1200, boulevard Saint-Laurnet, Montréal H2X 2S5", Fault::Spelling),
        ("1200, boulevard Saint-Laurent, Montrael H2X 2S5", Fault::MunicipalitySpelling),
        ("1200, boulevard Saint-Laurent, Verdun H2X 2S5", Fault::MunicipalityFormer),
        ("1200, boulevard Saint-Laurent, Montréal H2X 2S6", Fault::PostalCodeNear),
        ("1200, boulevard Saint-Laurent, Joliette H2X 2S5", Fault::MunicipalityOutvoted),
        ("1200, boulevard Saint-Laurent H2X 2S5", Fault::MunicipalityMissing),
        ("1200B, boulevard Saint-Laurent, Montréal H2X 2S5", Fault::SuffixDiffers),
        ("5 boul. Lévesque O, Québec G1R 2A1", Fault::PartialName),
        ("77 rue Bodri, Joliette J6E 6A1", Fault::Phonetic),
    ] {
        let best = find(text).best.unwrap();
        assert!(best.faults.contains(&fault) && best.result_score < 1.0, "{text} {best:?}");
    }
}

#[test]
fn a_number_between_two_of_its_side_is_set_between_them_and_never_taken_unseen() {
    let result = find("1202 boulevard Saint-Laurent, Montréal");
    let best = result.best.as_ref().unwrap();
    assert_eq!(best.result_type, MatchType::Interpolated);
    assert!((best.position.lon() + 73.5655).abs() < 1e-6, "the odd side must not count");
    assert!(!result.is_auto_accepted() && best.uncertainty_m > 50.0);
    let street = find("99999 boulevard Saint-Laurent, Montréal").best.unwrap();
    assert_eq!(street.result_type, MatchType::Street);
    assert_eq!(street.units.iter().map(|unit| unit.addresses).sum::<u32>(), 3);
    assert!(street.faults.contains(&Fault::CivicOutOfRange));
}

#[test]
fn ties_are_ties() {
    for text in [
        "100 rue Sherbrooke, Montréal",
        "55 rue Principale",
        "8 rue de la Fabrique, Gatineau",
        "9 du Parc, Lachute",
        "61 rue Notre-Dame, Saint-Stanislas",
    ] {
        let result = find(text);
        assert_eq!(result.outcome, Outcome::Ambiguous, "{text} {result:?}");
        assert_eq!((result.tied, result.alternatives.len()), (2, 1), "{text}");
        assert!(result.best.unwrap().faults.contains(&Fault::Ambiguous));
    }
    for text in ["100 rue Sherbrooke Montréal H2X 1B1", "55 rue Principale G0A 3G0", "8 rue de la Fabrique, Hull"] {
        label(text);
    }
}

#[test]
fn numbers_suffixes_and_ordinals_are_told_apart() {
    assert!(label("12A rue du Pont, Saint-Alban").starts_with("12A, rue du Pont"));
    assert!(label("12-A, rue du Pont, St-Alban").starts_with("12A, rue du Pont"));
    assert!(label("12 1/2 rue du Moulin, Saint-Alban").starts_with("12 1/2, rue du Moulin"));
    assert!(label("12½ rue du Moulin, Saint-Alban").starts_with("12 1/2, rue du Moulin"));
    assert!(label("300 206e Avenue, Saint-Basile").starts_with("300, 206e Avenue"));
    assert!(label("300, 206 ième avenue, Saint-Basile").starts_with("300, 206e Avenue"));
    assert!(label("40 2nd Street, Saint-Basile").starts_with("40, 2e Rue"));
    assert!(label("1070 rte 132 E, Percé").starts_with("1070, route 132 Est"));
    assert!(label("20 rue de l'Est, Joliette").starts_with("20, rue de l'Est"));
    assert!(!find("300 207e Avenue, Saint-Basile").is_auto_accepted());
}

#[test]
fn what_is_no_place_is_said_and_not_guessed() {
    assert_eq!(find("").outcome, Outcome::Empty);
    assert_eq!(find(" ,;- ").outcome, Outcome::Empty);
    assert_eq!(find(&"rue ".repeat(2600)).outcome, Outcome::Unreadable);
    assert_eq!(find("Ottawa ON").outcome, Outcome::OtherProvince(Province::Ontario));
    assert_eq!(find("100 Sparks St, Ottawa, Ontario K1A 0A9").outcome, Outcome::OtherProvince(Province::Ontario));
    assert_eq!(find("K1A 0A9").outcome, Outcome::OtherProvince(Province::Ontario));
    assert_eq!(find("C.P. 123").outcome, Outcome::MailOnly);
    assert!(parse("RR 2, Saint-Alban").remarks.contains(&Remark::RuralRoute));
    assert!(parse("12 rue du Pont\u{7}").remarks.contains(&Remark::ControlCharacters));
    assert_eq!(find("zzz qqq").outcome, Outcome::NoMatch);
}

#[test]
fn a_municipality_or_a_postal_code_alone_is_an_area_with_all_its_units() {
    let town = find("Montréal").best.unwrap();
    assert_eq!((town.result_type, town.units.len()), (MatchType::Municipality, 4));
    let code = find("G0A 3B0").best.unwrap();
    assert_eq!((code.result_type, code.units[0].addresses), (MatchType::PostalCode, 3));
    let gazetteer = registry(false);
    let find = |code: &str| gazetteer.view().find_postal_code(PostalCode::parse(code).unwrap());
    assert!(find("H2X2S5").single && find("H2X2S5").basis == PostalBasis::Code);
    assert!(!find("G0A3G0").single && find("G0A3G0").rural);
    assert_eq!((find("H2X 9Z9").basis, find("H2X 9Z9").units.len()), (PostalBasis::Fsa, 4));
    assert_eq!(find("H9Z 9Z9").basis, PostalBasis::Unknown);
    assert_eq!(find("K1A 0A9").basis, PostalBasis::OtherProvince(Province::Ontario));
}

#[test]
fn fields_and_one_line_get_the_same_answer() {
    let gazetteer = registry(false);
    let fields = AddressFields {
        civic: "1200",
        street: "boul. St-Laurent",
        unit: "4",
        municipality: "Montréal",
        province: "QC",
        postal_code: "h2x2s5",
    };
    let line = parse("1200 boul. St-Laurent, #4, Montréal, QC, h2x2s5");
    assert_eq!(gazetteer.view().find_address(&parse_fields(&fields)), gazetteer.view().find_address(&line));
}

#[test]
fn the_order_of_the_rows_changes_no_answer_and_stored_bytes_are_the_registry() {
    let (one, other) = (registry(false), registry(true));
    let sections = one.sections();
    let stored: Vec<(&str, Vec<u32>, usize)> = sections
        .iter()
        .map(|(name, bytes)| {
            let mut words = vec![0_u32; bytes.len().div_ceil(4)];
            bytemuck::cast_slice_mut::<u32, u8>(&mut words)[..bytes.len()].copy_from_slice(bytes);
            (*name, words, bytes.len())
        })
        .collect();
    let of = |cut: Option<&str>| {
        GazetteerView::from_sections(|name| {
            let (_, words, len) = stored.iter().find(|(stored, ..)| *stored == name)?;
            let len = if cut == Some(name) { len / 2 / 4 * 4 } else { *len };
            Some(&bytemuck::cast_slice::<u32, u8>(words)[..len])
        })
    };
    let view = of(None).unwrap();
    for text in [
        "1202 boul Saint Laurent Montreal",
        "55 rue principale",
        "8 fabrique hull",
        "Saint-Basile",
        "G0A3G0",
        "9 du parc",
    ] {
        let answer = one.view().find_address(&parse(text));
        assert_eq!(view.find_address(&parse(text)), answer);
        let turned = other.view().find_address(&parse(text));
        assert_eq!((turned.outcome, turned.tied), (answer.outcome, answer.tied), "{text}");
        assert_eq!(turned.best.map(|best| best.result_score), answer.best.map(|best| best.result_score));
    }
    for name in GazetteerView::SECTIONS.iter().filter(|name| !name.ends_with("apartment")) {
        assert!(of(Some(name)).is_err(), "half of {name} was taken for the whole");
    }
}

#[test]
fn what_is_typed_is_completed() {
    let gazetteer = registry(false);
    let crowd = gazetteer.view().crowd(|_| None);
    let labels = |prefix: &str| -> Vec<String> {
        gazetteer.view().complete(&crowd, prefix, 5).into_iter().map(|completion| completion.label).collect()
    };
    assert_eq!(labels("1200 boul st-la")[0], "1200, boulevard Saint-Laurent, Montréal");
    assert_eq!(labels("mont")[0], "Montréal");
    assert_eq!(labels("h2x")[0], "H2X 2S5");
    assert_eq!(labels("rue principale saint-ba"), ["rue Principale, Saint-Basile"]);
    assert!(labels("").is_empty() && labels("zzzz").is_empty());
}

#[test]
fn an_address_elsewhere_is_not_taken_where_the_municipality_is_misspelt() {
    let gazetteer = registry(false);
    let found = gazetteer.view().find_address(&parse("8 chemin Sainte-Foy, Jolietta"));
    assert!(!found.is_auto_accepted(), "{found:?}");
    let found = gazetteer.view().find_address(&parse("77 rue Beaudry, Jolietta"));
    assert_eq!(found.best.unwrap().faults, [Fault::MunicipalitySpelling, Fault::PostalCodeMissing]);
}

#[test]
fn the_name_of_a_municipality_alone_is_the_municipality() {
    let gazetteer = registry(false);
    for text in ["Joliette", "joliette (Québec)", "C.P. 610, Joliette", "Mtl"] {
        let best = gazetteer.view().find_address(&parse(text)).best.unwrap();
        assert_eq!(best.result_type, MatchType::Municipality, "{text}");
    }
}

#[test]
fn two_places_of_one_number_have_two_identifiers_that_do_not_depend_on_the_order_of_rows() {
    let build = |reversed: bool| {
        let mut builder = GazetteerBuilder::default();
        let mut rows = [("G8B1A1", -71.6), ("G8B1A2", -71.7), ("", -71.8)];
        if reversed {
            rows.reverse();
        }
        for (code, lon) in rows {
            let record = AddressRecord {
                civic: Some(Civic::plain(5)),
                range_end: None,
                apartment: "",
                street_name: "du Pont",
                street_type: "rue",
                direction: "",
                municipality: "Alma",
                municipality_code: "",
                sector: "",
                postal_code: PostalCode::parse(code),
                position: LonLat::new(lon, 48.5).unwrap(),
                unit: 0,
            };
            builder.add(&record).unwrap();
        }
        let found = builder.finish().unwrap().view().find_address(&parse("5 rue du Pont, Alma"));
        assert_eq!((found.outcome, found.tied), (Outcome::Ambiguous, 3));
        let all = found.best.into_iter().chain(found.alternatives);
        all.map(|one| one.result_id).collect::<std::collections::BTreeSet<String>>()
    };
    assert_eq!(build(false).len(), 3);
    assert_eq!(build(false), build(true));
}

#[test]
fn completions_come_in_the_order_of_people_not_of_addresses() {
    let mut builder = GazetteerBuilder::default();
    // Three addresses in a unit of 900 people, two of them of one street; ten in a unit of 20, one of unknown people.
    let lines =
        [("Pine", "Alma", "G8B1A1", 0, 2), ("Pic", "Alma", "G8B1A1", 0, 1), ("Pin", "Albanel", "G8B1A2", 1, 10)];
    let unknown = [("Pivoines", "Alouette", "G8B1A3", 2, 1)];
    for (name, municipality, code, unit, count) in lines.into_iter().chain(unknown) {
        for place in 0..count {
            let record = AddressRecord {
                civic: Some(Civic::plain(place + 1)),
                range_end: None,
                apartment: "",
                street_name: name,
                street_type: "rue",
                direction: "",
                municipality,
                municipality_code: "",
                sector: "",
                postal_code: PostalCode::parse(code),
                position: LonLat::new(-71.6 + f64::from(place) * 0.01, 48.5).unwrap(),
                unit,
            };
            builder.add(&record).unwrap();
        }
    }
    let gazetteer = builder.finish().unwrap();
    let view = gazetteer.view();
    let ranked = |people: [Option<u32>; 3], prefix: &str| -> Vec<(String, u32)> {
        let crowd = view.crowd(|unit| people[unit as usize]);
        view.complete(&crowd, prefix, 9).into_iter().map(|one| (one.label, one.people)).collect()
    };
    let said = |list: &[(&str, u32)]| -> Vec<(String, u32)> { list.iter().map(|&(a, b)| (a.to_owned(), b)).collect() };
    let people = [Some(900), Some(20), None];
    // Where people are not known, the mean of 920 people at 13 addresses.
    let streets =
        [("rue Pine, Alma", 600), ("rue Pic, Alma", 300), ("rue Pivoines, Alouette", 71), ("rue Pin, Albanel", 20)];
    assert_eq!(ranked(people, "rue pi"), said(&streets));
    assert_eq!(ranked(people, "al"), said(&[("Alma", 900), ("Alouette", 71), ("Albanel", 20)]));
    assert_eq!(ranked(people, "G8B"), said(&[("G8B 1A1", 900), ("G8B 1A3", 71), ("G8B 1A2", 20)]));
    // With the number typed, those that have it come first.
    assert_eq!(ranked(people, "7 rue pi")[0].0, "7, rue Pin, Albanel");
    // Without people, addresses rank.
    assert_eq!(ranked([None; 3], "al"), said(&[("Albanel", 10), ("Alma", 3), ("Alouette", 1)]));
}

#[test]
fn any_text_at_all_gets_an_answer() {
    let gazetteer = registry(false);
    let crowd = gazetteer.view().crowd(|_| None);
    let mut chance = super::degrade::Chance(5);
    let pieces = [
        "1200",
        "-",
        ",",
        "#",
        "rue",
        "st",
        "e",
        "2e",
        "é",
        "½",
        "\u{0}",
        " ",
        "H2X",
        "2S5",
        "cp",
        "app",
        "à",
        "'",
        "/",
        "9",
        "Montréal",
        "O",
        "de",
        "😀",
        "K1A0A9",
        "rr",
    ];
    for _ in 0..20_000 {
        let text: String = (0..chance.below(14))
            .flat_map(|_| [pieces[chance.below(pieces.len())], [" ", "", "-"][chance.below(3)]])
            .collect();
        let result = gazetteer.view().find_address(&parse(&text));
        if let Some(best) = result.best {
            assert!((0.0..=1.0).contains(&best.result_score));
        }
        assert!(gazetteer.view().complete(&crowd, &text, 3).len() <= 3);
    }
}
