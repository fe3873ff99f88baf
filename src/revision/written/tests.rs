//! Faults told all at once, units named by what they lie in, and a file to start from.

use super::super::tests::maps::grid;
use super::super::tests::operations::small;
use super::super::{Areas, NoFiles, Operation, Revision, RevisionError};
use super::*;
use crate::domain::{French as _, Language, Level};

fn faults(text: &str) -> Vec<String> {
    match Written::of_toml(text) {
        Err(RevisionError::Written(faults)) => faults.iter().map(|fault| fault.words(Language::French)).collect(),
        other => panic!("no fault: {other:?}"),
    }
}

const HEAD: &str = "id = \"r\"\nlabel = \"Essai\"\nbase = \"base\"\nvalid_from = 2027-04-01\n";

#[test]
fn every_fault_is_told_at_once_with_its_operation_its_field_its_line_and_what_is_allowed() {
    let text = "id = \"r\"\nlabel = 3\nvalid_from = \"demain\"\n\n\
                [[operation]]\nop = \"mov_units\"\n\n\
                [[operation]]\nop = \"split\"\nclsc = 42\nparts = [{ code = \"01113\", nam = \"Neuf\", units = [\"u00\"] }]\n\n\
                [[operation]]\nop = \"rename\"\nlevel = \"ville\"\ncode = \"01111\"\nname = \"N\"\nunits = []\n";
    let told = faults(text);
    for wanted in [
        "ligne 2, champ label : « 3 » ne convient pas",
        "ligne 3, champ valid_from : « demain » ne convient pas : une date AAAA-MM-JJ est attendue",
        "champ base : ce champ manque : identifiant de l'édition de départ",
        "ligne 6, opération 1, champ op : « mov_units » n'est pas une opération (« move_units » peut-être) : move_units, split",
        "ligne 10, opération 2 (split), champ clsc : « 42 » ne convient pas : un code entre guillemets est attendu",
        "ligne 11, opération 2 (split), champ parts[0].nam : ce champ n'existe pas (« name » peut-être) ; les champs sont code, \
         name, units, parents",
        "opération 2 (split), champ parts[0].name : ce champ manque : son nom",
        "ligne 15, opération 3 (rename), champ level : « ville » ne convient pas : clsc, rls, rts, rss ou ruisss est attendu",
        "ligne 18, opération 3 (rename), champ units : ce champ n'existe pas",
    ] {
        assert!(told.iter().any(|told| told.contains(wanted)), "{wanted}\n{told:#?}");
    }
    assert_eq!(told.len(), 9, "{told:#?}");
    let Err(error) = Revision::from_toml(text) else { panic!() };
    assert!(error.french().starts_with("9 fautes\n") && error.to_string().starts_with("9 faults\n"));
    let json = serde_json::json!([{ "op": "merge", "into": "01111" }]);
    let Err(RevisionError::Written(told)) = Written::of_operations(&json) else { panic!() };
    assert_eq!(
        told[0].words(Language::English),
        "operation 1 (merge), field from: this field is missing: those that are abolished"
    );
}

fn units_of(operation: &Operation) -> Vec<String> {
    let Operation::MoveUnits { transfers } = operation else { panic!() };
    transfers[0].units.iter().map(ToString::to_string).collect()
}

