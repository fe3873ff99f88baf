//! What may be taken without a person looking, and what may not: made-up registries, a rule each.

use rattache::address::{
    AddressRecord, AddressResult, Fault, Gazetteer, GazetteerBuilder, MatchType, NO_UNIT, Outcome, PostalCode,
    Province, Remark, builtin_aliases, parse, repaired,
};
use rattache::domain::LonLat;

/// A registry of lines as people write them: number and street, municipality, postal code; a kilometre apart.
fn registry(rows: &[(&str, &str, &str)]) -> Gazetteer {
    let mut builder = GazetteerBuilder::new(builtin_aliases());
    for (place, (line, municipality, code)) in rows.iter().enumerate() {
        let line = repaired(line);
        let read = parse(&line);
        let reading = &read.readings[0];
        builder
            .add(&AddressRecord {
                civic: reading.civic,
                range_end: reading.range_end,
                apartment: "",
                street_name: reading.street_source(&line),
                street_type: "",
                direction: "",
                municipality,
                municipality_code: "",
                sector: "",
                postal_code: PostalCode::parse(code),
                position: LonLat::new(-72.0 + 0.013 * place as f64, 46.5).unwrap(),
                unit: NO_UNIT,
            })
            .unwrap();
    }
    builder.finish().unwrap()
}

fn find(gazetteer: &Gazetteer, text: &str) -> AddressResult {
    gazetteer.view().find_address(&parse(text))
}

fn taken(gazetteer: &Gazetteer, text: &str) -> String {
    let result = find(gazetteer, text);
    assert!(result.is_auto_accepted(), "{text}: {result:?}");
    result.best.unwrap().result_label
}

fn town() -> Gazetteer {
    registry(&[
        ("12, rue des Érables", "Trois-Rivières", "G9A 1A1"),
        ("88, rue Deschênes", "Lamarche", "G0W 1X0"),
        ("40, rue Cartier", "Longueuil", "J4K 1A1"),
        ("9, chemin du Bord-de-l'Eau", "Saint-Pierre-de-l'Île-d'Orléans", "G0A 4E0"),
        ("31, boulevard Laure", "Sept-Îles", "G4R 1A1"),
        ("70, côte de la Montagne", "Québec", "G1K 4E4"),
    ])
}

#[test]
fn a_municipality_that_the_registry_lacks_is_neither_mended_into_another_nor_ignored() {
    let town = town();
    for place in ["Gaspé", "Saint-Sylvère", "Saint-Étienne-de-Bolton", "La Martre", "Hauterive"] {
        for street in ["12, rue des Érables", "88, rue Deschênes"] {
            let result = find(&town, &format!("{street}, {place}"));
            assert_eq!((result.outcome, result.best), (Outcome::NoMatch, None), "{street}, {place}");
            assert!(result.remarks.contains(&Remark::MunicipalityNotCovered), "{place}");
        }
    }
    // A postal code of here speaks against it: shown, and left to a person.
    let result = find(&town, "12, rue des Érables, Gaspé G9A 1A1");
    assert!(!result.is_auto_accepted() && result.best.unwrap().faults.contains(&Fault::MunicipalityNotCovered));
}

#[test]
fn a_place_outside_quebec_is_said_to_be_elsewhere() {
    let town = town();
    for (place, outcome) in [
        ("Hawkesbury", Outcome::OtherProvince(Province::Ontario)),
        ("Dieppe", Outcome::OtherProvince(Province::NewBrunswick)),
        ("Wabush", Outcome::OtherProvince(Province::NewfoundlandAndLabrador)),
        ("Derby Line", Outcome::OtherCountry),
        ("Swanton, VT 05488", Outcome::OtherCountry),
        ("Laval, France", Outcome::OtherCountry),
        ("Bruxelles, Belgique", Outcome::OtherCountry),
    ] {
        let result = find(&town, &format!("12, rue des Érables, {place}"));
        assert_eq!((result.outcome, result.best), (outcome, None), "{place}");
    }
}

#[test]
fn a_name_of_nothing_known_is_not_a_name_left_out() {
    let town = town();
    let result = find(&town, "12, rue des Érables, Zwolleville");
    assert!(!result.is_auto_accepted() && result.best.unwrap().faults.contains(&Fault::MunicipalityUnknown));
    assert!(taken(&town, "12, rue des Érables, Zwolleville G9A 1A1").starts_with("12, rue des Érables"));
    // The province, not the city.
    assert!(!find(&town, "70, côte de la Montagne, Saint-Adalbert, Québec").is_auto_accepted());
    assert!(!find(&town, "70, côte de la Montagne, Zwolleville, Québec").is_auto_accepted());
    assert!(taken(&town, "70, côte de la Montagne, Québec").ends_with("Québec G1K 4E4"));
}

