//! Columns: those that a row's place is read from, by flag or by usual name, and those that are added.

use std::path::Path;

use super::BatchError;
use crate::domain::{Term, both};
use crate::tables::ColumnsUsed;
use crate::tables::columns::{Columns, fold};
use crate::tables::synonyms::{
    ADDRESS, ADDRESS_2, APARTMENT, CITY, CIVIC, CIVIC_PLAIN, DIRECTION, LAT, LON, POSTAL, PROVINCE, STREET,
    STREET_TYPE, SUFFIX, X, Y,
};

/// Names of input columns as the user gives them; the others are found by their usual names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedColumns {
    /// Latitude.
    pub lat: Option<String>,
    /// Longitude.
    pub lon: Option<String>,
    /// Easting.
    pub x: Option<String>,
    /// Northing.
    pub y: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Civic number.
    pub civic: Option<String>,
    /// Suffix of the civic number.
    pub suffix: Option<String>,
    /// Unit in the building.
    pub unit: Option<String>,
    /// Street.
    pub street: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Province.
    pub province: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Day of the edition that answers, row by row.
    pub as_of: Option<String>,
}

impl NamedColumns {
    /// Whether columns of coordinates are named.
    pub(super) fn has_coordinates(&self) -> bool {
        [&self.lat, &self.lon, &self.x, &self.y].into_iter().any(Option::is_some)
    }

    /// All names that are given.
    pub(super) fn all(&self) -> Vec<&str> {
        let all = [
            &self.lat,
            &self.lon,
            &self.x,
            &self.y,
            &self.address,
            &self.civic,
            &self.suffix,
            &self.unit,
            &self.street,
            &self.city,
            &self.province,
            &self.postal_code,
            &self.as_of,
        ];
        all.into_iter().flatten().map(String::as_str).collect()
    }
}

/// The place of the columns that are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Inputs {
    /// First and second coordinate: longitude and latitude, or x and y.
    pub point: Option<[usize; 2]>,
    /// Whether the point is in a projected system.
    pub projected: bool,
    /// Geometry, instead of two coordinates.
    pub geometry: Option<usize>,
    /// Whole address.
    pub address: Option<usize>,
    /// Civic number.
    pub civic: Option<usize>,
    /// Suffix of the civic number.
    pub suffix: Option<usize>,
    /// Type of the street.
    pub street_type: Option<usize>,
    /// Street.
    pub street: Option<usize>,
    /// Direction of the street.
    pub direction: Option<usize>,
    /// Unit.
    pub unit: Option<usize>,
    /// Municipality.
    pub municipality: Option<usize>,
    /// Province.
    pub province: Option<usize>,
    /// Postal code.
    pub postal_code: Option<usize>,
    /// Day.
    pub as_of: Option<usize>,
}

/// The names in quotes, for a message.
pub(super) fn listed(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { crate::tables::columns::quoted(names) }
}

impl Inputs {
    /// Finds them among the names of a header; coordinates are left out where rows have a geometry.
    pub fn find(names: &[String], named: &NamedColumns, has_crs: bool, has_geometry: bool) -> Result<Self, BatchError> {
        let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
        let known = Columns::new(Path::new(""), names.to_vec());
        let usual = |list: &[&str]| known.find(list);
        let asked = |name: &Option<String>| name.as_deref().map(|name| find_named(names, &folded, name)).transpose();
        let either = |name: &Option<String>, list: &[&str]| asked(name).map(|found| found.or_else(|| usual(list)));
        let found = || listed(names);
        let pair = |a: Option<usize>, b: Option<usize>, [have, want]: [&'static str; 2]| match (a, b) {
            (Some(a), Some(b)) => Ok(Some([a, b])),
            (None, None) => Ok(None),
            (Some(_), None) => Err(BatchError::HalfAPair { have, want, found: found() }),
            (None, Some(_)) => Err(BatchError::HalfAPair { have: want, want: have, found: found() }),
        };
        let degrees_asked = named.lat.is_some() || named.lon.is_some();
        let plane_asked = named.x.is_some() || named.y.is_some() || has_crs;
        let plane = pair(either(&named.x, X)?, either(&named.y, Y)?, ["x", "y"]);
        let degrees = pair(either(&named.lon, LON)?, either(&named.lat, LAT)?, ["longitude", "latitude"]);
        let (point, projected) = if has_geometry {
            (None, false)
        } else if plane_asked && !degrees_asked {
            match plane? {
                Some(pair) if has_crs => (Some(pair), true),
                Some(_) => return Err(BatchError::CrsMissing { found: found() }),
                None if has_crs && degrees.as_ref().is_ok_and(Option::is_none) => {
                    return Err(BatchError::NoUsableColumn { found: found() });
                }
                None => (degrees?, false),
            }
        } else {
            (degrees?, false)
        };
        let (address, street) = (either(&named.address, ADDRESS)?, either(&named.street, STREET)?);
        // A column "No" beside a whole address counts rows; beside a street it is the civic number.
        let plain = || usual(CIVIC_PLAIN).filter(|_| street.is_some() && address.is_none());
        let mut inputs = Self {
            point,
            projected,
            geometry: None,
            address,
            civic: either(&named.civic, CIVIC)?.or_else(plain),
            suffix: either(&named.suffix, SUFFIX)?,
            street_type: street.and_then(|_| usual(STREET_TYPE)),
            street,
            direction: street.and_then(|_| usual(DIRECTION)),
            unit: either(&named.unit, APARTMENT)?.or_else(|| usual(ADDRESS_2)),
            municipality: either(&named.city, CITY)?,
            province: either(&named.province, PROVINCE)?,
            postal_code: either(&named.postal_code, POSTAL)?,
            as_of: asked(&named.as_of)?,
        };
        inputs.let_named_win(named);
        if inputs.point.is_none() && !inputs.has_address() && !has_geometry {
            let plane = usual(X).zip(usual(Y)).is_some();
            return Err(if plane {
                BatchError::CrsMissing { found: found() }
            } else {
                BatchError::NoUsableColumn { found: found() }
            });
        }
        Ok(inputs)
    }