#[test]
fn units_are_named_by_clsc_municipality_side_of_a_line_or_several_at_once() {
    let map = grid(4, 2, |_, _| false);
    let mut facts = map.facts.clone();
    let town = |unit: usize| Some(if unit % 4 < 2 { "66023" } else { "66058" });
    let mut towns = Areas::from_codes((0..16).map(town));
    towns.rename(|code| Some(if code == "66023" { "Montréal".to_owned() } else { "Laval".to_owned() }));
    facts.municipalities = Some(towns);
    let chooser = UnitChooser::new(&map.base, &map.units, &facts, &NoFiles);
    let clsc = map.base.hierarchy.territories(Level::Clsc)[0].code.clone();
    let chosen = |units: &str| {
        let text =
            format!("{HEAD}[[operation]]\nop = \"move_units\"\ntransfers = [{{ to = \"00012\", units = {units} }}]\n");
        let written = Written::of_toml(&text).unwrap();
        assert_eq!(written.selects(), units.contains('{'));
        written.operations(&chooser).map(|operations| units_of(&operations[0]))
    };
    let first = ["24660000", "24660001", "24660100", "24660101"];
    assert_eq!(chosen(&format!("{{ clsc = \"{clsc}\" }}")).unwrap(), first);
    assert_eq!(chosen("[\"24660303\"]").unwrap(), ["24660303"]);
    assert_eq!(chosen("{ municipality = \"montréal\" }").unwrap().len(), 8);
    assert_eq!(chosen("{ municipality = [\"66023\", \"Laval\"] }").unwrap().len(), 16);
    // The border between the second and the third column, from south to north.
    let line = "[[-72.996, 46.0], [-72.996, 46.008]]";
    assert_eq!(chosen(&format!("{{ left_of = {line} }}")).unwrap().len(), 8);
    assert_eq!(chosen(&format!("{{ clsc = \"{clsc}\", left_of = {line} }}")).unwrap(), first);
    let both = chosen(&format!("[\"24660303\", {{ clsc = \"{clsc}\", municipality = \"66023\" }}]")).unwrap();
    assert_eq!(both.len(), 5);
    for (units, wanted) in [
        (format!("{{ clsc = \"{clsc}\", right_of = {line} }}"), "aucune aire n'y est"),
        ("{ municipality = \"Gaspé\" }".to_owned(), "la municipalité « Gaspé » ne se trouve pas parmi les 2"),
        ("{ tract = \"4620001.00\" }".to_owned(), "on ne connaît pas ici le secteur de recensement des aires"),
        ("{ polygon = \"x.geojson\" }".to_owned(), "le fichier « x.geojson » ne peut pas être lu ici"),
    ] {
        let error = chosen(&units).unwrap_err().french();
        assert!(
            error.contains("opération 1 (move_units), champ transfers[0].units") && error.contains(wanted),
            "{error}"
        );
    }
    let told = faults(&format!(
        "{HEAD}[[operation]]\nop = \"move_units\"\ntransfers = [{{ to = \"00012\", units = {{ city = \"x\" }} }}]\n"
    ));
    assert!(told[0].contains("champ transfers[0].units.city : ce champ n'existe pas"), "{told:?}");
}

#[test]
fn a_file_to_start_from_holds_an_example_of_each_operation_that_can_be_carried_out() {
    let map = grid(12, 2, |_, _| false);
    let examples = examples(&map.base, &map.units, &map.graph);
    let words: Vec<&str> = examples.iter().map(|example| example.word).collect();
    assert_eq!(words, FORMS.iter().map(|form| form.word).collect::<Vec<_>>());
    for language in Language::ALL {
        for form in FORMS {
            let asked = Template {
                id: "r",
                label: "Un \"titre\"",
                base: &map.base.header.id,
                valid_from: "2027-04-01".parse().unwrap(),
                operations: &[form.word.to_owned()],
            };
            let text = template(&asked, &examples, language).unwrap();
            let revision = Revision::from_toml(&text).unwrap();
            assert_eq!((revision.operations.len(), revision.operations[0].word()), (1, form.word), "{text}");
            assert_eq!(revision.label, "Un \"titre\"");
            assert!(revision.apply(&map.base, &map.units).is_ok(), "{}", form.word);
            // What stands in it as comments is written as its form asks too.
            let all = text.replace("# [[operation]]", "[[operation]]").replace("# [operation", "[operation");
            assert!(all.matches("[[operation]]").count() == FORMS.len());
        }
        let help = operations_help(language);
        assert!(FORMS.iter().all(|form| help.contains(&format!("\n  {}", form.word))));
    }
}

#[test]
fn a_revision_written_by_the_program_is_read_back() {
    let (base, units) = small();
    let text = format!("{HEAD}reason = \"\"\"Deux\nlignes\"\"\"\nofficial = true\n");
    let revision = Revision::from_toml(&text).unwrap();
    assert_eq!((revision.official, revision.reason.as_deref()), (true, Some("Deux\nlignes")));
    assert_eq!(Revision::from_toml(&revision.to_toml().unwrap()).unwrap(), revision);
    assert!(revision.apply(&base, &units).is_ok());
}
