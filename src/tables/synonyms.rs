//! The names under which columns are known, in both languages, best first; matched by [`fold`](super::columns::fold), so that
//! case, accents, spaces and underscores do not matter, and a year at the end does not either.
//!
//! A list for each thing that a column can hold. What a reader wants, it takes from here; nobody keeps a list of their own.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::columns::{fold, without_year};

/// Names under which one thing is known, best first.
pub(crate) type Spellings = &'static [&'static str];

macro_rules! synonyms {
    ($($(#[doc = $doc:literal])* $name:ident = [$($word:literal),* $(,)?];)*) => {
        $($(#[doc = $doc])* pub(crate) const $name: Spellings = &[$($word),*];)*

        const ALL: &[Spellings] = &[$($name),*];
    };
}

synonyms! {
    /// Dissemination block.
    BLOCK = ["DBUID", "IDIDU", "DBUID_IDIDU", "DBUID2021_IDIDU2021", "DBUID2016_IDIDU2016", "ILOTIDU", "ID_IDU"];
    /// Dissemination area.
    AREA = ["DAUID", "ADIDU", "DAUID_ADIDU", "DAUID2021_ADIDU2021", "DAUID2016_ADIDU2016", "AD", "DA", "DA_ID", "AD_ID",
        "ID_AD", "CODE_AD", "AD_CODE", "NO_AD", "aire_de_diffusion", "dissemination_area"];
    /// Identifier with its year and level.
    DGUID = ["DGUID", "IDUGD", "DGUID_IDUGD", "DADGUID", "DADGUID_ADIDUGD", "DBDGUID", "ADIDUGD", "GEOUID", "ALT_GEO_CODE"];
    /// Census tract.
    TRACT = ["CTUID", "SRIDU", "CTUID_SRIDU"];
    /// Census subdivision.
    SUBDIVISION = ["CSDUID", "SDRIDU", "CSDUID_SDRIDU"];
    /// Census division.
    DIVISION = ["CDUID", "DRIDU", "CDUID_DRIDU"];
    /// Province or territory of the census.
    PROVINCE_UID = ["PRUID", "PRIDU", "PRUID_PRIDU"];
    /// Territory of a CLSC.
    CLSC = ["CLSC_code", "CODE_CLSC", "CLSC", "TERRITOIRE_CLSC", "CODE_TERRITOIRE_CLSC", "CLSC_TERRITOIRE", "TERR_CLSC",
        "CLSC_id", "ID_CLSC", "NO_CLSC", "zone"];
    /// Réseau local de services.
    RLS = ["RLS_code", "CODE_RLS", "RLS"];
    /// Réseau territorial de services.
    RTS = ["RTS_code", "CODE_RTS", "RTS"];
    /// Région sociosanitaire.
    RSS = ["RSS_code", "CODE_RSS", "RSS"];
    /// Réseau universitaire intégré.
    RUISSS = ["RUISSS_code", "RUIS_code", "CODE_RUISSS", "CODE_RUIS", "RUISSS", "RUIS"];
    /// Name of a CLSC.
    CLSC_NAME = ["CLSC_nom", "NOM_CLSC", "CLSC_name"];
    /// Name of a RLS.
    RLS_NAME = ["RLS_nom", "NOM_RLS", "RLS_name"];
    /// Name of a RTS.
    RTS_NAME = ["RTS_nom", "RTS_etab", "NOM_RTS", "RTS_name"];
    /// Name of a RSS.
    RSS_NAME = ["RSS_nom", "NOM_RSS", "RSS_name"];
    /// Name of a RUISSS.
    RUISSS_NAME = ["RUISSS_nom", "RUIS_nom", "NOM_RUISSS", "NOM_RUIS", "RUISSS_name"];
    /// Units that are no census unit.
    PLAIN_UNIT = ["geo_id", "geoid", "geo_code", "geocode", "unit_id", "unit", "unite", "id"];
    /// Part of a unit.
    FRACTION = ["fraction", "FRAC_CLSC", "CLSC_FRAC", "FRAC", "FRACTION_CLSC", "part", "proportion", "share", "poids", "weight",
        "pct", "percent", "pourcentage", "pourcent"];
    /// People.
    PEOPLE = ["population", "pop", "DAPOP", "ADPOP", "DBPOP", "DBPOP2021_IDPOP2021", "DBPOP2016_IDPOP2016", "DBPOP_IDPOP",
        "DAPOP_ADPOP", "IDPOP", "nombre_pop_total", "population_totale", "pop_totale", "pop_tot", "poptot", "total_population", "PopTotAge",
        "habitants", "nb_personnes", "personnes"];
    /// Things counted.
    COUNT = ["count", "compte", "nombre", "people", "addresses", "adresses", "n"];
    /// Weights by unit.
    WEIGHT = ["weight", "poids", "value", "valeur", "n"];
    /// Where a flow starts.
    FROM = ["from", "de", "origin", "origine"];
    /// Where a flow ends.
    TO = ["to", "a", "destination", "vers"];
    /// Code of a municipality.
    MUNICIPALITY_CODE = ["CSDUID", "SDRIDU", "CSDUID_SDRIDU", "code", "municipality", "municipalite", "mun_code", "code_mun",
        "code_municipalite", "mcode"];
    /// Name of a municipality.
    MUNICIPALITY_NAME = ["CSDNAME", "SDRNOM", "CSDNAME_SDRNOM", "name", "nom", "mun_nom", "nom_mun", "munnom"];
    /// Code of an MRC.
    MRC = ["mrc", "mrc_code", "code_mrc", "CDUID", "DRIDU", "CDUID_DRIDU"];
    /// Name of an MRC.
    MRC_NAME = ["mrc_name", "mrc_nom", "nom_mrc", "CDNAME", "DRNOM", "CDNAME_DRNOM"];
    /// Code of an installation.
    INSTALLATION = ["INSTAL_COD", "INSTAL_CODE", "CODE_INSTAL", "installation_code", "code_installation", "no_installation",
        "code", "id"];
    /// Usual name of an installation.
    INSTALLATION_USUAL_NAME = ["INSTAL_N_1", "INSTAL_NOM_USUEL", "nom_usuel"];
    /// Name of an installation.
    INSTALLATION_NAME = ["INSTAL_NOM", "nom_installation", "name", "nom", "installation"];
    /// Territory of an installation, as its register states it; there the column `CLSC` is a mission.
    STATED_CLSC = ["CLSC_CODE", "CODE_CLSC", "stated_clsc", "TERRITOIRE_CLSC"];
    /// Missions of an installation in one column.
    MISSION_LIST = ["missions", "mission"];
    /// Latitude.
    LAT = ["lat", "latitude", "bf_reppoint_latitude", "DARPLAT_ADLAT", "lat_wgs84", "latitude_wgs84", "lat_dd", "latitude_dd",
        "y_lat", "latitude_y", "coord_lat", "gps_lat", "lat_nad83", "latitud", "lati"];
    /// Longitude.
    LON = ["lon", "longitude", "long", "lng", "bf_reppoint_longitude", "DARPLONG_ADLONG", "lon_wgs84", "long_wgs84",
        "longitude_wgs84", "lon_dd", "longitude_dd", "x_lon", "x_long", "longitude_x", "coord_lon", "coord_long", "gps_lon",
        "gps_long", "lon_nad83", "longi"];
    /// Easting.
    X = ["bg_x", "x", "coord_x", "x_coord", "coordonnee_x", "easting", "est", "x_mtm", "x_lambert", "coordonee_x"];
    /// Northing.
    Y = ["bg_y", "y", "coord_y", "y_coord", "coordonnee_y", "northing", "nord", "y_mtm", "y_lambert", "coordonee_y"];
    /// A whole address.
    ADDRESS = ["adresse", "address", "full_address", "adresse_complete", "adresse_civique", "civic_address",
        "adresse_postale", "adresse_domicile", "adresse_residence", "adresse_de_residence", "adresse_du_domicile",
        "adresse_usager", "adresse_patient", "street_address", "mailing_address", "home_address", "address_line_1",
        "address_line1", "address1", "adresse_1", "adresse_ligne_1", "ligne_adresse_1", "addr", "adr", "addr_line_1"];
    /// A second line of an address.
    ADDRESS_2 = ["address_line_2", "address_line2", "address2", "adresse_2", "adresse_ligne_2", "ligne_adresse_2", "addr2"];
    /// Civic number.
    CIVIC = ["civic_no", "no_civique", "no_civiq", "numero_civique", "num_civique", "no_civ", "num_civ", "civique", "civic",
        "civic_number", "no_civic", "house_number", "street_number", "addr:housenumber", "numero_de_porte", "no_porte",
        "number", "numero"];
    /// Civic number, under a name that may be another number's.
    CIVIC_PLAIN = ["no"];
    /// Suffix of a civic number.
    SUFFIX = ["civic_no_suffix", "civic_suffix", "suffixe", "suffix", "no_civ_suffixe", "suffixe_civique", "suff_civ",
        "no_civ_suf", "suffixe_no_civique", "civic_number_suffix"];
    /// Unit in a building.
    APARTMENT = ["apt_no_label", "unit", "appartement", "no_app", "no_appart", "no_appartement", "num_app", "app", "apt",
        "apt_no", "apartment", "unit_number", "unite", "suite", "bureau", "local", "addr:unit", "no_unite"];
    /// Street.
    STREET = ["official_street_name", "street", "street_name", "nom_rue", "nom_de_rue", "nom_de_la_rue", "rue", "nom_voie",
        "nom_de_voie", "voie", "odonyme", "nom_odonyme", "addr:street", "generique_specifique", "rue_nom", "nom_voie_publique"];
    /// Type of a street.
    STREET_TYPE = ["official_street_type", "street_type", "type_rue", "type_voie", "type_de_voie", "generique", "rue_type"];
    /// Direction of a street.
    DIRECTION = ["official_street_dir", "street_dir", "direction", "orientation", "point_cardinal", "street_direction"];
    /// City.
    CITY = ["csd_fre_name", "csd_eng_name", "city", "ville", "municipalite", "municipality", "nom_ville", "nom_mun", "mun_nom",
        "nom_municipalite", "nom_de_la_ville", "municipalite_nom", "ville_de_residence", "ville_residence",
        "municipalite_de_residence", "municipalite_residence", "localite", "nom_localite", "town", "mun", "addr:city", "city_name"];
    /// Part of a city.
    SECTOR = ["mail_mun_name", "district", "arrondissement", "secteur", "borough", "quartier"];
    /// Code of a city.
    CITY_CODE = ["mun_code", "code_municipalite", "code_mun", "csduid", "sdridu", "code_geo"];
    /// Province.
    PROVINCE = ["prov_code", "mail_prov_abvn", "province", "code_province", "prov", "province_code", "region"];
    /// Postal code.
    POSTAL = ["mail_postal_code", "postcode", "code_postal", "code_posta", "postal_code", "codepostal", "cod_postal",
        "code_post", "cd_postal", "cp", "postal", "zip", "zip_code", "addr:postcode", "code_postal_de_residence",
        "code_postal_residence", "cp_residence"];
    /// Location of a register.
    LOCATION = ["loc_guid"];
    /// Street, as the post writes it.
    MAIL_STREET = ["mail_street_name"];
    /// Type of a street, as the post writes it.
    MAIL_TYPE = ["mail_street_type"];
    /// Direction of a street, as the post writes it.
    MAIL_DIRECTION = ["mail_street_dir"];
    /// Installation that a travel leads to.
    TRAVEL_TO = ["installation", "installation_code", "code_installation", "INSTAL_COD", "to", "destination", "vers",
        "point_de_service"];
    /// Minutes of a travel.
    MINUTES = ["minutes", "min", "duree", "duree_min", "temps", "temps_min", "temps_de_trajet", "temps_trajet", "travel_time",
        "travel_time_min", "travel_minutes", "duration", "duration_min"];
    /// Period of a value.
    PERIOD = ["period", "periode", "annee", "annees", "year", "an", "time_period", "date", "exercice", "annee_financiere"];
    /// Level of a code.
    LEVEL = ["level", "niveau", "palier", "geo_level", "niveau_geographique"];
    /// Value of a series that is a count.
    VALUE = ["value", "valeur", "obs_value", "nombre", "n", "nb", "count", "cas", "cases", "numerator", "numerateur", "effectif",
        "total_count"];
    /// Value of a series that is a rate or a mean.
    RATE = ["rate", "taux", "proportion", "pourcentage", "percent", "moyenne", "mean"];
    /// Value of a series that is a median.
    MEDIAN = ["median", "mediane"];
    /// People beside a value.
    SERIES_PEOPLE = ["population", "pop"];
    /// Denominator of a value.
    DENOMINATOR = ["denominator", "denominateur", "denom"];
    /// Territory of a value.
    TERRITORY = ["code", "territory", "territoire", "code_territoire", "territory_code", "geo", "geo_id", "ref_area", "unit",
        "unite", "clsc", "clsc_code", "code_clsc", "rls", "rls_code", "code_rls", "rts", "rts_code", "code_rts", "rss", "rss_code",
        "code_rss", "ruisss", "ruis_code", "ruisss_code", "dauid", "adidu", "da", "ad"];
    /// Name of the territory of a value.
    TERRITORY_NAME = ["name", "nom", "label", "libelle", "nom_territoire", "nom_du_territoire", "territory_name", "CLSC_nom",
        "nom_clsc", "clsc_name", "nom_du_clsc", "RLS_nom", "nom_rls", "rls_name", "RTS_nom", "nom_rts", "RSS_nom", "nom_rss",
        "nom_region", "region_name"];
    /// Age group of a value.
    AGE = ["age", "age_group", "groupe_age", "groupe_d_age", "tranche_d_age"];
    /// Sex of a value.
    SEX = ["sex", "sexe", "gender", "genre"];
    /// Indicator of a value.
    INDICATOR = ["indicator", "indicateur", "indic", "serie", "series"];
    /// What a value is.
    MEASURE = ["measure", "mesure", "type_mesure"];
    /// SDMX observation status of a value.
    STATUS = ["obs_status", "statut", "status"];
}

/// Whether a folded text is a known name of a column: titles have none.
pub(crate) fn is_known_name(folded: &str) -> bool {
    static NAMES: OnceLock<HashSet<String>> = OnceLock::new();
    let names = NAMES.get_or_init(|| ALL.iter().copied().flatten().map(|name| fold(name)).collect());
    names.contains(folded) || without_year(folded).is_some_and(|(bare, _)| names.contains(bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_register_are_known_and_titles_are_not() {
        for name in ["DAUID", "ADPOP2021", "frac_clsc", "NOM_MUN", "CODE_POSTA", "Ville de résidence", "address_line_1"]
        {
            assert!(is_known_name(&fold(name)), "{name}");
        }
        for text in
            ["Tableau 1. Population par aire", "Source : Statistique Canada", "24660001", "Montréal", "2021", ""]
        {
            assert!(!is_known_name(&fold(text)), "{text}");
        }
    }
}
