//! Why an atlas can not be made, written or opened.

use std::path::PathBuf;

use crate::domain::errors;

errors! {
    /// Why an atlas can not be made, written or opened.
    #[derive(Debug, thiserror::Error)]
    pub enum AtlasError {
        /// The file can not be opened or read.
        #[fr(
            "l'atlas « {} » ne peut pas être ouvert : vérifiez son nom, ou faites-le avec `rattache atlas build`",
            path.display() => source
        )]
        #[en("atlas \"{}\" can not be opened: check its name, or build it with `rattache atlas build`", path.display())]
        Open {
            /// The file.
            path: PathBuf,
            /// The cause.
            source: std::io::Error,
        },
        /// The file can not be written.
        #[fr(
            "l'atlas « {} » ne peut pas être écrit : vérifiez le dossier, ses droits et la place libre",
            path.display() => source
        )]
        #[en("atlas \"{}\" can not be written: check the folder, its rights and the free space", path.display())]
        Write {
            /// The file.
            path: PathBuf,
            /// The cause.
            source: std::io::Error,
        },
        /// The named file is no good.
        #[fr("l'atlas « {} » est refusé", path.display() => source)]
        #[en("atlas \"{}\" is refused", path.display())]
        In {
            /// The file.
            path: PathBuf,
            /// The cause.
            source: Box<AtlasError>,
        },
        /// A file of no length.
        #[fr("le fichier est vide : refaites-le avec `rattache atlas build`")]
        #[en("the file is empty: build it again with `rattache atlas build`")]
        Empty,
        /// Another kind of file.
        #[fr("le fichier ne commence pas comme un atlas : un fichier fait par `rattache atlas build` est attendu")]
        #[en("the file does not start as an atlas does: expected a file made by `rattache atlas build`")]
        NotAnAtlas,
        /// An atlas of another version.
        #[fr(
            "l'atlas est de la version {found}, ce programme lit la version {expected} : refaites-le avec ce programme"
        )]
        #[en(
            "the atlas is of version {found}, this program reads version {expected}: build it again with this program"
        )]
        OtherVersion {
            /// The file's version.
            found: u32,
            /// The program's.
            expected: u32,
        },
        /// A part is missing, or something was added.
        #[fr(
            "le fichier compte {found} octets, son en-tête en annonce {expected} : il a été tronqué ou allongé, copiez-le ou refaites-le"
        )]
        #[en(
            "the file has {found} bytes, its header says {expected}: it was cut off or added to, copy or build it again"
        )]
        Truncated {
            /// Bytes that the header states.
            expected: u64,
            /// Bytes that there are.
            found: u64,
        },
        /// Bytes differ from what was written.
        #[fr(
            "la somme de contrôle ne correspond pas : le fichier a été altéré après avoir été écrit, copiez-le ou refaites-le"
        )]
        #[en("the checksum does not match: the file was altered after it was written, copy or build it again")]
        Altered,
        /// A section is not there.
        #[fr("la section « {tag} » manque : refaites l'atlas")]
        #[en("section \"{tag}\" is missing: build the atlas again")]
        MissingSection {
            /// The section's tag.
            tag: String,
        },
        /// A section does not fit the others.
        #[fr("la section « {tag} » a une longueur qui ne convient pas : refaites l'atlas")]
        #[en("section \"{tag}\" has a length that does not fit: build the atlas again")]
        BadSection {
            /// The section's tag.
            tag: String,
        },
        /// The names and tables can not be read.
        #[fr("les noms et les tables ne peuvent pas être lus : refaites l'atlas")]
        #[en("the names and tables can not be read: build the atlas again")]
        BadManifest(#[source] serde_json::Error),
        /// An edition and the units do not fit together.
        #[fr("l'édition « {edition} » rattache {found} aires, l'atlas en a {expected}")]
        #[en("edition \"{edition}\" attaches {found} units, the atlas has {expected}")]
        AttachmentLength {
            /// The edition.
            edition: String,
            /// Units attached.
            found: usize,
            /// Units there are.
            expected: usize,
        },
        /// An edition's table does not fit its hierarchy.
        #[fr("l'édition « {edition} » est incohérente" => source)]
        #[en("edition \"{edition}\" is not consistent")]
        BadEdition {
            /// The edition.
            edition: String,
            /// The cause.
            source: crate::domain::AttachmentError,
        },
        /// Two editions of one name.
        #[fr("l'édition « {id} » est donnée deux fois : donnez à chacune son identifiant")]
        #[en("edition \"{id}\" is given twice: give each edition its own identifier")]
        DuplicateEdition {
            /// The identifier.
            id: String,
        },
        /// Two editions that start on one day.
        #[fr(
            "les éditions « {first} » et « {second} » sont toutes deux en vigueur depuis le {valid_from} : une seule peut l'être un jour donné"
        )]
        #[en("editions \"{first}\" and \"{second}\" both hold from {valid_from}: a day can have only one")]
        SameDay {
            /// One edition.
            first: String,
            /// The other.
            second: String,
            /// The day.
            valid_from: crate::domain::Date,
        },
        /// The people of one year twice.
        #[fr("les personnes de {year} sont données deux fois : gardez un fichier par année")]
        #[en("the people of {year} are given twice: keep one file of each year")]
        PeopleTwice {
            /// The year.
            year: i16,
        },
        /// No edition at all.
        #[fr("il faut au moins une édition dans un atlas")]
        #[en("an atlas needs at least one edition")]
        NoEdition,
        /// The address registry can not be read.
        #[fr("le registre d'adresses est inutilisable")]
        #[en("the address registry can not be used")]
        Addresses(#[from] crate::address::AddressError),
        /// The address registry names units that there are not.
        #[fr("le registre d'adresses nomme des aires que l'atlas n'a pas : refaites l'atlas")]
        #[en("the address registry names units that the atlas does not hold: build the atlas again")]
        AddressUnits,
        /// Units without any area.
        #[fr("aucune aire n'a de surface : il n'y a rien où situer un point")]
        #[en("no unit has an area: there is nothing to locate points in")]
        NoArea,
        /// The coverage can not be indexed.
        #[fr("les limites ne peuvent pas être indexées")]
        #[en("the limits can not be indexed")]
        Index(#[from] crate::lookup::IndexError),
    }
}
