//! An open atlas: views over its arrays, and its names and tables.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::AtlasError;
use super::bytes::Bytes;
use super::format::{ALL, Entry, Tag, checksum, read_table, section, tag};
use crate::address::GazetteerView;
use crate::domain::{
    AttachmentTable, DatedEdition, Edition, EditionChoice, EditionError, EditionHeader, Finding, Hierarchy,
    Installation, Straddle, UnitKind, Validity, choose_edition, year_in,
};
use crate::geometry::{CoverageView, FixedBox, FixedPoint, Side};
use crate::lookup::coarse::CoarseEdge;
use crate::lookup::{Fault, LimitEdge, LimitsView, NearCellsView, PointIndexView, RootGrid, arcs_are_sound};

/// A file that went into an atlas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// What it gave: `units`, `attachments`, `hierarchy`, `population`, `installations`.
    pub role: String,
    /// Its name, without the folder.
    pub name: String,
    /// XXH3 of its bytes, 64 bits in hexadecimal.
    pub xxh3: String,
}

/// Names and tables of an atlas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program that wrote it.
    pub program: String,
    /// What its units are.
    pub unit_kind: UnitKind,
    /// How far outside the coverage a point still gets the nearest unit, metres.
    pub nearest_m: f64,
    /// The year the people of its units were counted in, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people_year: Option<i16>,
    /// Other years whose people it holds, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_people_years: Vec<i16>,
    /// The files it comes from.
    pub sources: Vec<SourceFile>,
    /// What was found in them.
    pub findings: Vec<Finding>,
    /// Points of service.
    pub installations: Vec<Installation>,
    /// Its editions, in order of date.
    pub editions: Vec<EditionManifest>,
}

/// Names and tables of one edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditionManifest {
    /// Its name and date.
    pub header: EditionHeader,
    /// Its territories.
    pub hierarchy: Hierarchy,
    /// Units its table shares between several CLSC.
    pub straddles: Vec<Straddle>,
}

/// Where an array lies in the bytes.
type Part = (usize, usize);

#[derive(Debug)]
struct Parts {
    unit_ends: Part,
    unit_names: Part,
    unit_order: Part,
    unit_people: Part,
    unit_area: Part,
    unit_box: Part,
    unit_point: Part,
    arc_starts: Part,
    arc_sides: Part,
    vertices: Part,
    roots: Part,
    nodes: Part,
    leaves: Part,
    coarse: Part,
}

#[derive(Debug)]
struct EditionParts {
    attachment: Part,
    limit_edges: Part,
    limit_nodes: Part,
    unit_clearance: Part,
    cell_clearance: Part,
    near_words: Part,
    near_lists: Part,
}

/// An atlas, checked and ready.
#[derive(Debug)]
pub struct Atlas {
    bytes: Bytes,
    manifest: Manifest,
    grid: RootGrid,
    parts: Parts,
    people_of_years: Vec<Part>,
    editions: Vec<EditionParts>,
    addresses: Option<[Part; tag::ADDRESSES.len()]>,
}

/// One edition of an open atlas.
#[derive(Debug, Clone, Copy)]
pub struct EditionView<'a> {
    /// Its place in the atlas.
    pub number: usize,
    /// Its name and date.
    pub header: &'a EditionHeader,
    /// Until when it holds.
    pub validity: Validity,
    /// Its territories.
    pub hierarchy: &'a Hierarchy,
    /// Units its table shares between several CLSC.
    pub straddles: &'a [Straddle],
    /// CLSC of each unit, as a place in the list of CLSC.
    pub clsc_of_unit: &'a [u16],
}

impl Atlas {
    /// Maps and checks a file: for a question or two.
    ///
    /// # Errors
    /// [`AtlasError::Open`] where it can not be read, [`AtlasError::In`] where it is not a whole, unaltered atlas.
    pub fn open(path: &Path) -> Result<Self, AtlasError> {
        Self::of_file(path, Bytes::map, Self::from_bytes)
    }

