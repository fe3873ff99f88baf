//! Two streets and no number: where they meet, how surely, and names that only look so.

use rattache::address::{
    AddressRecord, AddressResult, Civic, Fault, Gazetteer, GazetteerBuilder, MatchType, Outcome, Remark, Spot, parse,
};
use rattache::domain::LonLat;

/// Degrees of longitude and latitude in a hundred metres, at Montréal.
const HUNDRED_M: (f64, f64) = (0.001_28, 0.000_9);
const CROSSING: (f64, f64) = (-73.58, 45.52);

/// Two streets that cross, one address every 40 m from 20 m off the crossing; others that do not meet them.
fn registry(towns: &[&str]) -> Gazetteer {
    let mut builder = GazetteerBuilder::default();
    for (town, &municipality) in towns.iter().enumerate() {
        let mut add = |kind, name, place: u32, east: f64, north: f64| {
            let (lon, lat) = (CROSSING.0 + east * HUNDRED_M.0 + town as f64, CROSSING.1 + north * HUNDRED_M.1);
            let record = AddressRecord {
                civic: Some(Civic::plain(100 + 2 * place)),
                range_end: None,
                apartment: "",
                street_name: name,
                street_type: kind,
                direction: "",
                municipality,
                municipality_code: "",
                sector: "",
                postal_code: None,
                position: LonLat::new(lon, lat).unwrap(),
                unit: town as u32,
            };
            builder.add(&record).unwrap();
        };
        for place in 0..20 {
            let along = f64::from(place) * 0.4 - 3.8;
            add("rue", "Saint-Denis", place, 0.1, along);
            add("avenue", "Rachel", place, along, 0.1);
            add("rue", "du Coin-Rond", place, along, 30.0);
            add("rue", "Pierre-et-Marie", place, along, 40.0);
        }
    }
    builder.finish().unwrap()
}

fn ask(gazetteer: &Gazetteer, text: &str) -> AddressResult {
    gazetteer.view().find_address(&parse(text))
}

#[test]
fn a_corner_is_found_however_it_is_written_and_its_uncertainty_holds_the_crossing() {
    let gazetteer = registry(&["Montréal"]);
    let crossing = Spot::of(LonLat::new(CROSSING.0, CROSSING.1).unwrap()).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for text in [
        "coin Saint-Denis et Rachel",
        "coin St-Denis et Rachel, Montréal",
        "St-Denis / Rachel",
        "Rachel/Saint-Denis, Montreal QC",
        "angle rue Saint-Denis et avenue Rachel",
        "à l'angle de Saint-Denis et Rachel",
        "au coin de Rachel et St-Denis",
        "rue Saint-Denis, coin Rachel, Montréal",
        "Saint-Denis coin Rachel",
        "intersection des rues Saint-Denis et Rachel, Montréal",
        "rue Saint-Denis & av Rachel",
        "corner of St Denis and Rachel, Montreal",
        "Saint-Denis et Rachel, Montréal",
        "coin Saint-Dennis et Rachel",
    ] {
        let result = ask(&gazetteer, text);
        let best = result.best.unwrap_or_else(|| panic!("{text}: {:?}", result.outcome));
        assert_eq!((result.outcome, best.result_type), (Outcome::Matched, MatchType::Street), "{text}");
        assert!(best.faults.contains(&Fault::Corner) && result.remarks.contains(&Remark::Intersection), "{text}");
        assert!(best.result_score <= 0.55, "{text}");
        let off = Spot::of(best.position).unwrap().distance_m(crossing);
        assert!(off <= best.uncertainty_m && best.uncertainty_m < 150.0, "{text}: {off} of {}", best.uncertainty_m);
        ids.insert(best.result_id);
    }
    assert_eq!(ids.len(), 1, "the order of the streets does not matter");
}

#[test]
fn streets_that_do_not_meet_have_no_corner_and_names_that_look_so_are_streets() {
    let gazetteer = registry(&["Montréal"]);
    let result = ask(&gazetteer, "coin Saint-Denis et Pierre-et-Marie, Montréal");
    assert!(result.best.is_none_or(|best| !best.faults.contains(&Fault::Corner)));
    for (text, label) in [
        ("rue Pierre-et-Marie, Montréal", "rue Pierre-et-Marie, Montréal"),
        ("rue Pierre et Marie, Montréal", "rue Pierre-et-Marie, Montréal"),
        ("rue du Coin-Rond, Montréal", "rue du Coin-Rond, Montréal"),
        ("100 rue du coin rond, Montréal", "100, rue du Coin-Rond, Montréal"),
    ] {
        let best = ask(&gazetteer, text).best.unwrap();
        assert_eq!(best.result_label, label);
        assert!(!best.faults.contains(&Fault::Corner));
    }
    assert!(ask(&gazetteer, "coin").best.is_none());
}

#[test]
fn a_corner_that_two_municipalities_have_is_a_tie() {
    let gazetteer = registry(&["Montréal", "Laval"]);
    let both = ask(&gazetteer, "coin Saint-Denis et Rachel");
    assert_eq!((both.outcome, both.tied), (Outcome::Ambiguous, 2));
    let one = ask(&gazetteer, "coin Saint-Denis et Rachel, Laval");
    assert_eq!((one.outcome, one.best.unwrap().municipality.as_str()), (Outcome::Matched, "Laval"));
}
