//! Why a series could not be read, compared or bridged.

use crate::domain::{Level, Term, Words, errors};
use crate::tables::TableError;

errors! {
    /// Why a series could not be read, compared or bridged.
    #[derive(Debug, thiserror::Error)]
    pub enum SeriesError {
        /// A level that has no territories of its own.
        #[fr("le niveau « {level} » contient des unités, non des territoires : clsc, rls, rts, rss ou ruisss")]
        #[en("level \"{level}\" holds units, not territories: expected one of clsc, rls, rts, rss, ruisss")]
        NotTerritorial {
            /// The level asked for.
            level: Level,
        },
        /// An edition whose units are not those of the join.
        #[fr("l'édition « {edition} » a {found} unités, mais ce à quoi elle est comparée en a {expected}")]
        #[en("edition \"{edition}\" has {found} units, but what it is compared on has {expected}")]
        UnitCount {
            /// The edition.
            edition: String,
            /// Units it has.
            found: usize,
            /// Units expected.
            expected: usize,
        },
        /// Two editions over different units and nothing that joins them.
        #[fr(
            "les éditions « {from} » et « {to} » portent sur des unités différentes : donnez la correspondance des aires de diffusion entre les deux recensements"
        )]
        #[en(
            "editions \"{from}\" and \"{to}\" are over different units: give the correspondence of dissemination areas between the two censuses"
        )]
        NoJoin {
            /// The first edition.
            from: String,
            /// The second edition.
            to: String,
        },
        /// An edition the timeline does not hold.
        #[fr("l'édition « {id} » est inconnue : {known}")]
        #[en("unknown edition \"{id}\": expected one of {known}")]
        UnknownEdition {
            /// The edition asked for.
            id: String,
            /// Those there are.
            known: String,
        },
        /// Weights asked for that nothing counts.
        #[fr("{}", missing_weights(basis).french)]
        #[en("{}", missing_weights(basis).english)]
        NoWeights {
            /// What was asked for.
            basis: &'static str,
        },
        /// Only people could be the value, beside columns that are not known.
        #[fr(
            "« {population} » est-elle la valeur, ou l'une de celles-ci : {others} ? nommez la colonne des valeurs « valeur », ou donnez-la par --value-column"
        )]
        #[en(
            "is \"{population}\" the value, or one of {others}? name the column of values \"value\", or give it by --value-column"
        )]
        UncertainValue {
            /// The column of people.
            population: String,
            /// The columns that are not known.
            others: String,
        },
        /// Rates said of something else than the table says.
        #[fr("rate-per vaut {asked}, mais le tableau dit ses taux pour {stated} : donnez {stated}, ou corrigez l'en-tête")]
        #[en("rate-per is {asked}, but the table says its rates are per {stated}: give {stated}, or correct the header")]
        RatePerDiffers {
            /// What was asked.
            asked: f64,
            /// What the table says.
            stated: f64,
        },
        /// Standardised rates asked for of a table that has no counts and people by age group.
        #[fr(
            "un taux standardisé demande des effectifs et une population par groupe d'âge : donnez les colonnes âge, valeur et population"
        )]
        #[en("a standardised rate needs counts and people by age group: give the columns age, value and population")]
        NoStandard,
        /// An age group that the standard population does not hold.
        #[fr("la population de référence n'a pas le groupe d'âge « {age} » : {known}")]
        #[en("the standard population has no age group \"{age}\": {known}")]
        UnknownAge {
            /// The age group.
            age: String,
            /// Those there are.
            known: String,
        },
        /// Rates asked for of a table that has none.
        #[fr(
            "le tableau n'a ni taux ni dénominateurs : enlevez rate-per, ou donnez une colonne de taux ou de dénominateurs"
        )]
        #[en(
            "the table has neither rates nor denominators: leave rate-per out, or give a column of rates or of denominators"
        )]
        NoRates,
        /// A table of more periods, or of more periods times codes, than can be compared.
        #[fr(
            "le tableau a {periods} périodes et {codes} codes ; au plus {} périodes et {} cellules : coupez-le, ou regroupez ses périodes",
            super::table::MOST_PERIODS, super::table::MOST_PLACES
        )]
        #[en(
            "the table has {periods} periods and {codes} codes; at most {} periods and {} cells: cut it, or take its periods together",
            super::table::MOST_PERIODS, super::table::MOST_PLACES
        )]
        TooLarge {
            /// Periods it has.
            periods: usize,
            /// Codes it has.
            codes: usize,
        },
        /// A weight that is no number of 0 or more.
        #[fr("ligne {line} : le poids « {found} » de l'unité « {unit} » n'est pas un nombre de 0 ou plus")]
        #[en("line {line}: weight \"{found}\" of unit \"{unit}\" is not a number of 0 or more")]
        BadWeight {
            /// The unit.
            unit: String,
            /// The text as given.
            found: String,
            /// The line.
            line: u64,
        },
        /// A year of weights that is none.
        #[fr("ligne {line} : « {found} » n'est pas une année de poids : écrivez-en une, par exemple 2021")]
        #[en("line {line}: \"{found}\" is no year of weights: write one such as 2021")]
        BadWeightYear {
            /// The text as given.
            found: String,
            /// The line.
            line: u64,
        },
        /// A table without a column it can not do without.
        #[fr(
            "il manque une colonne ({}) : nommez-en une ainsi dans l'en-tête, ou nommez la bonne ; il y a {found}",
            wanted.french
        )]
        #[en("no column for {wanted}: name one so in the header, or name the right one; there are {found}")]
        MissingColumn {
            /// What the column is called.
            wanted: Words,
            /// The columns there are, in quotes.
            found: String,
        },
        /// A header given twice for one role.
        #[fr("les colonnes « {first} » et « {second} » ont le même rôle ({}) : gardez-en une", role.french)]
        #[en("columns \"{first}\" and \"{second}\" both hold the {role}: keep one")]
        RepeatedColumn {
            /// What both hold.
            role: Words,
            /// The first header.
            first: String,
            /// The second header.
            second: String,
        },
        /// Two crosswalks that do not meet.
        #[fr("la première table de passage finit à l'édition « {first_to} », la seconde part de « {second_from} »")]
        #[en("the first crosswalk ends at edition \"{first_to}\", the second starts at \"{second_from}\"")]
        Disjoint {
            /// Where the first ends.
            first_to: String,
            /// Where the second starts.
            second_from: String,
        },
        /// A text that is no table.
        #[error(transparent)]
        Table(#[from] TableError),
    }
}

