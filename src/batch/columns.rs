//! Columns: those that a row's place is read from, by flag or by usual name, and those that are added.

use super::BatchError;

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
    /// Postal code.
    pub postal_code: Option<String>,
    /// Day of the edition that answers, row by row.
    pub as_of: Option<String>,
}

/// The place of the columns that are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Inputs {
    /// First and second coordinate: longitude and latitude, or x and y.
    pub point: Option<[usize; 2]>,
    /// Whether the point is in a projected system.
    pub projected: bool,
    /// Whole address.
    pub address: Option<usize>,
    /// Civic number.
    pub civic: Option<usize>,
    /// Street.
    pub street: Option<usize>,
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

const LAT: &[&str] = &[
    "lat",
    "latitude",
    "latwgs84",
    "latitudewgs84",
    "latdd",
    "latitudedd",
    "ylat",
    "latitudey",
    "coordlat",
    "gpslat",
    "latnad83",
    "bfreppointlatitude",
];
const LON: &[&str] = &[
    "lon",
    "long",
    "lng",
    "longitude",
    "lonwgs84",
    "longwgs84",
    "longitudewgs84",
    "londd",
    "longitudedd",
    "xlon",
    "longitudex",
    "coordlon",
    "gpslon",
    "gpslong",
    "lonnad83",
    "bfreppointlongitude",
];
const X: &[&str] = &["x", "coordx", "xcoord", "coordonneex", "easting", "est", "bgx", "xmtm", "xlambert", "coordoneex"];
const Y: &[&str] =
    &["y", "coordy", "ycoord", "coordonneey", "northing", "nord", "bgy", "ymtm", "ylambert", "coordoneey"];
const ADDRESS: &[&str] = &[
    "adresse",
    "address",
    "adressecomplete",
    "adressecivique",
    "fulladdress",
    "adressepostale",
    "adressedomicile",
    "adresseresidence",
    "streetaddress",
    "adresse1",
    "address1",
    "adr",
];
const CIVIC: &[&str] = &[
    "nocivique",
    "numerocivique",
    "nociv",
    "civique",
    "civicno",
    "civicnumber",
    "civic",
    "housenumber",
    "streetnumber",
    "numero",
    "number",
    "numciv",
    "nocivic",
];
const STREET: &[&str] =
    &["rue", "nomrue", "nomdelarue", "nomdevoie", "voie", "odonyme", "street", "streetname", "generiquespecifique"];
const UNIT: &[&str] =
    &["app", "appartement", "noapp", "noappartement", "apt", "aptno", "unit", "unite", "suite", "bureau"];
const MUNICIPALITY: &[&str] =
    &["ville", "municipalite", "nomville", "nommunicipalite", "localite", "city", "town", "municipality", "mun"];
const PROVINCE: &[&str] = &["province", "prov", "codeprovince", "region"];
const POSTAL_CODE: &[&str] =
    &["codepostal", "cp", "postalcode", "postcode", "codpostal", "zip", "zipcode", "codepost", "cdpostal"];

/// A name as names are compared: letters and digits only, without case and accents.
pub(super) fn fold(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'à' | 'á' | 'â' | 'ä' => out.push('a'),
            'ç' => out.push('c'),
            'è' | 'é' | 'ê' | 'ë' => out.push('e'),
            'î' | 'ï' | 'í' => out.push('i'),
            'ô' | 'ö' | 'ó' | '°' | 'º' => out.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => out.push('u'),
            letter if letter.is_alphanumeric() => out.push(letter),
            _ => {}
        }
    }
    out
}

/// The names in quotes, for a message.
pub(super) fn listed(names: &[String]) -> String {
    let all: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(", ") }
}

impl Inputs {
    /// Finds them among the names of a header; coordinates are left out where rows have a geometry.
    pub fn find(names: &[String], named: &NamedColumns, has_crs: bool, has_geometry: bool) -> Result<Self, BatchError> {
        let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
        let usual = |list: &[&str]| list.iter().find_map(|&name| folded.iter().position(|other| other == name));
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
        let inputs = Self {
            point,
            projected,
            address: either(&named.address, ADDRESS)?,
            civic: usual(CIVIC),
            street: usual(STREET),
            unit: usual(UNIT),
            municipality: usual(MUNICIPALITY),
            province: usual(PROVINCE),
            postal_code: either(&named.postal_code, POSTAL_CODE)?,
            as_of: asked(&named.as_of)?,
        };
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

    /// Whether rows can be found by address or postal code.
    pub fn has_address(&self) -> bool {
        self.address.is_some() || self.street.is_some() || self.postal_code.is_some()
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
    ($($name:ident $word:literal;)*) => {
        /// A column that is added; its name is `rattache_` and its word.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "docs/batch.md has a table of them")]
        pub enum Column { $($name,)* }

        impl Column {
            /// All of them, in their usual order: what is added where nothing else is asked for.
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
        }
    };
}

columns! {
    Status "status";
    Reason "reason";
    Da "da";
    ClscCode "clsc_code";
    ClscName "clsc_name";
    RlsCode "rls_code";
    RlsName "rls_name";
    RtsCode "rts_code";
    RtsName "rts_name";
    RssCode "rss_code";
    RssName "rss_name";
    RuisssCode "ruisss_code";
    RuisssName "ruisss_name";
    Method "method";
    Score "score";
    Faults "faults";
    BorderM "border_m";
    RunnerUpClsc "runner_up_clsc";
    Edition "edition";
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