#[test]
fn a_municipality_is_recognised_in_the_forms_people_write() {
    let town = town();
    for text in [
        "12, rue des Érables, 3-Rivières",
        "12, rue des Érables, Ville de Trois-Rivières",
        "12, rue des Érables, secteur Cap-de-la-Madeleine",
        "31, boul. Laure, 7-Îles",
        "40, rue Cartier, arrondissement de Saint-Hubert",
        "40, rue Cartier, Saint-Hubert Longueuil",
        "40 rue Cartier Saint-Hubert Longueuil QC",
        "9, chemin du Bord-de-l'Eau, Saint-Pierre",
        "9 chemin du Bord-de-l'Eau Saint-Pierre-de-l'Île-d'Orléans",
        "40, rue Cartier, sous-sol, Longueuil",
        "40, rue Cartier, Longueuil, 450-555-0199",
        "Mme Ann Roy, 40, rue Cartier, Longueuil",
        "40, rue Cartier, a/s Mme Roy, Longueuil",
    ] {
        taken(&town, text);
    }
}

#[test]
fn street_and_number_alone_are_candidates_unless_the_registry_is_complete() {
    let rows = [("12, rue Principale", "Audet", "G0Y 1A0"), ("7, rue Adrienne", "Audet", "G0Y 1A0")];
    let mut few = registry(&rows);
    for text in ["7, rue Adrienne", "7, rue Adrienne G0Y 9Z9", "7, rue Adrienne G0Y"] {
        let result = find(&few, text);
        assert!(!result.is_auto_accepted(), "{text}");
        assert!(result.best.unwrap().faults.contains(&Fault::LittleVouches), "{text}");
    }
    taken(&few, "7, rue Adrienne G0Y 1A0");
    // Every unit with people has addresses enough.
    few.measure(&[]);
    assert!(!find(&few, "7, rue Adrienne").is_auto_accepted());
    let mut builder = GazetteerBuilder::default();
    for (place, name) in [(0_u32, "Adrienne"), (1, "Bleue")] {
        let record = AddressRecord {
            civic: Some(rattache::address::Civic::plain(7)),
            range_end: None,
            apartment: "",
            street_name: name,
            street_type: "rue",
            direction: "",
            municipality: "Audet",
            municipality_code: "",
            sector: "",
            postal_code: None,
            position: LonLat::new(-71.0 + f64::from(place) * 0.01, 45.6).unwrap(),
            unit: place,
        };
        builder.add(&record).unwrap();
    }
    let mut full = builder.finish().unwrap();
    full.measure(&[Some(3), Some(4)]);
    assert!(full.view().extent().is_complete());
    taken(&full, "7, rue Adrienne");
    full.measure(&[Some(3), Some(40)]);
    assert!(!full.view().extent().is_complete() && !find(&full, "7, rue Adrienne").is_auto_accepted());
}

#[test]
fn a_letter_after_the_number_is_its_suffix() {
    let rows = [("14 C, route 138 Est", "Forestville", "G0T 1E0"), ("15, rue Bellavance", "Forestville", "G0T 1E0")];
    let town = registry(&rows);
    for text in
        ["14 C, route 138 Est, Forestville", "14C route 138 Est, Forestville", "14-C, route 138 Est, Forestville"]
    {
        assert!(taken(&town, text).starts_with("14C, route 138 Est"), "{text}");
    }
    for text in
        ["15 B, rue Bellavance, Forestville", "15E, rue Bellavance, Forestville", "15-D rue Bellavance, Forestville"]
    {
        assert!(taken(&town, text).starts_with("15, rue Bellavance"), "{text}");
    }
    assert!(!find(&town, "14 C, rue Autre, Forestville").is_auto_accepted());
    let crowd = town.view().crowd(|_| None);
    assert!(town.view().complete(&crowd, "15 B, rue Bell", 5).iter().any(|one| one.label.contains("Bellavance")));
}

