//! The words with a meaning of their own in a Québec address: street types, directions, articles, ordinals, units,
//! provinces.
//!
//! Street types and their abbreviations follow the usage of the Commission de toponymie and of Canada Post's addressing
//! guidelines, and the English forms met in practice. All words are folded (see `text`).

use serde::Serialize;

macro_rules! street_types {
    ($($name:ident $label:literal : $($word:literal)*;)*) => {
        /// What kind of street.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[repr(u8)]
        pub enum StreetType { $(
            #[doc = concat!("« ", $label, " ».")]
            $name,
        )* }

        impl StreetType {
            const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The French word, in lower case.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),* }
            }

            /// The type a folded word stands for.
            pub(super) fn of_word(word: &str) -> Option<Self> {
                match word {
                    $($($word)|* => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

street_types! {
    Allee "allée": "allee" "all" "alley";
    Autoroute "autoroute": "autoroute" "aut" "autorte" "highway" "hwy" "expressway" "expy" "freeway";
    Avenue "avenue": "avenue" "avenues" "av" "ave" "aven" "avn" "avnue";
    Boulevard "boulevard": "boulevard" "boul" "blvd" "bd" "bld" "bvd" "boulv" "blv" "boulevar" "bvld" "blvrd";
    Carre "carré": "carre" "car" "square" "sq";
    Carrefour "carrefour": "carrefour" "carref";
    Centre "centre": "centre" "ctr";
    Cercle "cercle": "cercle" "circle" "cir";
    Chemin "chemin": "chemin" "ch" "che" "chem" "chm" "road" "rd";
    Circuit "circuit": "circuit" "circt";
    Cite "cité": "cite";
    Concession "concession": "concession" "conc";
    Cote "côte": "cote" "hill";
    Cour "cour": "cour" "court" "crt" "ct" "courts";
    Cours "cours": "cours";
    Croissant "croissant": "croissant" "crois" "cr" "crescent" "cres" "crst" "croiss";
    Croisement "croisement": "croisement";
    Descente "descente": "descente";
    Domaine "domaine": "domaine" "dom";
    Echangeur "échangeur": "echangeur" "ech";
    Esplanade "esplanade": "esplanade" "espl";
    Impasse "impasse": "impasse" "imp" "deadend";
    Ile "île": "ile" "island";
    Jardin "jardin": "jardin" "jardins" "gardens" "gdns";
    Lane "lane": "lane" "ln";
    Mews "mews": "mews";
    Montee "montée": "montee" "mtee" "monte";
    Parc "parc": "parc" "park" "pk";
    Passage "passage": "passage" "pass";
    Petite "petite rue": "petiterue";
    Place "place": "place" "pl" "plce" "plaza";
    Plateau "plateau": "plateau";
    Pointe "pointe": "pointe" "pte" "point";
    Promenade "promenade": "promenade" "prom" "drive" "dr" "driveway";
    Quai "quai": "quai" "wharf";
    Quartier "quartier": "quartier" "quart";
    Rang "rang": "rang" "rg" "rge" "range";
    Rond "rond-point": "rondpoint" "rdpt";
    Route "route": "route" "rte" "rt" "rout";
    Rue "rue": "rue" "r" "street" "str" "strt" "rues" "ruee";
    Ruelle "ruelle": "ruelle" "rle";
    Sentier "sentier": "sentier" "sent" "trail" "trl" "path";
    Terrasse "terrasse": "terrasse" "tsse" "terr" "terrace" "ter" "terrase";
    Traverse "traverse": "traverse" "trav";
    Trait "trait-carré": "traitcarre";
    Voie "voie": "voie" "way" "wy";
}

impl StreetType {
    /// The type of a number as stored; `None` for [`NO_TYPE`] and beyond.
    pub(super) fn of_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// Whether its name is often a plain number: `route 132`, `rang 4`.
    pub(super) const fn is_numbered(self) -> bool {
        matches!(self, Self::Route | Self::Autoroute | Self::Rang | Self::Concession)
    }

    /// Whether the English habit of setting it after the name is common.
    pub(super) fn of_last_word(word: &str) -> Option<Self> {
        if word == "st" { Some(Self::Rue) } else { Self::of_word(word) }
    }
}

/// Stored where a street has no type.
pub(super) const NO_TYPE: u8 = u8::MAX;

/// The cardinal part of a street's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Direction {
    /// Nord.
    North,
    /// Sud.
    South,
    /// Est.
    East,
    /// Ouest.
    West,
    /// Nord-Est.
    NorthEast,
    /// Nord-Ouest.
    NorthWest,
    /// Sud-Est.
    SouthEast,
    /// Sud-Ouest.
    SouthWest,
    /// Centre.
    Centre,
}

/// Stored where a street has no direction.
pub(super) const NO_DIRECTION: u8 = u8::MAX;

impl Direction {
    /// The French word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::North => "Nord",
            Self::South => "Sud",
            Self::East => "Est",
            Self::West => "Ouest",
            Self::NorthEast => "Nord-Est",
            Self::NorthWest => "Nord-Ouest",
            Self::SouthEast => "Sud-Est",
            Self::SouthWest => "Sud-Ouest",
            Self::Centre => "Centre",
        }
    }

    /// The direction of a number as stored.
    pub(super) fn of_code(code: u8) -> Option<Self> {
        use Direction::{Centre, East, North, NorthEast, NorthWest, South, SouthEast, SouthWest, West};
        [North, South, East, West, NorthEast, NorthWest, SouthEast, SouthWest, Centre].get(usize::from(code)).copied()
    }

    /// The direction a folded word stands for.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "n" | "nord" | "north" => Self::North,
            "s" | "sud" | "south" => Self::South,
            "e" | "est" | "east" => Self::East,
            "o" | "w" | "ouest" | "west" | "oust" => Self::West,
            "ne" | "nordest" | "northeast" => Self::NorthEast,
            "no" | "nw" | "nordouest" | "northwest" => Self::NorthWest,
            "se" | "sudest" | "southeast" => Self::SouthEast,
            "so" | "sw" | "sudouest" | "southwest" => Self::SouthWest,
            "centre" | "center" => Self::Centre,
            _ => return None,
        })
    }

    /// Two directions said one after the other.
    pub(super) fn joined(first: Self, second: Self) -> Option<Self> {
        Some(match (first, second) {
            (Self::North, Self::East) => Self::NorthEast,
            (Self::North, Self::West) => Self::NorthWest,
            (Self::South, Self::East) => Self::SouthEast,
            (Self::South, Self::West) => Self::SouthWest,
            _ => return None,
        })
    }
}

