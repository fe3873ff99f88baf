//! The model as what an atlas is made of.

use crate::atlas::{AtlasSource, SourceFile};
use crate::domain::{AttachmentTable, Edition, Hierarchy};
use crate::geometry::{Coverage, CoverageOptions, ProjectionError, Projector};

/// Coordinates that are degrees already.
struct Degrees;

impl Projector for Degrees {
    fn to_lon_lat(&self, _: &mut [[f64; 2]]) -> Result<(), ProjectionError> {
        Ok(())
    }
}

/// The model compiled as far as an atlas needs it.
#[must_use]
pub fn atlas_source() -> AtlasSource {
    let model = super::model();
    let mut findings = Vec::new();
    let (coverage, addresses) = rayon::join(
        || {
            Coverage::build(&model.units, &Degrees, CoverageOptions::default(), &mut findings)
                .expect("the model is drawn as a coverage")
        },
        || super::addresses::registry(&model),
    );
    let editions = model
        .editions
        .into_iter()
        .map(|edition| {
            let hierarchy = Hierarchy::new(&edition.rows).expect("the model has one row a CLSC");
            let clsc_of_unit = edition
                .attachment
                .iter()
                .map(|code| {
                    let place = hierarchy.find(crate::domain::Level::Clsc, code.as_str());
                    place.expect("the model attaches units to its own CLSC") as u16
                })
                .collect();
            let attachment = AttachmentTable::new(clsc_of_unit, hierarchy.clsc_count())
                .expect("places come from the hierarchy itself");
            Edition { header: edition.header, hierarchy, attachment, straddles: Vec::new() }
        })
        .collect();
    AtlasSource {
        unit_ids: model.units.ids,
        coverage,
        people: model.populations.into_iter().map(Some).collect(),
        people_year: Some(2016),
        people_by_year: vec![(2021, model.populations_2021.into_iter().map(Some).collect())],
        editions,
        installations: model.installations,
        nearest_m: 5_000.0,
        sources: vec![SourceFile { role: "demo".to_owned(), name: "embedded model".to_owned(), xxh3: String::new() }],
        findings,
        addresses: Some(addresses),
    }
}
