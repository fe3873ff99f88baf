//! Why a file could not be taken in, in French.

use super::ImportError;
use crate::domain::{French, foreign};

impl French for ImportError {
    fn french(&self) -> String {
        match self {
            Self::Table(error) => error.french(),
            Self::UnknownFormat { path, expected } => format!("« {path} » n'est ni {}", expected.french),
            Self::MissingCompanion { path, companion, fix } => {
                format!("il manque à « {path} » le fichier qui l'accompagne, « {companion} » : {}", fix.french)
            }
            Self::NotShapefile { path } => {
                format!("« {path} » n'est pas un fichier de formes : le .shp d'un shapefile ESRI est attendu")
            }
            Self::BadShape { path, record, reason } => format!(
                "la forme de l'enregistrement {record} de « {path} » ne peut pas être décodée, {} : copiez le fichier entier",
                reason.french
            ),
            Self::NotRead { path, format, way } => {
                format!("« {path} » n'est pas lu, c'est {} : {}", format.french, way.french)
            }
            Self::BadArchive { path, source } => {
                format!("« {path} » ne peut pas être déballé : copiez le fichier entier : {}", foreign(&**source))
            }
            Self::TooLarge { path, what } => format!("« {path} » est trop grand : {}", what.french),
            Self::BadDatabase { path, source } => format!(
                "« {path} » ne peut pas être lu comme un GeoPackage : copiez le fichier entier : {}",
                foreign(source)
            ),
            Self::Broken { path, format, reason } => {
                format!("« {path} » n'est pas du {format} en bon état, {} : copiez le fichier entier", reason.french)
            }
            Self::NoCrs { path } => {
                format!("« {path} » ne dit pas son système de coordonnées : donnez-le, par exemple EPSG:3347")
            }
            Self::SeveralLayers { path, found } => {
                format!("« {path} » contient plusieurs couches, {found} : nommez celle qu'il faut prendre")
            }
            Self::UnknownLayer { path, layer, found } => {
                format!("« {path} » n'a pas de couche « {layer} » : il a {found}")
            }
            Self::NotPolygon { path, record, found } => {
                format!("l'enregistrement {record} de « {path} » est de la sorte {found} : des polygones sont attendus")
            }
            Self::CountMismatch { path, shapes, rows } => format!(
                "« {path} » contient {shapes} formes mais son .dbf {rows} lignes : les deux ne vont pas ensemble, copiez-les tous \
                 deux de nouveau"
            ),
            Self::NotGeoJson { path, source } => {
                format!(
                    "« {path} » n'est pas du GeoJSON, une FeatureCollection ou une Feature par ligne : {}",
                    foreign(source)
                )
            }
            Self::UnknownCrs { definition, .. } => format!(
                "« {definition} » n'est pas un système de coordonnées qui peut être lu : du WKT d'ESRI, un code tel que \
                 « EPSG:3347 » ou une chaîne PROJ sont attendus"
            ),
            Self::CrsOfFile { path, source } => {
                format!("le système de coordonnées de « {path} » est inutilisable : {}", source.french())
            }
            Self::UnsupportedDatum { crs, datum } => format!(
                "le système de coordonnées « {crs} » repose sur le système géodésique « {datum} » : seuls NAD83, NAD83(CSRS) et \
                 WGS 84 sont lus ; convertissez d'abord le fichier en EPSG:3347 ou EPSG:4326"
            ),
            Self::UnsupportedCrs { crs, kind } => format!(
                "le système de coordonnées « {crs} » est {} : un système projeté, ou géographique en degrés, est attendu",
                kind.french
            ),
            Self::CoordinatesDoNotFit { path, x, y, crs, hint } => format!(
                "« {path} » a les coordonnées {x}, {y}, qui ne peuvent pas être en « {crs} » : donnez le bon système de \
                 coordonnées, par exemple EPSG:{hint}"
            ),
            Self::RuisssUnknown { path, found } => format!(
                "« {path} » n'a pas de colonne du RUISSS (RUIS_code ou RUISSS_code) : il a {found} ; ajoutez-en une, le RUISSS \
                 d'un CLSC ne se déduit pas de son code"
            ),
            Self::Addresses { path, source } => {
                format!("les adresses de « {path} » ne peuvent pas être compilées : {}", source.french())
            }
            Self::AddressPositions { path, source } => format!(
                "les coordonnées des adresses de « {path} » ne peuvent pas être lues : nommez leur système avec --address-crs : {}",
                source.french()
            ),
            Self::Hierarchy { path, source } => {
                format!("les lignes de « {path} » ne forment pas une hiérarchie : {}", source.french())
            }
        }
    }
}
