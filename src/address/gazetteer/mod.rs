//! The registry of addresses, compiled into flat arrays that can be read where they lie in a file.
//!
//! Preparation, by [`GazetteerBuilder`]:
//! 1. names are interned: streets (name, type, direction, locality), localities, postal codes;
//! 2. addresses are sorted by street and civic number, doubles at one place merged;
//! 3. postal codes and municipalities get the count of their addresses in each unit;
//! 4. names are indexed by hash for exact forms, slips and sounds.
//!
//! An address takes 20 bytes, plus its share of the names. [`GazetteerView`] borrows the arrays; nothing is decoded.

mod areas;
mod builder;
mod extent;
mod layout;
mod listing;
mod localities;

use bytemuck::{Pod, Zeroable};
use serde::Serialize;

use super::AddressError;
use super::spelling::SpellingView;
use crate::domain::{LonLat, grid};

pub(super) use builder::apartment_hash;
pub use builder::{AddressRecord, GazetteerBuilder};
pub use extent::Extent;
pub use listing::{AddressEntry, StreetEntry};
pub(super) use localities::locality_key;
pub use localities::{LocalityAlias, builtin_aliases};

/// Place of an address without a known unit.
pub const NO_UNIT: u32 = u32::MAX;
/// Place in the postal table of an address without a postal code.
pub(super) const NO_POSTAL: u32 = u32::MAX;

/// A position on a grid of 1e-8 degree from 90° W, 40° N: the grid of the crate's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Pod, Zeroable)]
#[repr(C)]
pub struct Spot {
    /// Eastward offset.
    pub x: u32,
    /// Northward offset.
    pub y: u32,
}

impl Spot {
    /// The grid position of a validated position; `None` outside the grid (90° W to 47° W, 40° N to 82.9° N).
    #[must_use]
    pub fn of(position: LonLat) -> Option<Self> {
        grid::to_grid(position.lon(), position.lat()).map(|[x, y]| Self { x, y })
    }

    /// Longitude in degrees.
    #[must_use]
    pub fn lon(self) -> f64 {
        grid::lon_of(self.x)
    }

    /// Latitude in degrees.
    #[must_use]
    pub fn lat(self) -> f64 {
        grid::lat_of(self.y)
    }

    /// Metres to another position on a local plane: within 1 % over 100 km of Québec.
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        let dy = (f64::from(self.y) - f64::from(other.y)) * 1.113e-3;
        let middle = f64::midpoint(self.lat(), other.lat());
        let dx = (f64::from(self.x) - f64::from(other.x)) * 1.113e-3 * middle.to_radians().cos();
        dx.hypot(dy)
    }
}

/// A stretch of the text pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Pod, Zeroable)]
#[repr(C)]
pub(super) struct TextRef {
    pub start: u32,
    pub len: u32,
}

/// An apartment of a number that has several places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
pub(super) struct ApartmentRow {
    pub address: u32,
    pub apartment: u32,
}

/// A name shared by streets: its core key, and its streets up to those of the next name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct NameRow {
    pub key: TextRef,
    pub first_street: u32,
}

/// A street; its addresses are those up to the next street's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct StreetRow {
    pub display: TextRef,
    pub full: TextRef,
    pub name: u32,
    pub locality: u32,
    pub first: u32,
    pub weight: u32,
    pub kind: u8,
    pub direction: u8,
    pub pad: u16,
}

/// A municipality, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct LocalityRow {
    pub display: TextRef,
    pub code: TextRef,
    pub name: u32,
    /// The municipality it is part of, or itself.
    pub root: u32,
    pub weight: u32,
    pub area: u32,
}

/// A name of localities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct LocalityNameRow {
    pub key: TextRef,
    pub first: u32,
}

/// Where a set of addresses lies, and its shares up to the next area's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct AreaRow {
    /// A packed postal code; unused for localities.
    pub code: u32,
    pub first: u32,
    pub at: Spot,
    pub radius_m: u32,
}

/// How many addresses lie in a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable, Serialize)]
#[repr(C)]
pub struct UnitCount {
    /// Place of the unit in the atlas, or [`NO_UNIT`].
    pub unit: u32,
    /// Addresses.
    pub addresses: u32,
}