/// A province or territory of Canada, as far as a postal code tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Province {
    /// Québec.
    Quebec,
    /// Ontario.
    Ontario,
    /// Nouveau-Brunswick.
    NewBrunswick,
    /// Nouvelle-Écosse.
    NovaScotia,
    /// Île-du-Prince-Édouard.
    PrinceEdwardIsland,
    /// Terre-Neuve-et-Labrador.
    NewfoundlandAndLabrador,
    /// Manitoba.
    Manitoba,
    /// Saskatchewan.
    Saskatchewan,
    /// Alberta.
    Alberta,
    /// Colombie-Britannique.
    BritishColumbia,
    /// Yukon.
    Yukon,
    /// Territoires du Nord-Ouest ou Nunavut: one letter for both.
    NorthernTerritories,
}

impl Province {
    /// Its French name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Quebec => "Québec",
            Self::Ontario => "Ontario",
            Self::NewBrunswick => "Nouveau-Brunswick",
            Self::NovaScotia => "Nouvelle-Écosse",
            Self::PrinceEdwardIsland => "Île-du-Prince-Édouard",
            Self::NewfoundlandAndLabrador => "Terre-Neuve-et-Labrador",
            Self::Manitoba => "Manitoba",
            Self::Saskatchewan => "Saskatchewan",
            Self::Alberta => "Alberta",
            Self::BritishColumbia => "Colombie-Britannique",
            Self::Yukon => "Yukon",
            Self::NorthernTerritories => "Territoires du Nord-Ouest ou Nunavut",
        }
    }

    /// The province a folded abbreviation stands for, Québec's included.
    pub(super) fn of_abbreviation(word: &str) -> Option<Self> {
        Some(match word {
            "qc" | "pq" | "que" | "qu" => Self::Quebec,
            "on" | "ont" => Self::Ontario,
            "nb" => Self::NewBrunswick,
            "ns" => Self::NovaScotia,
            "pei" | "ipe" => Self::PrinceEdwardIsland,
            "nl" | "nfld" | "tnl" => Self::NewfoundlandAndLabrador,
            "mb" => Self::Manitoba,
            "sk" | "sask" => Self::Saskatchewan,
            "ab" | "alta" => Self::Alberta,
            "bc" => Self::BritishColumbia,
            "yt" => Self::Yukon,
            "nwt" | "tno" | "nt" => Self::NorthernTerritories,
            _ => return None,
        })
    }

    /// The province whose folded name, without spaces, this is; Québec's is left to the city.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "ontario" => Self::Ontario,
            "nouveaubrunswick" | "newbrunswick" => Self::NewBrunswick,
            "nouvelleecosse" | "novascotia" => Self::NovaScotia,
            "ileduprinceedouard" | "princeedwardisland" => Self::PrinceEdwardIsland,
            "terreneuveetlabrador" | "newfoundlandandlabrador" | "newfoundland" | "terreneuve" => {
                Self::NewfoundlandAndLabrador
            }
            "manitoba" => Self::Manitoba,
            "saskatchewan" => Self::Saskatchewan,
            "alberta" => Self::Alberta,
            "colombiebritannique" | "britishcolumbia" => Self::BritishColumbia,
            "yukon" => Self::Yukon,
            "nunavut" | "northwestterritories" | "territoiresdunordouest" => Self::NorthernTerritories,
            _ => return None,
        })
    }
}