#[test]
fn a_city_and_a_postal_code_of_two_places_show_both() {
    let rows = [("55, rue Principale", "Audet", "G0Y 1A0"), ("55, rue Principale", "Armagh", "G0R 1A0")];
    let both = registry(&rows);
    // The rows lie a kilometre apart; the codes must be farther.
    let mut builder = GazetteerBuilder::default();
    for (municipality, code, lon) in [("Audet", "G0Y 1A0", -70.7), ("Armagh", "G0R 1A0", -70.0)] {
        let record = AddressRecord {
            civic: Some(rattache::address::Civic::plain(55)),
            range_end: None,
            apartment: "",
            street_name: "Principale",
            street_type: "rue",
            direction: "",
            municipality,
            municipality_code: "",
            sector: "",
            postal_code: PostalCode::parse(code),
            position: LonLat::new(lon, 46.0).unwrap(),
            unit: 0,
        };
        builder.add(&record).unwrap();
    }
    let apart = builder.finish().unwrap();
    let result = find(&apart, "55, rue Principale, Audet G0R 1A0");
    let shown: Vec<&str> =
        result.best.iter().chain(&result.alternatives).map(|one| one.municipality.as_str()).collect();
    assert!(!result.is_auto_accepted() && shown.contains(&"Audet") && shown.contains(&"Armagh"), "{result:?}");
    taken(&both, "55, rue Principale, Audet G0Y 1A0");
}

#[test]
fn of_two_numbers_each_is_tried() {
    let rows = [("30, rue Bleue", "Alma", ""), ("1650, rue Bleue", "Alma", ""), ("3003, rue Rouge", "Alma", "")];
    let town = registry(&rows);
    for text in [
        "1650 30 rue Bleue, Alma",
        "1650-30 rue Bleue, Alma",
        "30/1650 rue Bleue, Alma",
        "30 & 1650 rue Bleue, Alma",
        "30 et 1650, rue Bleue, Alma",
    ] {
        let result = find(&town, text);
        assert_eq!((result.outcome, result.tied), (Outcome::Ambiguous, 2), "{text}: {result:?}");
    }
    for text in ["7007-3003 rue Rouge, Alma", "205-3003 rue Rouge, Alma", "4 3003 rue Rouge, Alma"] {
        assert!(taken(&town, text).starts_with("3003, rue Rouge"), "{text}");
    }
    for text in ["3003-7007 rue Rouge, Alma", "7007 3003 rue Rouge, Alma"] {
        let result = find(&town, text);
        assert!(!result.is_auto_accepted(), "{text}: {result:?}");
    }
}

#[test]
fn two_addresses_in_one_text_are_both_shown_and_none_is_taken() {
    let rows = [("30, rue Bleue Est", "Alma", ""), ("1650, rue Bleue Ouest", "Alma", "")];
    let town = registry(&rows);
    for text in [
        "avant: 30, rue Bleue Est, maintenant: 1650, rue Bleue Ouest, Alma",
        "30 rue Bleue Est, Alma; 1650 rue Bleue Ouest, Alma",
        "30 rue Bleue Est et 1650 rue Bleue Ouest, Alma",
    ] {
        let result = find(&town, text);
        assert_eq!((result.outcome, result.tied), (Outcome::Ambiguous, 2), "{text}: {result:?}");
        assert!(result.remarks.contains(&Remark::SeveralAddresses));
    }
    // The same one twice is one.
    taken(&town, "30 rue Bleue Est, Alma; 30, rue Bleue E., Alma");
}

#[test]
fn the_street_comes_before_the_municipality() {
    let town = registry(&[("77, rue Granby", "Waterloo", ""), ("5, rue Bleue", "Granby", "")]);
    assert!(!find(&town, "77 Waterloo Granby").is_auto_accepted());
    taken(&town, "77 rue Granby, Waterloo");
    taken(&town, "Waterloo 77 rue Granby");
}

#[test]
fn a_direction_that_is_said_is_never_overruled() {
    let town = registry(&[("30, rue Bleue Est", "Alma", ""), ("1650, rue Bleue Ouest", "Alma", "")]);
    for text in [
        "30 O. rue Bleue, Alma",
        "30 ouest, rue Bleue, Alma",
        "30, Bleue Ouest, Alma",
        "30 rue Bleue W, Alma",
        "30-O rue Bleue, Alma",
    ] {
        assert!(!find(&town, text).is_auto_accepted(), "{text}: {:?}", find(&town, text));
    }
    for text in ["1650 O. rue Bleue, Alma", "1650 ouest, rue Bleue, Alma", "30 E, rue Bleue, Alma"] {
        taken(&town, text);
    }
}