    /// As [`Self::open`], without looking whether the places that its arrays name are there: for a file that this program wrote
    /// and nobody else could write. The checksum is still verified.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub fn open_trusted(path: &Path) -> Result<Self, AtlasError> {
        Self::of_file(path, Bytes::map, Self::of_trusted_bytes)
    }

    /// Reads a file into memory and checks it: for many questions, and for a process that outlives the file.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub fn load(path: &Path) -> Result<Self, AtlasError> {
        Self::of_file(path, Bytes::read, Self::from_bytes)
    }

    fn of_file(
        path: &Path,
        take: impl Fn(&Path) -> io::Result<Bytes>,
        open: impl Fn(Bytes) -> Result<Self, AtlasError>,
    ) -> Result<Self, AtlasError> {
        let failed = |source| AtlasError::Open { path: path.to_owned(), source };
        // An empty file can not be mapped.
        if std::fs::metadata(path).map_err(failed)?.len() == 0 {
            return Err(AtlasError::In { path: path.to_owned(), source: Box::new(AtlasError::Empty) });
        }
        let bytes = take(path).map_err(failed)?;
        open(bytes).map_err(|source| AtlasError::In { path: path.to_owned(), source: Box::new(source) })
    }

    /// Checks bytes and takes them as an atlas.
    ///
    /// # Errors
    /// [`AtlasError`].
    pub fn from_bytes(bytes: Bytes) -> Result<Self, AtlasError> {
        let atlas = Self::of_trusted_bytes(bytes)?;
        atlas.check_places()?;
        Ok(atlas)
    }

    fn of_trusted_bytes(bytes: Bytes) -> Result<Self, AtlasError> {
        let entries = read_table(&bytes)?;
        let manifest: Manifest = serde_json::from_slice(section::<u8>(&bytes, &entries, tag::META, ALL)?)
            .map_err(AtlasError::BadManifest)?;
        let grid = *section::<RootGrid>(&bytes, &entries, tag::GRID, ALL)?
            .first()
            .ok_or_else(|| AtlasError::BadSection { tag: "GRID".to_owned() })?;
        let whole = |tag| part(&entries, tag, ALL);
        let parts = Parts {
            unit_ends: whole(tag::UNIT_ENDS)?,
            unit_names: whole(tag::UNIT_NAMES)?,
            unit_order: whole(tag::UNIT_ORDER)?,
            unit_people: whole(tag::UNIT_PEOPLE)?,
            unit_area: whole(tag::UNIT_AREA)?,
            unit_box: whole(tag::UNIT_BOX)?,
            unit_point: whole(tag::UNIT_POINT)?,
            arc_starts: whole(tag::ARC_STARTS)?,
            arc_sides: whole(tag::ARC_SIDES)?,
            vertices: whole(tag::VERTICES)?,
            roots: whole(tag::ROOTS)?,
            nodes: whole(tag::NODES)?,
            leaves: whole(tag::LEAVES)?,
            coarse: whole(tag::COARSE)?,
        };
        let people_of_years = (0..manifest.other_people_years.len() as u32)
            .map(|year| part(&entries, tag::UNIT_PEOPLE_OF_YEAR, year))
            .collect::<Result<Vec<_>, AtlasError>>()?;
        let editions = (0..manifest.editions.len() as u32)
            .map(|edition| {
                let own = |tag| part(&entries, tag, edition);
                Ok(EditionParts {
                    attachment: own(tag::ATTACHMENT)?,
                    limit_edges: own(tag::LIMIT_EDGES)?,
                    limit_nodes: own(tag::LIMIT_NODES)?,
                    unit_clearance: own(tag::UNIT_CLEARANCE)?,
                    cell_clearance: own(tag::CELL_CLEARANCE)?,
                    near_words: own(tag::NEAR_WORDS)?,
                    near_lists: own(tag::NEAR_LISTS)?,
                })
            })
            .collect::<Result<Vec<_>, AtlasError>>()?;
        let addresses = if entries.iter().any(|entry| tag::ADDRESSES.contains(&entry.tag)) {
            let mut places = [(0, 0); tag::ADDRESSES.len()];
            for (place, tag) in places.iter_mut().zip(tag::ADDRESSES) {
                *place = whole(tag)?;
            }
            Some(places)
        } else {
            None
        };
        let atlas = Self { bytes, manifest, grid, parts, people_of_years, editions, addresses };
        atlas.check_lengths()?;
        atlas.check_addresses()?;
        Ok(atlas)
    }

    /// Arrays that must be as long as one another are.
    fn check_lengths(&self) -> Result<(), AtlasError> {
        let units = self.unit_count();
        let fits = |tag: Tag, fits: bool| {
            if fits { Ok(()) } else { Err(AtlasError::BadSection { tag: String::from_utf8_lossy(&tag).into_owned() }) }
        };
        fits(tag::UNIT_ORDER, self.parts.unit_order.1 == units * 4)?;
        fits(tag::UNIT_PEOPLE, self.parts.unit_people.1 == units * 4)?;
        for people in &self.people_of_years {
            fits(tag::UNIT_PEOPLE_OF_YEAR, people.1 == units * 4)?;
        }
        fits(tag::UNIT_AREA, self.parts.unit_area.1 == units * 8)?;
        fits(tag::UNIT_BOX, self.parts.unit_box.1 == units * 16)?;
        fits(tag::UNIT_POINT, self.parts.unit_point.1 == units * 8)?;
        fits(tag::ARC_STARTS, self.parts.arc_starts.1 * 2 == self.parts.arc_sides.1 + 8)?;
        for (edition, parts) in self.editions.iter().enumerate() {
            let count = self.manifest.editions[edition].hierarchy.clsc_count();
            let table = self.slice::<u16>(parts.attachment);
            fits(tag::ATTACHMENT, table.len() == units && table.iter().all(|&clsc| usize::from(clsc) < count))?;
            fits(tag::LIMIT_NODES, self.limits_of(parts).is_some())?;
        }
        Ok(())
    }

    /// Places that arrays and tables name are there, and every way through the index ends: a right checksum does not say that
    /// the file was written by this program.
    fn check_places(&self) -> Result<(), AtlasError> {
        let bad = |tag: Tag| AtlasError::BadSection { tag: String::from_utf8_lossy(&tag).into_owned() };
        let units = self.unit_count();
        let holds = |tag: Tag, fact: bool| if fact { Ok(()) } else { Err(bad(tag)) };
        let ends: &[u32] = self.slice(self.parts.unit_ends);
        let names = self.parts.unit_names.1;
        holds(tag::UNIT_ENDS, ends.is_sorted() && ends.last().is_none_or(|&end| end as usize <= names))?;
        let order: &[u32] = self.slice(self.parts.unit_order);
        holds(tag::UNIT_ORDER, order.iter().all(|&unit| (unit as usize) < units))?;
        holds(tag::ARC_STARTS, arcs_are_sound(self.coverage(), units))?;
        let headers = self.manifest.editions.iter().map(|edition| edition.header.valid_from);
        let sound = self.manifest.editions.iter().all(|edition| edition.hierarchy.is_sound());
        holds(tag::META, sound && headers.is_sorted())?;
        let tag_of = |fault: Fault| match fault {
            Fault::Roots => tag::ROOTS,
            Fault::Nodes => tag::NODES,
            Fault::Leaves => tag::LEAVES,
            Fault::Coarse => tag::COARSE,
            Fault::LimitEdges => tag::LIMIT_EDGES,
            Fault::NearWords => tag::NEAR_WORDS,
            Fault::NearLists => tag::NEAR_LISTS,
        };
        self.index().check(self.coverage(), units).map_err(|fault| bad(tag_of(fault)))?;
        for (parts, edition) in self.editions.iter().zip(&self.manifest.editions) {
            let limits = self.limits_of(parts).ok_or_else(|| bad(tag::LIMIT_NODES))?;
            limits.check(edition.hierarchy.clsc_count()).map_err(|fault| bad(tag_of(fault)))?;
        }
        Ok(())
    }

    fn check_addresses(&self) -> Result<(), AtlasError> {
        let Some(parts) = &self.addresses else { return Ok(()) };
        let find = |name: &str| {
            let place = GazetteerView::SECTIONS.iter().position(|&known| known == name)?;
            parts.get(place).map(|&(start, length)| &self.bytes[start..start + length])
        };
        let view = GazetteerView::from_sections(find)?;
        if view.units_fit(self.unit_count()) { Ok(()) } else { Err(AtlasError::AddressUnits) }
    }

    /// The address registry; `None` for an atlas without addresses. Costs a few slices: it was checked when the atlas was
    /// opened.
    #[must_use]
    pub fn gazetteer(&self) -> Option<GazetteerView<'_>> {
        let parts = self.addresses.as_ref()?;
        GazetteerView::from_checked_sections(parts.iter().map(|&(start, length)| &self.bytes[start..start + length]))
    }

    /// The unit (plus one) that each installation stands in, the nearest where it stands just outside, 0 beyond.
    #[must_use]
    pub fn installation_sides(&self) -> Vec<Side> {
        let manifest = self.manifest();
        if self.edition_count() == 0 {
            return vec![0; manifest.installations.len()];
        }
        let (index, limits) = (self.index(), self.limits(0));
        let side = |lon, lat| {
            let p = FixedPoint::from_degrees(lon, lat)?;
            let inside = Some(index.locate(p)).filter(|&side| side > 0);
            inside.or_else(|| limits.nearest_coverage(p, manifest.nearest_m).map(|nearby| nearby.side))
        };
        manifest.installations.iter().map(|at| side(at.lon, at.lat).unwrap_or(0)).collect()
    }

    #[inline]
    fn slice<T: bytemuck::Pod>(&self, (start, length): Part) -> &[T] {
        bytemuck::cast_slice(&self.bytes[start..start + length])
    }

    /// The bytes, as they stand in the file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The checksum (XXH3, 64 bits) of everything after the header: what tells one atlas from another.
    #[must_use]
    pub fn checksum(&self) -> u64 {
        checksum(&self.bytes)
    }

    /// Names and tables.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// How many units there are.
    #[must_use]
    pub fn unit_count(&self) -> usize {
        self.parts.unit_ends.1 / 4
    }

    /// The identifier of a unit.
    #[must_use]
    pub fn unit_id(&self, unit: usize) -> &str {
        let ends: &[u32] = self.slice(self.parts.unit_ends);
        let start = if unit == 0 { 0 } else { ends[unit - 1] as usize };
        let names = &self.bytes[self.parts.unit_names.0..self.parts.unit_names.0 + self.parts.unit_names.1];
        names.get(start..ends[unit] as usize).and_then(|id| std::str::from_utf8(id).ok()).unwrap_or_default()
    }

    /// The unit that has an identifier.
    #[must_use]
    pub fn find_unit(&self, id: &str) -> Option<usize> {
        let order: &[u32] = self.slice(self.parts.unit_order);
        order.binary_search_by(|&unit| self.unit_id(unit as usize).cmp(id)).ok().map(|place| order[place] as usize)
    }

    /// People of a unit, where known.
    #[must_use]
    pub fn people(&self, unit: usize) -> Option<u32> {
        let people = self.slice::<u32>(self.parts.unit_people)[unit];
        (people != u32::MAX).then_some(people)
    }

    /// The year the people of the units were counted in: as the atlas was told, or as the name of their file says.
    #[must_use]
    pub fn people_year(&self) -> Option<i16> {
        let of_file = || {
            let file = self.manifest.sources.iter().find(|source| source.role == "population")?;
            year_in(&file.name)
        };
        self.manifest.people_year.or_else(of_file)
    }

    /// People of the units in other years, in order of year; none for a unit whose people are not known.
    pub fn people_of_other_years(&self) -> impl Iterator<Item = (i16, Vec<Option<u32>>)> + '_ {
        let known = |people: &u32| (*people != u32::MAX).then_some(*people);
        let years = self.manifest.other_people_years.iter().copied().zip(&self.people_of_years);
        years.map(move |(year, part)| (year, self.slice::<u32>(*part).iter().map(known).collect()))
    }

    /// Areas of the units in square metres.
    #[must_use]
    pub fn areas_m2(&self) -> &[f64] {
        self.slice(self.parts.unit_area)
    }

    /// Boxes around the units.
    #[must_use]
    pub fn unit_boxes(&self) -> &[FixedBox] {
        self.slice(self.parts.unit_box)
    }

    /// A point inside each unit.
    #[must_use]
    pub fn points_inside(&self) -> &[FixedPoint] {
        self.slice(self.parts.unit_point)
    }

    /// The arcs.
    #[must_use]
    #[inline]
    pub fn coverage(&self) -> CoverageView<'_> {
        CoverageView {
            starts: self.slice(self.parts.arc_starts),
            sides: self.slice::<[Side; 2]>(self.parts.arc_sides),
            vertices: self.slice(self.parts.vertices),
        }
    }

    fn coarse(&self) -> &[CoarseEdge] {
        self.slice(self.parts.coarse)
    }

    /// The point index.
    #[must_use]
    #[inline]
    pub fn index(&self) -> PointIndexView<'_> {
        PointIndexView::new(
            self.grid,
            self.slice(self.parts.roots),
            self.slice(self.parts.nodes),
            self.slice(self.parts.leaves),
            self.coarse(),
            self.coverage(),
            self.unit_count(),
        )
    }

    /// How many editions there are.
    #[must_use]
    pub fn edition_count(&self) -> usize {
        self.editions.len()
    }

    /// An edition by its place, in order of date.
    #[must_use]
    pub fn edition(&self, number: usize) -> EditionView<'_> {
        let EditionManifest { header, hierarchy, straddles } = &self.manifest.editions[number];
        let next = self.manifest.editions.get(number + 1).map(|next| next.header.valid_from);
        let clsc_of_unit = self.slice(self.editions[number].attachment);
        EditionView { number, header, validity: Validity::until_next(next), hierarchy, straddles, clsc_of_unit }
    }

    /// Every edition, in order of date.
    pub fn editions(&self) -> impl Iterator<Item = EditionView<'_>> {
        (0..self.edition_count()).map(|number| self.edition(number))
    }

    /// The edition that a choice means, of this atlas alone: revisions published on it are known to the
    /// [catalogue](crate::catalogue).
    ///
    /// # Errors
    /// [`EditionError`].
    pub fn choose(&self, choice: &EditionChoice) -> Result<EditionView<'_>, EditionError> {
        let headers: Vec<&EditionHeader> = self.manifest.editions.iter().map(|edition| &edition.header).collect();
        let (number, not_yet_in_force) = choose_edition(&headers, choice)?;
        let mut edition = self.edition(number);
        edition.validity.not_yet_in_force = not_yet_in_force;
        Ok(edition)
    }

    /// The limits between the CLSC of an edition.
    #[must_use]
    pub fn limits(&self, number: usize) -> LimitsView<'_> {
        self.limits_of(&self.editions[number]).expect("lengths were checked when the atlas was opened")
    }

    fn limits_of(&self, parts: &EditionParts) -> Option<LimitsView<'_>> {
        LimitsView::new(
            self.slice::<LimitEdge>(parts.limit_edges),
            self.slice(parts.limit_nodes),
            self.slice(parts.unit_clearance),
            self.slice(parts.cell_clearance),
            NearCellsView { words: self.slice(parts.near_words), lists: self.slice(parts.near_lists) },
            self.index(),
            self.coverage(),
        )
    }
}

impl<'a> EditionView<'a> {
    /// What an answer says of the edition.
    #[must_use]
    pub fn dated(&self) -> DatedEdition<'a> {
        DatedEdition { header: self.header, validity: self.validity }
    }

    /// The edition as a value of its own.
    #[must_use]
    pub fn to_edition(&self) -> Edition {
        let attachment = AttachmentTable::new(self.clsc_of_unit.to_vec(), self.hierarchy.clsc_count())
            .expect("places of CLSC were checked when the atlas was opened");
        Edition {
            header: self.header.clone(),
            hierarchy: self.hierarchy.clone(),
            attachment,
            straddles: self.straddles.to_vec(),
        }
    }
}

fn part(entries: &[Entry], tag: Tag, edition: u32) -> Result<Part, AtlasError> {
    entries
        .iter()
        .find(|entry| entry.tag == tag && entry.edition == edition)
        .map(|entry| (entry.start as usize, entry.length as usize))
        .ok_or_else(|| AtlasError::MissingSection { tag: String::from_utf8_lossy(&tag).into_owned() })
}
