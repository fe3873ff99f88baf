//! A layer of polygons, opened: its attributes are known, its shapes not yet read.

use std::path::Path;

use super::super::{Crs, ImportError, Projection};
use super::formats::{Open, Purpose, StatedCrs, Wanted, choose};
use super::held::Held;
use super::package::Package;
use super::shapefile::Shapefile;
use super::shapes::Shapes;
use crate::domain::{Finding, FindingKind, Severity, Words, both};
use crate::geometry::{Projector, UnitPolygons};
use crate::tables::columns::Columns;

/// How many findings of one kind are told one by one before the rest is only counted.
pub(in super::super) const TOLD: usize = 20;

/// What the caller says of a file of polygons, beside its path.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PolygonOptions<'a> {
    /// The column with the identifiers; a known one where it is not said.
    pub id_column: Option<&'a str>,
    /// The layer, where the file has several.
    pub layer: Option<&'a str>,
    /// The coordinate system, instead of the one that the file states.
    pub crs: Option<&'a str>,
    /// The encoding of its texts, instead of the one that the file states.
    pub encoding: Option<&'a str>,
}

/// A layer of polygons.
#[derive(Debug)]
pub(in super::super) struct Features {
    package: Package,
    /// The name of the file, without its folder.
    pub(in super::super) file: String,
    /// The name of the layer: that of the file, where it has only one.
    pub(in super::super) layer: String,
    pub(in super::super) columns: Columns,
    pub(in super::super) crs: Projection,
    pub(in super::super) findings: Vec<Finding>,
    content: Content,
    purpose: Purpose,
}

#[derive(Debug)]
enum Content {
    Shapefile(Shapefile),
    Held(Held),
}

impl Features {
    /// Opens the layer of a file that a purpose means.
    pub(in super::super) fn open(
        path: &Path,
        asked: PolygonOptions<'_>,
        purpose: Purpose,
    ) -> Result<Self, ImportError> {
        let (package, format, layer) = choose(path, asked.layer, purpose)?;
        let mut findings = Vec::new();
        let (content, names, stated) = match format.open {
            Open::Shapefile => {
                let mut shapefile = Shapefile::open(&package, asked.encoding)?;
                findings.append(&mut shapefile.attributes.notes);
                let names = shapefile.attributes.names();
                let stated = if asked.crs.is_some() { StatedCrs::Unknown } else { beside(&package)? };
                (Content::Shapefile(shapefile), names, stated)
            }
            Open::Whole(open) => {
                let opened = open(&package, Wanted { layer: &layer, encoding: asked.encoding, purpose })?;
                findings.extend(opened.note);
                let names = opened.held.columns.clone();
                (Content::Held(opened.held), names, opened.crs)
            }
        };
        let usable = |crs: &Crs| {
            crs.projection()
                .map_err(|source| ImportError::CrsOfFile { path: package.shown(), source: Box::new(source) })
        };
        let crs = match (asked.crs, stated) {
            (Some(crs), _) => usable(&Crs::new(crs))?,
            (None, StatedCrs::Named(crs)) => usable(&Crs::new(&crs))?,
            (None, StatedCrs::LonLat) => Projection::lon_lat(),
            (None, StatedCrs::Unknown) => return Err(ImportError::NoCrs { path: package.shown() }),
        };
        let columns = Columns::new(Path::new(&package.shown()), names);
        Ok(Self { file: package.file(), layer, columns, crs, findings, content, package, purpose })
    }

    /// The path as messages show it.
    pub(in super::super) fn shown(&self) -> String {
        self.package.shown()
    }

    /// How many records the attributes have.
    pub(in super::super) fn len(&self) -> usize {
        match &self.content {
            Content::Shapefile(shapefile) => shapefile.attributes.rows(),
            Content::Held(held) => held.rows.len(),
        }
    }

    /// Whether a record is marked as deleted.
    pub(in super::super) fn deleted(&self, record: usize) -> bool {
        match &self.content {
            Content::Shapefile(shapefile) => shapefile.attributes.deleted(record),
            Content::Held(_) => false,
        }
    }

    /// One value as text.
    pub(in super::super) fn text(&self, record: usize, column: usize) -> String {
        match &self.content {
            Content::Shapefile(shapefile) => shapefile.attributes.text(record, column),
            Content::Held(held) => held.text(record, column),
        }
    }