#[test]
fn numbers_are_the_same_in_digits_in_letters_and_in_roman_figures() {
    let town = registry(&[
        ("6, rue du Vingt-Quatre-Juin", "Alma", ""),
        ("7, rang VII", "Alma", ""),
        ("8, 22e Avenue", "Alma", ""),
        ("9, chemin du 5e Rang", "Alma", ""),
        ("10, 9e Rang", "Alma", ""),
        ("11, boulevard Pie-IX", "Alma", ""),
        ("8120, 16e Avenue", "Alma", ""),
    ]);
    for text in [
        "6 rue du 24-Juin, Alma",
        "7 rang 7, Alma",
        "7, 7e Rang, Alma",
        "8, vingt-deuxième Avenue, Alma",
        "9 chemin du 5e Rang, Alma",
        "10 chemin du 9e Rang, Alma",
        "10, Neuvième Rang, Alma",
        "11 boul. Pie 9, Alma",
        "8120-16e Avenue, Alma",
    ] {
        taken(&town, text);
    }
}

#[test]
fn what_stands_around_an_address_does_not_hide_it() {
    let town =
        registry(&[("1600, boulevard René-Lévesque Est", "Alma", "G8B 1A1"), ("18, rue John-F.-Kennedy", "Alma", "")]);
    for text in [
        "No. 1600, boul. René-Lévesque Est, Alma",
        "au 1600 boul. René-Lévesque Est, Alma",
        "1600 boul. René-Lévesque Est BSMT, Alma",
        "PH2, 1600 boul. René-Lévesque Est, Alma",
        "1600 boul. René-Lévesque Est, sous-sol, Alma",
        "1600 boulevard RenÃ©-LÃ©vesque Est, Alma",
        "1600 boul. Ren&eacute;-L&eacute;vesque Est, Alma",
        "boul. René-Lévesque Est 1600, Alma, tél. 418 555-0123",
        "18 rue J.-F. Kennedy, Alma",
    ] {
        taken(&town, text);
    }
    // Less said is never better answered.
    let code = find(&town, "G8B 1A1").best.unwrap();
    let boxed = find(&town, "G8B 1A1 C.P. 292").best.unwrap();
    assert_eq!((code.result_type, code.result_id), (boxed.result_type, boxed.result_id));
}

#[test]
fn a_part_of_a_name_needs_its_postal_code() {
    let town = registry(&[("50, rue du Square-Victoria", "Alma", "G8B 1A1")]);
    assert!(!find(&town, "50 rue Victoria, Alma").is_auto_accepted());
    taken(&town, "50 rue Victoria, Alma G8B 1A1");
}

#[test]
fn another_type_is_taken_where_one_street_only_bears_the_name() {
    let town = registry(&[
        ("50, boulevard Bélisle", "Alma", ""),
        ("60, avenue Roy", "Alma", ""),
        ("60, place Roy", "Alma", ""),
    ]);
    assert!(taken(&town, "50 rue Bélisle, Alma").starts_with("50, boulevard Bélisle"));
    assert!(!find(&town, "60 rue Roy, Alma").is_auto_accepted());
}

#[test]
fn a_village_without_street_numbers_is_itself_the_answer() {
    let north = registry(&[("14, rue Akullik", "Kangiqsualujjuaq", "J0M 1N0"), ("3, rue Bleue", "Alma", "")]);
    for text in
        ["231, Kangiqsualujjuaq", "Kangiqsualujjuaq", "C.P. 12, Kangiqsualujjuaq", "231, Kangiqsualujjuaq J0M 1N0"]
    {
        let result = find(&north, text);
        assert!(result.is_auto_accepted(), "{text}: {result:?}");
        assert_eq!(result.best.unwrap().result_type, MatchType::Municipality);
    }
    assert!(taken(&north, "14 rue Akullik, Kangiqsualujjuaq").starts_with("14, rue Akullik"));
    assert!(!find(&north, "231, Alma").is_auto_accepted());
}

#[test]
fn a_federal_code_of_gatineau_is_no_place_in_ontario() {
    let town = registry(&[("174, rue Bleue", "Gatineau", "J8X 3T4")]);
    let result = find(&town, "30, rue Victoria, Gatineau (Québec) K1A 1H3");
    assert_eq!(result.best.unwrap().municipality, "Gatineau");
    taken(&town, "174, rue Bleue, Gatineau K1A 0M7");
    assert_eq!(find(&town, "30, rue Victoria K1A 1H3").outcome, Outcome::OtherProvince(Province::Ontario));
}