/// What is missing for a basis, and what to do.
const fn missing_weights(basis: &str) -> Term {
    match basis.as_bytes() {
        b"addresses" => Term::new(
            "l'atlas n'a pas de registre d'adresses : donnez un fichier de poids par unité (--weights FICHIER), ou un atlas fait avec des adresses",
            "no addresses are counted by unit here: the atlas has no address registry; give a file of weights by unit (--weights FILE), or an atlas made with addresses",
        ),
        b"dwellings" => Term::new(
            "aucun atlas ne tient les logements : donnez un fichier de logements par unité (--weights FICHIER)",
            "no dwellings are counted by unit here: no atlas holds dwellings; give a file of dwellings by unit (--weights FILE)",
        ),
        b"file" => Term::new(
            "tous les poids du fichier sont nuls ou d'unités qui ne sont pas ici : donnez un fichier des unités de l'atlas",
            "no file weights are counted by unit here: every weight of the file is 0 or of a unit that is not here; give a file with the units of the atlas",
        ),
        b"area" => Term::new(
            "aucune unité n'a de surface ici : donnez un fichier de poids par unité (--weights FICHIER)",
            "no area is counted by unit here; give a file of weights by unit (--weights FILE)",
        ),
        _ => Term::new(
            "la population d'aucune unité n'est connue ici : pondérez par area, ou donnez un fichier de poids par unité (--weights FICHIER)",
            "no population is counted by unit here: weigh by area, or give a file of weights by unit (--weights FILE)",
        ),
    }
}