    /// A column that the caller names for one part is no other part's by its usual name.
    fn let_named_win(&mut self, named: &NamedColumns) {
        let given: Vec<usize> = [
            (&named.address, self.address),
            (&named.civic, self.civic),
            (&named.suffix, self.suffix),
            (&named.unit, self.unit),
            (&named.street, self.street),
            (&named.city, self.municipality),
            (&named.province, self.province),
            (&named.postal_code, self.postal_code),
        ]
        .into_iter()
        .filter_map(|(name, place)| place.filter(|_| name.is_some()))
        .collect();
        let parts = [
            (&mut self.address, named.address.is_some()),
            (&mut self.civic, named.civic.is_some()),
            (&mut self.suffix, named.suffix.is_some()),
            (&mut self.unit, named.unit.is_some()),
            (&mut self.street, named.street.is_some()),
            (&mut self.municipality, named.city.is_some()),
            (&mut self.province, named.province.is_some()),
            (&mut self.postal_code, named.postal_code.is_some()),
            (&mut self.street_type, false),
            (&mut self.direction, false),
        ];
        for (part, is_named) in parts {
            if !is_named && part.is_some_and(|place| given.contains(&place)) {
                *part = None;
            }
        }
    }

    /// Which columns of a file they are, and for what.
    pub fn used(&self, names: &[String]) -> ColumnsUsed {
        let (first, second) = if self.projected {
            (both!("coordonnée x", "x"), both!("coordonnée y", "y"))
        } else {
            (both!("longitude", "longitude"), both!("latitude", "latitude"))
        };
        let used = [
            (self.geometry, both!("position", "position")),
            (self.point.map(|point| point[1]), second),
            (self.point.map(|point| point[0]), first),
            (self.address, both!("adresse", "address")),
            (self.civic, both!("numéro civique", "civic number")),
            (self.suffix, both!("suffixe", "suffix")),
            (self.street_type, both!("type de voie", "street type")),
            (self.street, both!("rue", "street")),
            (self.direction, both!("direction", "direction")),
            (self.unit, both!("appartement", "unit")),
            (self.municipality, both!("ville", "city")),
            (self.province, both!("province", "province")),
            (self.postal_code, both!("code postal", "postal code")),
            (self.as_of, both!("jour", "day")),
        ];
        ColumnsUsed::new(names, used)
    }

    /// The places of all of them, in order of place.
    pub fn places(&self) -> Vec<usize> {
        let mut all: Vec<usize> = self.point.into_iter().flatten().collect();
        let mut copy = self.clone();
        copy.each(|place| all.push(*place));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The same in a table that has only these columns, in order.
    pub fn among(&self, kept: &[usize]) -> Self {
        let moved = |place: usize| kept.partition_point(|&other| other < place);
        let mut own = self.clone();
        own.point = self.point.map(|point| point.map(moved));
        own.each(|place| *place = moved(*place));
        own
    }

    /// Every column but those of the point.
    fn each(&mut self, mut work: impl FnMut(&mut usize)) {
        let all = [
            &mut self.address,
            &mut self.civic,
            &mut self.suffix,
            &mut self.street_type,
            &mut self.street,
            &mut self.direction,
            &mut self.unit,
            &mut self.municipality,
            &mut self.province,
            &mut self.postal_code,
            &mut self.as_of,
            &mut self.geometry,
        ];
        all.into_iter().filter_map(Option::as_mut).for_each(&mut work);
    }

    /// Whether rows can be found by address or postal code.
    pub fn has_address(&self) -> bool {
        self.address.is_some() || self.street.is_some() || self.postal_code.is_some()
    }

    /// Whether rows have a street, alone or in a whole address.
    pub fn has_street(&self) -> bool {
        self.address.is_some() || self.street.is_some()
    }

    /// The columns whose fields are kept while a row is cut, in the order of `POINT` and its fellows.
    pub fn wanted(&self) -> [Option<usize>; 3] {
        [self.point.map(|point| point[0]), self.point.map(|point| point[1]), self.as_of]
    }
}

fn find_named(names: &[String], folded: &[String], wanted: &str) -> Result<usize, BatchError> {
    let exact: Vec<usize> = (0..names.len()).filter(|&at| names[at] == wanted).collect();
    let alike = || {
        let wanted = fold(wanted);
        (0..names.len()).filter(|&at| folded[at] == wanted).collect::<Vec<_>>()
    };
    let places = if exact.is_empty() { alike() } else { exact };
    match places[..] {
        [one] => Ok(one),
        [] => Err(BatchError::UnknownColumn { wanted: wanted.to_owned(), found: listed(names) }),
        _ => Err(BatchError::RepeatedColumn { name: wanted.to_owned(), found: listed(names) }),
    }
}

macro_rules! columns {
    ($($name:ident $word:literal $french:literal $english:literal;)*) => {
        /// A column that is added; its name is `rattache_` and its word.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each says what it holds, see `words`")]
        pub enum Column { $($name,)* }

        impl Column {
            /// All of them, in their usual order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name without the prefix.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => concat!("rattache_", $word),)* }
            }

            /// What it holds.
            #[must_use]
            pub const fn words(self) -> Term {
                match self { $(Self::$name => Term::new($french, $english),)* }
            }
        }
    };
}

