//! What a match is worth: the precision of the place, minus the cost of each named fault.
//!
//! The numbers are one table, so that a calibration can be fitted without touching the search.

use serde::Serialize;

/// At or above this score an answer may be taken without a person looking at it.
pub const AUTO_ACCEPT: f32 = 0.80;
/// Two answers in different places whose scores differ by no more than this are a tie.
pub(super) const TIE: f32 = 0.035;

macro_rules! faults {
    ($($(#[doc = $doc:literal])* $name:ident $cost:literal;)*) => {
        /// Something in which what was asked and what was found differ, or that could not be verified.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[repr(u8)]
        pub enum Fault { $($(#[doc = $doc])* $name,)* }

        impl Fault {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What it takes off a score.
            #[must_use]
            pub const fn cost(self) -> f32 {
                match self { $(Self::$name => $cost,)* }
            }
        }
    };
}

faults! {
    /// The name differs by articles only.
    Article 0.01;
    /// One slip in the name: a letter more, less, other, or two swapped.
    Spelling 0.05;
    /// Two slips or more.
    SpellingFar 0.11;
    /// Two slips in a short name, and no postal code that vouches for it.
    SpellingDoubtful 0.12;
    /// The name only sounds the same.
    Phonetic 0.10;
    /// Only part of the name was given, or more than the name.
    PartialName 0.11;
    /// No street type was given.
    StreetTypeMissing 0.03;
    /// Another street type was given.
    StreetTypeDiffers 0.10;
    /// A street type was given where the registry has none.
    StreetTypeAdded 0.03;
    /// No direction was given.
    DirectionMissing 0.06;
    /// Another direction was given.
    DirectionDiffers 0.30;
    /// A direction was given where the registry has none.
    DirectionAdded 0.08;
    /// No municipality was given.
    MunicipalityMissing 0.06;
    /// A former municipality, borough or sector was given, or its whole for the part.
    MunicipalityFormer 0.01;
    /// Another part of the same municipality was given.
    MunicipalityPart 0.10;
    /// A slip in the municipality.
    MunicipalitySpelling 0.04;
    /// Another municipality was given.
    MunicipalityDiffers 0.30;
    /// Another municipality was given, but the postal code is the one of the answer.
    MunicipalityOutvoted 0.22;
    /// The municipality is not known to the registry.
    MunicipalityUnknown 0.08;
    /// A municipality was given that the registry has no address of.
    MunicipalityNotCovered 0.50;
    /// A place outside Québec was given.
    MunicipalityElsewhere 0.60;
    /// The first words of a municipality's name were given, and no other one begins so.
    MunicipalityShort 0.02;
    /// The first words of several municipalities' names were given.
    MunicipalityDoubtful 0.05;
    /// The municipality was read before the street, and what follows the street may be one too.
    MunicipalityFirst 0.22;
    /// Street and number alone, or little more, in a registry that is not known to be complete.
    LittleVouches 0.20;
    /// No postal code was given, or the registry has none: nothing vouches for the rest.
    PostalCodeMissing 0.01;
    /// Another postal code of the same forward sortation area was given.
    PostalCodeNear 0.04;
    /// A postal code from elsewhere was given.
    PostalCodeDiffers 0.12;
    /// The postal code is that of another place in the registry.
    PostalCodeElsewhere 0.25;
    /// The civic number is there with another suffix.
    SuffixDiffers 0.04;
    /// The number was read in the second likeliest way: unit for range, or number after the street.
    NumberReading 0.02;
    /// Of two numbers, the one that was meant more often is not in the registry.
    NumberDoubtful 0.22;
    /// The text holds several addresses.
    SeveralAddresses 0.25;
    /// Only the end of the range is in the registry.
    RangeEnd 0.02;
    /// No civic number was given.
    CivicMissing 0.0;
    /// Two streets were given: somewhere at their corner.
    Corner 0.0;
    /// The civic number is not in the registry.
    CivicUnknown 0.0;
    /// The numbers between which it was set are far apart: 300 m or more to either.
    NeighboursFar 0.20;
    /// The civic number is beyond those of the street.
    CivicOutOfRange 0.05;
    /// The street is not in the registry.
    StreetUnknown 0.0;
    /// Words that match nothing were left aside.
    ExtraWords 0.02;
    /// A street of exactly this name exists without this number.
    ExactNameElsewhere 0.22;
    /// The postal code is not in the registry.
    PostalCodeUnknown 0.10;
    /// Several places are as good.
    Ambiguous 0.0;
}

/// A set of faults.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Faults(u64);

impl Faults {
    pub const fn with(self, fault: Fault) -> Self {
        Self(self.0 | 1 << fault as u8)
    }

    pub const fn without(self, fault: Fault) -> Self {
        Self(self.0 & !(1 << fault as u8))
    }

    pub const fn has(self, fault: Fault) -> bool {
        self.0 & (1 << fault as u8) != 0
    }

    pub fn cost(self) -> f32 {
        self.iter().map(Fault::cost).sum()
    }

    pub fn iter(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.iter().copied().filter(move |&fault| self.has(fault))
    }
}

/// How precisely a place was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatchType {
    /// The civic number is in the registry.
    Civic,
    /// Set between its neighbours on the same side of the street.
    Interpolated,
    /// Somewhere on the street.
    Street,
    /// Somewhere among the addresses of the postal code.
    PostalCode,
    /// Somewhere in the municipality.
    Municipality,
}

impl MatchType {
    /// Each of them, the most precise first.
    pub const ALL: [Self; 5] = [Self::Civic, Self::Interpolated, Self::Street, Self::PostalCode, Self::Municipality];
}

/// What each kind of place is worth without any fault.
#[derive(Debug, Clone, Copy)]
pub struct Precision;

impl Precision {
    /// The score of a place of this kind without a fault. Below [`AUTO_ACCEPT`] for all but a civic number found.
    #[must_use]
    pub const fn of(kind: MatchType) -> f32 {
        match kind {
            MatchType::Civic => 1.0,
            MatchType::Interpolated => 0.78,
            MatchType::Street => 0.55,
            MatchType::PostalCode => 0.45,
            MatchType::Municipality => 0.25,
        }
    }
}

/// The score of a kind of place with its faults, 0 to 1; `alone` where no other street of that name is in the municipality.
pub(super) fn score(kind: MatchType, faults: Faults, alone: bool) -> f32 {
    (Precision::of(kind) - faults.cost() - joint_cost(faults, alone)).max(0.0)
}

impl Faults {
    /// Whether any of these is among them.
    pub fn has_any(self, list: &[Fault]) -> bool {
        list.iter().any(|&fault| self.has(fault))
    }

    /// Whether a postal code was given and is the one of the answer.
    pub fn has_code(self) -> bool {
        !self.has_any(&[
            Fault::PostalCodeMissing,
            Fault::PostalCodeNear,
            Fault::PostalCodeDiffers,
            Fault::PostalCodeElsewhere,
        ])
    }
}

/// What faults take off together, beyond the sum of what each does: fitted by `scripts/calibrate-addresses`.
///
/// Municipality, postal code and the name itself vouch for a street. Where one of them speaks against it and no other speaks
/// for it, the street found is nearly always a namesake of the one that was meant.
fn joint_cost(faults: Faults, alone: bool) -> f32 {
    let other_type = faults.has(Fault::StreetTypeDiffers) && !alone;
    let slipped =
        other_type || faults.has_any(&[Fault::Spelling, Fault::SpellingFar, Fault::Phonetic, Fault::PartialName]);
    let placeless = faults.has_any(&[Fault::MunicipalityMissing, Fault::MunicipalityUnknown]);
    let codeless = faults.has(Fault::PostalCodeMissing);
    let other_code = faults.has_any(&[Fault::PostalCodeDiffers, Fault::PostalCodeElsewhere]);
    let mut cost = 0.0;
    if slipped && codeless && faults.has(Fault::MunicipalityMissing) {
        cost += 0.15;
    }
    if faults.has(Fault::MunicipalityUnknown) && !faults.has_code() {
        cost += 0.20;
    }
    if faults.has(Fault::PartialName) && !faults.has_code() {
        cost += 0.20;
    }
    if faults.has(Fault::MunicipalityDiffers) && (codeless || other_code) {
        cost += 0.42;
    }
    if faults.has(Fault::StreetUnknown) && faults.has(Fault::MunicipalitySpelling) {
        cost += 0.12;
    }
    if placeless && other_code {
        cost += 0.55;
    } else if other_type && (codeless || other_code) {
        cost += 0.30;
    } else if slipped && other_code && !faults.has(Fault::Spelling) {
        cost += 0.20;
    }
    cost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_that_leaves_doubt_costs_something() {
        let free = [Fault::CivicMissing, Fault::Corner, Fault::CivicUnknown, Fault::StreetUnknown, Fault::Ambiguous];
        for &fault in Fault::ALL {
            assert_eq!(fault.cost() == 0.0, free.contains(&fault), "{fault:?}");
        }
        assert!(Fault::ALL.len() <= 64);
        assert!(Precision::of(MatchType::Interpolated) < AUTO_ACCEPT);
    }
}