macro_rules! gazetteer {
    ($($field:ident: $row:ty, $name:literal;)*) => {
        /// A compiled registry that owns its arrays.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct Gazetteer { $(pub(super) $field: Vec<$row>,)* }

        /// A compiled registry read where it lies.
        #[derive(Debug, Clone, Copy)]
        pub struct GazetteerView<'a> { $(pub(super) $field: &'a [$row],)* }

        impl Gazetteer {
            /// The registry as it is read.
            #[must_use]
            pub fn view(&self) -> GazetteerView<'_> {
                GazetteerView { $($field: &self.$field,)* }
            }

            /// Its arrays by name, as bytes to store; each must be stored at a multiple of 4 bytes.
            #[must_use]
            pub fn sections(&self) -> Vec<(&'static str, &[u8])> {
                vec![$(($name, bytemuck::cast_slice(&self.$field)),)*]
            }
        }

        impl<'a> GazetteerView<'a> {
            /// Names of the arrays, in order.
            pub const SECTIONS: &'static [&'static str] = &[$($name),*];

            /// Takes arrays stored by [`Gazetteer::sections`]. Checks that they belong together: linear in their length.
            ///
            /// # Errors
            /// [`AddressError::Section`] for one that is missing, cut or out of place, [`AddressError::Inconsistent`] when
            /// they do not belong together.
            pub fn from_sections(find: impl Fn(&str) -> Option<&'a [u8]>) -> Result<Self, AddressError> {
                let view = Self { $($field: {
                    let bytes = find($name).ok_or(AddressError::Section { name: $name })?;
                    bytemuck::try_cast_slice(bytes).map_err(|_| AddressError::Section { name: $name })?
                },)* };
                view.check()?;
                Ok(view)
            }

            /// Takes the same arrays, in the order of [`Self::SECTIONS`], without checking again that they belong together.
            ///
            /// `None` where one is missing or out of place. What was never checked may make a later question panic.
            #[must_use]
            pub fn from_checked_sections(sections: impl IntoIterator<Item = &'a [u8]>) -> Option<Self> {
                let mut sections = sections.into_iter();
                Some(Self { $($field: bytemuck::try_cast_slice(sections.next()?).ok()?,)* })
            }
        }
    };
}

gazetteer! {
    civics: u32, "address.civic";
    spots: Spot, "address.spot";
    units: u32, "address.unit";
    postals: u32, "address.postal";
    apartments: ApartmentRow, "address.apartment";
    streets: StreetRow, "address.street";
    names: NameRow, "address.name";
    name_buckets: u32, "address.name_bucket";
    name_entries: u32, "address.name_entry";
    name_signatures: u32, "address.name_signature";
    localities: LocalityRow, "address.locality";
    locality_names: LocalityNameRow, "address.locality_name";
    locality_list: u32, "address.locality_list";
    locality_buckets: u32, "address.locality_bucket";
    locality_entries: u32, "address.locality_entry";
    locality_signatures: u32, "address.locality_signature";
    postal_areas: AreaRow, "address.postal_area";
    locality_areas: AreaRow, "address.locality_area";
    shares: UnitCount, "address.share";
    extent: u32, "address.extent";
    text: u8, "address.text";
}

impl Gazetteer {
    /// Bytes of all its arrays.
    #[must_use]
    pub fn byte_len(&self) -> usize {
        self.sections().iter().map(|(_, bytes)| bytes.len()).sum()
    }
}

impl<'a> GazetteerView<'a> {
    /// How many addresses it holds, doubles merged.
    #[must_use]
    pub fn address_count(&self) -> usize {
        self.civics.len()
    }

    /// How many streets it holds.
    #[must_use]
    pub fn street_count(&self) -> usize {
        self.streets.len().saturating_sub(1)
    }

    /// How many postal codes it knows.
    #[must_use]
    pub fn postal_code_count(&self) -> usize {
        self.postal_areas.len().saturating_sub(1)
    }