    /// Reads the shapes into `polygons`; `places[record]` is the unit of each record, `None` for those left out.
    ///
    /// A shape without a ring is a finding, and so are a ring with a coordinate that is no number and lines or points beside
    /// polygons, which are left out.
    pub(in super::super) fn read_shapes(
        &mut self,
        places: &[Option<u32>],
        polygons: &mut UnitPolygons,
    ) -> Result<(), ImportError> {
        let mut shapes = Shapes::new(polygons);
        match &self.content {
            Content::Shapefile(shapefile) => shapefile.read_shapes(places, &mut shapes)?,
            Content::Held(held) => held.read_shapes(&self.package.shown(), places, &mut shapes)?,
        }
        let Shapes { hollow, broken, mixed, .. } = shapes;
        let words = both!(
            "n'a pas de limites (forme nulle) : dessinez-la ou retirez-la",
            "has no limits (a null shape): draw it or leave it out"
        );
        // A territory without units is exported so; that it has none is told where units are attached.
        let severity = if self.purpose == Purpose::Territories { Severity::Note } else { Severity::Error };
        self.tell(&hollow, polygons, severity, FindingKind::EmptyUnit, &words);
        let words = both!(
            "a un anneau dont une coordonnée n'est pas un nombre : l'anneau a été laissé de côté",
            "has a ring with a coordinate that is no number: the ring was left out"
        );
        self.tell(&broken, polygons, Severity::Error, FindingKind::InvalidRing, &words);
        let words = both!(
            "a des points ou des lignes à côté de ses polygones : laissés de côté",
            "has points or lines beside its polygons: left out"
        );
        self.tell(&mixed, polygons, Severity::Mended, FindingKind::RepeatedPart, &words);
        self.check_coordinates(polygons)
    }

    /// One finding a record, the first [`TOLD`] of them, and a count for the rest.
    fn tell(
        &mut self,
        records: &[(u64, u32)],
        polygons: &UnitPolygons,
        severity: Severity,
        kind: FindingKind,
        words: &Words,
    ) {
        for &(record, unit) in records.iter().take(TOLD) {
            let id = &polygons.ids[unit as usize];
            let (french, english) = match self.purpose {
                Purpose::Units | Purpose::Table => ("l'aire", "unit"),
                Purpose::Territories => ("le CLSC", "CLSC"),
            };
            let message =
                Words::new(format!("{french} « {id} » {}", words.french), format!("{english} \"{id}\" {words}"));
            let finding = Finding::new(severity, kind, message);
            self.findings.push(finding.in_file(&self.file, Some(record), None).about([id.as_str()]));
        }
        if records.len() > TOLD {
            let message =
                both!("{} autres enregistrements pareils", "{} more records like these", records.len() - TOLD);
            self.findings.push(Finding::new(severity, kind, message).in_file(&self.file, None, None));
        }
    }

    /// Refuses metres called degrees and degrees called metres; says it where the file lies outside Québec.
    fn check_coordinates(&mut self, polygons: &UnitPolygons) -> Result<(), ImportError> {
        let Some(&first) = polygons.coords.first() else {
            return Ok(());
        };
        let degrees = |point: &[f64; 2]| point[0].abs() <= 180.0 && point[1].abs() <= 90.0;
        let refused = |[x, y]: [f64; 2], hint: u32| ImportError::CoordinatesDoNotFit {
            path: self.package.shown(),
            x,
            y,
            crs: self.crs.name().to_owned(),
            hint,
        };
        if self.crs.is_geographic() {
            if let Some(&beyond) = polygons.coords.iter().find(|point| !degrees(point)) {
                return Err(refused(beyond, 3347));
            }
        } else if polygons.coords.iter().all(degrees) {
            return Err(refused(first, 4269));
        }
        let (mut low, mut high) = (first, first);
        for point in &polygons.coords {
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis]);
                high[axis] = high[axis].max(point[axis]);
            }
        }
        let mut middle = [[f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1])]];
        let outside = match self.crs.to_lon_lat(&mut middle) {
            Ok(()) => !(-82.0..=-54.0).contains(&middle[0][0]) || !(43.0..=64.0).contains(&middle[0][1]),
            Err(_) => true,
        };
        if outside {
            let [[lon, lat]] = middle;
            let message = both!(
                "le milieu du fichier tombe à la longitude {lon:.4} et à la latitude {lat:.4}, hors du Québec : « {} » est-il son système de coordonnées ?",
                "the middle of the file falls at longitude {lon:.4}, latitude {lat:.4}, outside Québec: is \"{}\" its coordinate system?",
                self.crs.name()
            );
            let finding = Finding::new(Severity::Error, FindingKind::OutsideCoverage, message);
            self.findings.push(finding.in_file(&self.file, None, None));
        }
        Ok(())
    }
}

/// The system of the `.prj` beside a shapefile.
fn beside(package: &Package) -> Result<StatedCrs, ImportError> {
    let Some(prj) = package.beside(&["prj"])? else {
        return Err(ImportError::MissingCompanion {
            path: package.shown(),
            companion: package.shown_with("prj"),
            fix: Words::new(
                "copiez-le à côté, ou donnez le système de coordonnées, par exemple EPSG:3347",
                "copy it beside, or state the coordinate system, such as EPSG:3347",
            ),
        });
    };
    Ok(StatedCrs::Named(Crs::definition_of_prj(prj.bytes.into_owned(), Path::new(&prj.shown))?))
}