/// Whether a word is what the United States Postal Service writes for a state.
pub(super) fn is_state(word: &str) -> bool {
    const STATES: &str = "al ak az ar ca co ct dc de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm \
                          ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy";
    // Canada, and French articles.
    word.len() == 2 && !matches!(word, "ca" | "la" | "de" | "al") && STATES.split(' ').any(|state| state == word)
}

/// Whether a word only links others: articles and prepositions.
pub(super) fn is_article(word: &str) -> bool {
    matches!(word, "de" | "du" | "des" | "d" | "la" | "le" | "les" | "l" | "the" | "of" | "et" | "and")
}

/// The number of an ordinal in digits: `2e`, `2ieme`, `2nd`. See [`spelled`](super::numerals::spelled) for those in letters.
pub(super) fn ordinal(word: &str) -> Option<&str> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return None;
    }
    let (number, ending) = word.split_at(digits);
    matches!(
        ending,
        "e" | "er" | "re" | "ere" | "eme" | "ieme" | "iere" | "ier" | "nd" | "nde" | "rd" | "th" | "st" | "em" | "me"
    )
    .then_some(number)
}

/// Whether an ending alone makes the number before it an ordinal: `12 e Avenue`.
pub(super) fn is_ordinal_ending(word: &str) -> bool {
    matches!(word, "e" | "er" | "re" | "ere" | "eme" | "ieme" | "iere" | "nd" | "rd" | "th")
}

/// The full word of an abbreviation used inside names.
pub(super) fn expanded(word: &str) -> &str {
    match word {
        "mgr" | "msgr" => "monseigneur",
        "dr" => "docteur",
        "gen" | "gal" => "general",
        "chan" => "chanoine",
        "cap" | "capt" => "capitaine",
        "prof" => "professeur",
        "pres" => "president",
        "rev" => "reverend",
        "cdt" => "commandant",
        "card" => "cardinal",
        "nd" => "notredame",
        "mt" | "mount" => "mont",
        word => word,
    }
}

/// Whether a word announces a unit inside a building.
pub(super) fn is_unit_word(word: &str) -> bool {
    matches!(
        word,
        "app"
            | "appt"
            | "apt"
            | "appart"
            | "appartement"
            | "apartment"
            | "apartement"
            | "unit"
            | "unite"
            | "bureau"
            | "bureaux"
            | "bur"
            | "office"
            | "suite"
            | "local"
            | "locaux"
            | "loc"
            | "porte"
            | "condo"
            | "chambre"
            | "chb"
            | "room"
            | "piece"
            | "logement"
            | "log"
            | "ph"
    )
}

/// Whether a word says that the ordinal before it is a floor.
pub(super) fn is_floor_word(word: &str) -> bool {
    matches!(word, "etage" | "etages" | "floor" | "fl")
}