columns! {
    Status "status" "ce que la ligne est devenue" "what became of the row";
    Reason "reason" "pourquoi elle n’est pas simplement résolue" "why it is not plainly resolved";
    Da "da" "aire de diffusion (ADIDU)" "dissemination area (DAUID)";
    ClscCode "clsc_code" "code du CLSC" "code of the CLSC";
    ClscName "clsc_name" "nom du CLSC" "name of the CLSC";
    RlsCode "rls_code" "code du RLS" "code of the RLS";
    RlsName "rls_name" "nom du RLS" "name of the RLS";
    RtsCode "rts_code" "code du RTS" "code of the RTS";
    RtsName "rts_name" "nom du RTS" "name of the RTS";
    RssCode "rss_code" "code de la RSS" "code of the RSS";
    RssName "rss_name" "nom de la RSS" "name of the RSS";
    RuisssCode "ruisss_code" "code du RUISSS" "code of the RUISSS";
    RuisssName "ruisss_name" "nom du RUISSS" "name of the RUISSS";
    Method "method" "d’où vient le lieu : point, adresse ou code postal" "what the place comes from: point, address or postal code";
    Score "score" "de 0 à 1, ce que vaut la correspondance d’une adresse" "0 to 1, how good the match of an address is";
    Faults "faults" "ce en quoi la question et le registre diffèrent" "in what the question and the registry differ";
    BorderM "border_m" "distance à la limite de CLSC la plus proche, en mètres" "distance to the nearest limit of a CLSC, metres";
    RunnerUpClsc "runner_up_clsc" "CLSC de l’autre côté de cette limite" "CLSC beyond that limit";
    Edition "edition" "édition qui a répondu" "edition that answered";
    MatchedLabel "matched_label" "adresse du registre" "address of the registry";
    MatchType "match_type" "précision du lieu trouvé" "how precise the place found is";
    Lat "lat" "latitude du lieu, en degrés" "latitude of the place, degrees";
    Lon "lon" "longitude du lieu, en degrés" "longitude of the place, degrees";
    UncertaintyM "uncertainty_m" "distance dans laquelle le lieu se trouve 19 fois sur 20, en mètres" "distance within which the place lies 19 times in 20, metres";
    Candidates "candidates" "les lieux entre lesquels choisir" "the places to choose from";
}

impl Column {
    /// What is added where nothing else is asked for, in order.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        Self::ALL.iter().copied().filter(|&column| !column.is_optional()).collect()
    }

    /// What is added to rows that a person is to review.
    pub const REVIEW: &'static [Self] = &[
        Self::Status,
        Self::Reason,
        Self::Score,
        Self::Faults,
        Self::MatchedLabel,
        Self::MatchType,
        Self::ClscCode,
        Self::ClscName,
        Self::Candidates,
    ];

    /// Whether a column is only added where it is asked for.
    #[must_use]
    pub const fn is_optional(self) -> bool {
        matches!(
            self,
            Self::MatchedLabel | Self::MatchType | Self::Lat | Self::Lon | Self::UncertaintyM | Self::Candidates
        )
    }
}

impl Column {
    /// Reads a list such as `status,clsc_code,rattache_border_m`.
    ///
    /// # Errors
    /// [`BatchError::UnknownOutput`].
    pub fn parse_list(text: &str) -> Result<Vec<Self>, BatchError> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let find = |word: &str| {
            let bare = word.strip_prefix("rattache_").unwrap_or(word);
            Self::ALL.iter().copied().find(|column| column.word() == bare).ok_or_else(|| BatchError::UnknownOutput {
                wanted: word.to_owned(),
                known: Self::ALL.iter().map(|column| column.word()).collect::<Vec<_>>().join(", "),
            })
        };
        words.map(find).collect()
    }
}
