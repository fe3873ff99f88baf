//! What stops a whole file. A bad row never does: it gets its status and reason.

use crate::domain::{Words, errors};
use crate::resolve::MOST_UNCERTAINTY_M;

/// What is wrong with a Parquet file; nothing is where none are read.
#[cfg(feature = "batch")]
type ParquetCause = parquet::errors::ParquetError;
#[cfg(not(feature = "batch"))]
type ParquetCause = std::convert::Infallible;

errors! {
    /// Why a file was not answered, or not to its end. Never holds a value of a row.
    #[derive(Debug, thiserror::Error)]
    pub enum BatchError {
        /// The file can not be read.
        #[fr("« {name} » ne peut pas être lu : vérifiez son nom et ses droits" => source)]
        #[en("\"{name}\" can not be read: check its name and rights")]
        Input {
            /// The file, without its folder.
            name: String,
            /// The cause.
            source: std::io::Error,
        },
        /// Reading broke off on the way.
        #[fr("l'entrée n'a pas pu être lue jusqu'au bout")]
        #[en("the input could not be read to its end")]
        Read(#[source] std::io::Error),
        /// Writing broke off on the way.
        #[fr("la sortie n'a pas pu être écrite : vérifiez la place libre et les droits ; --resume reprend de là")]
        #[en("the output could not be written: check the free space and rights; --resume goes on from there")]
        Write(#[source] std::io::Error),
        /// The same of an output that can not be gone on with.
        #[fr(
            "la sortie n'a pas pu être écrite et a été retirée : vérifiez la place libre et les droits, puis recommencez"
        )]
        #[en("the output could not be written and was removed: check the free space and rights, then start again")]
        WriteWhole(#[source] std::io::Error),
        /// Nothing in it.
        #[fr("l'entrée est vide : un en-tête et des lignes au-dessous sont attendus")]
        #[en("the input is empty: expected a header and rows below it")]
        Empty,
        /// Bytes that are no text.
        #[fr(
            "l'entrée est {}, non un tableau : du texte en colonnes (CSV), son gzip ou son zip, du NDJSON, un classeur ou du Parquet est attendu ; {}",
            what.french,
            way_out.french,
        )]
        #[en(
            "the input is {what}, not a table: expected text in columns (CSV), gzip or zip of it, NDJSON, a workbook or Parquet; {way_out}"
        )]
        NotATable {
            /// What it is.
            what: Words,
            /// What to do.
            way_out: Words,
        },
        /// A header row that is not there.
        #[fr("--header-row {row} : il n'y a pas tant de lignes qui contiennent quelque chose parmi les premières")]
        #[en("--header-row {row}: there are not so many rows that hold something among the first ones")]
        NoHeaderRow {
            /// The number as given.
            row: u64,
        },
        /// A row that has no end.
        #[fr("la ligne {row} dépasse {most} octets : est-ce un tableau ? vérifiez les guillemets et les fins de ligne")]
        #[en("row {row} is longer than {most} bytes: is it a table? check the quotes and the line ends")]
        RowTooLong {
            /// Its number, from 1.
            row: u64,
            /// The most that is taken.
            most: usize,
        },
        /// No column tells where a row is.
        #[fr(
            "aucune colonne utilisable : il y a {} ; latitude et longitude, x et y avec --crs, une adresse ou un code postal sont attendus ; nommez-les avec --lat-column, --lon-column, --address-column...",
            list(found),
        )]
        #[en(
            "no usable column: found {found}; expected latitude and longitude, x and y with --crs, an address or a postal code; name them with --lat-column, --lon-column, --address-column..."
        )]
        NoUsableColumn {
            /// The columns there are.
            found: String,
        },
        /// A column that was asked for is not there.
        #[fr("la colonne « {wanted} » n'existe pas : il y a {}", list(found))]
        #[en("no column \"{wanted}\": found {found}")]
        UnknownColumn {
            /// The name as given.
            wanted: String,
            /// The columns there are.
            found: String,
        },
        /// Two columns have the same name, and one of them is asked for.
        #[fr("la colonne « {name} » figure plusieurs fois : renommez-en une parmi {found}")]
        #[en("column \"{name}\" stands several times: rename one of {found}")]
        RepeatedColumn {
            /// The name.
            name: String,
            /// The columns there are.
            found: String,
        },
        /// Another job writes the same output.
        #[fr(
            "« {} » est en cours d'écriture par un autre traitement : attendez sa fin, ou choisissez une autre sortie",
            path.display(),
        )]
        #[en("\"{}\" is being written by another job: wait for its end, or choose another output", path.display())]
        Busy {
            /// The file on its way.
            path: std::path::PathBuf,
        },
        /// Half of a pair.
        #[fr("la colonne {have} est seule : {want} est attendue aussi ; il y a {}", list(found))]
        #[en("column {have} has no companion: expected {want} too; found {found}")]
        HalfAPair {
            /// What is there.
            have: &'static str,
            /// What is missing.
            want: &'static str,
            /// The columns there are.
            found: String,
        },
        /// Projected coordinates without their system.
        #[fr(
            "x et y demandent leur système de coordonnées : donnez-le avec --crs, par exemple EPSG:32198 ; il y a {}",
            list(found),
        )]
        #[en("x and y need their coordinate system: state it with --crs, such as EPSG:32198; found {found}")]
        CrsMissing {
            /// The columns there are.
            found: String,
        },
        /// Only addresses, and an atlas that has none.
        #[fr(
            "le fichier a des adresses ({found}), et cet atlas n'a pas de registre d'adresses : faites-en un avec des adresses, ou donnez des coordonnées"
        )]
        #[en(
            "the file has addresses ({found}) and this atlas has no address registry: build one with addresses, or give coordinates"
        )]
        NoAddressRegistry {
            /// The columns there are.
            found: String,
        },
        /// It was answered already.
        #[fr("la colonne « {name} » est déjà là : retirez-la, ou choisissez d'autres colonnes avec --columns")]
        #[en("column \"{name}\" is there already: remove it, or choose other columns with --columns")]
        AlreadyThere {
            /// The column.
            name: String,
        },
        /// An unknown output column.
        #[fr("la colonne de sortie « {wanted} » est inconnue : choisissez parmi {known}")]
        #[en("unknown output column \"{wanted}\": expected some of {known}")]
        UnknownOutput {
            /// The name as given.
            wanted: String,
            /// Those there are.
            known: String,
        },
        /// An error of position that makes no sense.
        #[fr("uncertainty_m « {value} » est inutilisable : de 0 à {MOST_UNCERTAINTY_M} mètres")]
        #[en(
            "uncertainty_m \"{value}\" is not usable: expected metres from 0 to {}",
            crate::resolve::MOST_UNCERTAINTY_M,
        )]
        Uncertainty {
            /// The value as given.
            value: f64,
        },
        /// A zip without a table, or with several.
        #[fr("« {name} » contient {found} : un zip d'un seul tableau est attendu (.csv, .tsv, .txt, .ndjson)")]
        #[en("\"{name}\" holds {found}: expected a zip of one table (.csv, .tsv, .txt, .ndjson)")]
        Zip {
            /// The file.
            name: String,
            /// The tables there are.
            found: String,
        },
        /// A zip that can not be read.
        #[fr("« {name} » n'est pas un zip qui peut être lu" => source)]
        #[en("\"{name}\" is not a zip that can be read")]
        BadZip {
            /// The file.
            name: String,
            /// The cause.
            source: Box<zip::result::ZipError>,
        },
        /// A kind of file that is known and not read.
        #[fr(
            "« {name} » : {} ne se lit pas ; enregistrez-le en Excel (.xlsx) ou en CSV UTF-8, et donnez le fichier par son nom",
            kind.french,
        )]
        #[en(
            "\"{name}\": {kind} files are not read; save as Excel (.xlsx) or CSV UTF-8, and give the file by its name"
        )]
        Unsupported {
            /// The file.
            name: String,
            /// What it is.
            kind: Words,
        },
        /// A workbook that can not be read.
        #[fr(
            "« {name} » n'est pas un classeur qui peut être lu ({}) : ouvrez-le dans un tableur et enregistrez-le de nouveau",
            what.french,
        )]
        #[en("\"{name}\" is not a workbook that can be read ({what}): open it in a spreadsheet and save it again")]
        BadWorkbook {
            /// The file.
            name: String,
            /// What is wrong, without its values.
            what: Words,
        },
        /// A sheet that is not there.
        #[fr("aucune feuille « {wanted} » : il y a {}", list(found))]
        #[en("no sheet \"{wanted}\": found {found}")]
        NoSheet {
            /// The name as given.
            wanted: String,
            /// The sheets there are.
            found: String,
        },
        /// A sheet of what has none.
        #[fr("--sheet va avec un classeur (.xlsx, .xls, .ods), et l'entrée n'en est pas un")]
        #[en("--sheet goes with a workbook (.xlsx, .xls, .ods), and the input is none")]
        NoSheets,
        /// A Parquet file that can not be read.
        #[fr(
            "« {name} » n'est pas un fichier Parquet qui peut être lu : un fichier comprimé par snappy ou zstd, ou pas du tout, est attendu" => source
        )]
        #[en(
            "\"{name}\" is not a Parquet file that can be read: expected one packed with snappy or zstd, or not at all"
        )]
        BadParquet {
            /// The file.
            name: String,
            /// The cause.
            source: Box<ParquetCause>,
        },
        /// Record batches that can not be read.
        #[fr(
            "le flux Arrow ne peut pas être lu : un flux IPC sans compression est attendu (pyarrow : new_stream)" => source
        )]
        #[en("the Arrow stream can not be read: expected an IPC stream that is not packed (pyarrow: new_stream)")]
        BadArrow {
            /// The cause.
            source: Box<arrow_schema::ArrowError>,
        },
        /// Geometry in a coordinate system that is not understood.
        #[fr(
            "le système de coordonnées de la géométrie de « {name} » n'est pas compris : donnez-le avec --crs, par exemple EPSG:32198"
        )]
        #[en(
            "the coordinate system of the geometry in \"{name}\" is not understood: state it with --crs, such as EPSG:32198"
        )]
        GeometryCrs {
            /// The file.
            name: String,
        },
        /// More rows than Excel holds.
        #[fr(
            "plus de {most} lignes, ce qu'une feuille Excel contient au plus : écrivez du .csv ou du .parquet, ou coupez le fichier"
        )]
        #[en(
            "more than {most} rows, which is the most that an Excel sheet holds: write .csv or .parquet, or split the file"
        )]
        TooManyRows {
            /// The most, without the header.
            most: u64,
        },
        /// More columns than Excel holds.
        #[fr(
            "{columns} colonnes avec celles ajoutées, et une feuille Excel en contient 16384 : choisissez-en moins avec --columns"
        )]
        #[en("{columns} columns with those added, and an Excel sheet holds 16384: choose fewer with --columns")]
        TooManyColumns {
            /// How many there would be.
            columns: usize,
        },
        /// A text longer than Excel holds.
        #[fr(
            "la ligne {row} a un texte de plus de 32767 lettres, ce qu'une cellule Excel contient au plus : écrivez du .csv ou du .parquet"
        )]
        #[en("row {row} has a text longer than the 32767 letters that an Excel cell holds: write .csv or .parquet")]
        CellTooLong {
            /// Its number among the rows, from 1.
            row: u64,
        },
        /// Values that the kind of the output has no room for.
        #[fr(
            "la colonne « {column} » contient des valeurs de la sorte {kind}, pour lesquelles {} n'a pas de place : écrivez du .parquet",
            to.french,
        )]
        #[en("column \"{column}\" holds {kind}, for which {to} has no room: write .parquet")]
        NoRoomFor {
            /// The column.
            column: String,
            /// What it holds.
            kind: String,
            /// The kind of the output.
            to: Words,
        },
        /// A pair of kinds that is not served.
        #[fr("{} ne peut pas s'écrire en {} : choisissez {}", from.french, to.french, choose.french)]
        #[en("{from} can not be written as {to}: choose {choose}")]
        Conversion {
            /// Kind of the input.
            from: Words,
            /// Kind of the output.
            to: Words,
            /// What can be.
            choose: Words,
        },
        /// What was done half cannot be gone on with.
        #[fr("{} : recommencez sans --resume", why.french)]
        #[en("{why}: start again without --resume")]
        CanNotResume {
            /// Why.
            why: Words,
        },
        /// A folder where a file was expected.
        #[fr("« {} » est un dossier : donnez un nom de fichier", path.display())]
        #[en("\"{}\" is a folder: give the name of a file", path.display())]
        OutputIsFolder {
            /// The output.
            path: std::path::PathBuf,
        },
        /// A folder that is not there.
        #[fr("le dossier de « {} » n'existe pas : créez-le d'abord", path.display())]
        #[en("the folder of \"{}\" does not exist: make it first", path.display())]
        NoFolder {
            /// The output.
            path: std::path::PathBuf,
        },
        /// A file that something would be lost of.
        #[fr("« {} » existe déjà : choisissez un autre nom, ou remplacez-le avec --force", path.display())]
        #[en("\"{}\" exists already: choose another name, or replace it with --force", path.display())]
        OutputExists {
            /// The output.
            path: std::path::PathBuf,
        },
        /// Input and output are one file.
        #[fr("la sortie remplacerait l'entrée : choisissez un autre nom")]
        #[en("the output would replace the input: choose another name")]
        SameFile,
    }
}

/// A list of what there is, which may be nothing.
fn list(found: &str) -> &str {
    if found == "nothing" { "rien" } else { found }
}