    /// Whether every unit it names is one of the first `count`, or none.
    #[must_use]
    pub fn units_fit(&self, count: usize) -> bool {
        let fits = |unit: u32| unit == NO_UNIT || (unit as usize) < count;
        self.units.iter().all(|&unit| fits(unit)) && self.shares.iter().all(|share| fits(share.unit))
    }

    pub(super) fn text(&self, at: TextRef) -> &'a str {
        let bytes = self.text.get(at.start as usize..).and_then(|rest| rest.get(..at.len as usize));
        bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// The streets of a name.
    pub(super) fn streets_of(&self, name: u32) -> std::ops::Range<usize> {
        self.names[name as usize].first_street as usize..self.names[name as usize + 1].first_street as usize
    }

    /// The addresses of a street.
    pub(super) fn addresses_of(&self, street: usize) -> std::ops::Range<usize> {
        self.streets[street].first as usize..self.streets[street + 1].first as usize
    }

    /// Whether an apartment is known to be at an address that shares its number with another place.
    pub(super) fn has_apartment(&self, address: usize, apartment: u32) -> bool {
        self.apartments.binary_search(&ApartmentRow { address: address as u32, apartment }).is_ok()
    }

    /// The municipality a locality is part of, or itself.
    pub(super) fn root(&self, locality: u32) -> u32 {
        self.localities[locality as usize].root
    }

    /// The localities of a name.
    pub(super) fn localities_of(&self, name: u32) -> &'a [u32] {
        let rows = self.locality_names;
        &self.locality_list[rows[name as usize].first as usize..rows[name as usize + 1].first as usize]
    }

    pub(super) fn name_index(&self) -> SpellingView<'a> {
        SpellingView { buckets: self.name_buckets, entries: self.name_entries, signatures: self.name_signatures }
    }

    pub(super) fn locality_index(&self) -> SpellingView<'a> {
        SpellingView {
            buckets: self.locality_buckets,
            entries: self.locality_entries,
            signatures: self.locality_signatures,
        }
    }

    fn check(&self) -> Result<(), AddressError> {
        let addresses = self.civics.len();
        let same = [self.spots.len(), self.units.len(), self.postals.len()].iter().all(|&len| len == addresses);
        let closed = |firsts: &mut dyn Iterator<Item = u32>, end: usize| {
            let mut last = 0;
            let mut any = false;
            for first in firsts {
                if first < last || (!any && first != 0) {
                    return false;
                }
                any = true;
                last = first;
            }
            any && last as usize == end
        };
        let text = |at: TextRef| (at.start as usize + at.len as usize) <= self.text.len();
        let localities = self.localities.len();
        let areas = &mut self.postal_areas.iter().chain(self.locality_areas).map(|row| row.first);
        let sound = same
            && self.extent.len() == 2
            && closed(&mut self.streets.iter().map(|row| row.first), addresses)
            && closed(&mut self.names.iter().map(|row| row.first_street), self.street_count())
            && closed(&mut self.locality_names.iter().map(|row| row.first), self.locality_list.len())
            && closed(areas, self.shares.len())
            && !self.postal_areas.is_empty()
            && self.locality_areas.len() == localities + 1
            && self.locality_list.iter().all(|&id| (id as usize) < localities)
            && self.localities.iter().all(|row| {
                (row.root as usize) < localities
                    && (row.name as usize) < self.locality_names.len().saturating_sub(1)
                    && (row.area as usize) < self.locality_areas.len().saturating_sub(1)
                    && text(row.display)
                    && text(row.code)
            })
            && self.streets[..self.street_count()].iter().all(|row| {
                (row.locality as usize) < localities
                    && (row.name as usize) < self.names.len().saturating_sub(1)
                    && text(row.display)
                    && text(row.full)
            })
            && self.postals.iter().all(|&postal| postal == NO_POSTAL || (postal as usize) < self.postal_code_count())
            && self.name_index().is_sound(self.names.len().saturating_sub(1))
            && self.locality_index().is_sound(self.locality_names.len().saturating_sub(1));
        if sound { Ok(()) } else { Err(AddressError::Inconsistent) }
    }
}
