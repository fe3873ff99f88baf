//! Errors in both languages: the two wordings stand at the variant, and one macro makes the rest.

use std::error::Error;
use std::fmt;
use std::io;

/// An error that is told in French too: `Display` tells it in English.
///
/// `errors!` implements it.
pub trait French: Error {
    /// What went wrong, with every cause below it, as a part of a sentence: no capital, no final point.
    fn french(&self) -> String;
}

impl<T: French> French for Box<T> {
    fn french(&self) -> String {
        (**self).french()
    }
}

/// Declares an error, an enum or a struct, with its wording in both languages.
///
/// - `#[fr(...)]` and `#[en(...)]` are each a format string with its arguments; fields are in scope by their names.
/// - English is `Display` (`thiserror::Error`, which is to be derived, makes it): its own layer only, the cause is in `source()`. In French the cause is
///   appended: the one field of a tuple variant is always a cause, `#[fr("..." => field)]` names that of another.
/// - `#[error(transparent)]` says what its one field says.
///
/// Fields keep the marks of thiserror (`#[source]`, `#[from]`). An empty `#[en]` is not possible: no error goes without words.
macro_rules! errors {
    (
        $(#[doc = $doc:expr])* #[derive($($derive:tt)*)]
        $vis:vis enum $name:ident { $($body:tt)* }
    ) => {
        $crate::domain::errors! { @variants
            { $(#[doc = $doc])* #[derive($($derive)*)] $vis enum $name } [] [] $($body)*
        }
    };
    (
        $(#[doc = $doc:expr])* #[derive($($derive:tt)*)]
        #[fr($fr:tt $(, $arg:expr)* $(,)?)] #[en($($en:tt)*)]
        $vis:vis struct $name:ident { $( $(#[$mark:meta])* $fvis:vis $field:ident : $kind:ty ),* $(,)? }
    ) => {
        $(#[doc = $doc])*
        #[derive($($derive)*)]
        #[error($($en)*)]
        $vis struct $name { $( $(#[$mark])* $fvis $field : $kind ),* }

        impl $crate::domain::French for $name {
            #[allow(unused_variables, reason = "not every wording names every field")]
            fn french(&self) -> String {
                let Self { $($field),* } = self;
                format!($fr $(, $arg)*)
            }
        }
    };
    (
        $(#[doc = $doc:expr])* #[derive($($derive:tt)*)]
        #[fr($fr:literal)] #[en($($en:tt)*)]
        $vis:vis struct $name:ident;
    ) => {
        $(#[doc = $doc])*
        #[derive($($derive)*)]
        #[error($($en)*)]
        $vis struct $name;

        impl $crate::domain::French for $name {
            fn french(&self) -> String {
                $fr.to_owned()
            }
        }
    };
    // No variant is left.
    (@variants { $(#[$meta:meta])* $vis:vis enum $name:ident } [$($variants:tt)*] [$($arms:tt)*]) => {
        $(#[$meta])*
        $vis enum $name { $($variants)* }

        impl $crate::domain::French for $name {
            #[allow(unused_variables, clippy::too_many_lines, reason = "an arm a variant; not every wording names every field")]
            fn french(&self) -> String {
                match self { $($arms)* }
            }
        }
    };
    (@variants $head:tt [$($variants:tt)*] [$($arms:tt)*]
        $(#[doc = $doc:expr])* #[error($transparent:ident)]
        $variant:ident ( $(#[$mark:meta])* $kind:ty ) $(, $($rest:tt)*)?
    ) => {
        $crate::domain::errors! { @variants $head
            [$($variants)* $(#[doc = $doc])* #[error($transparent)] $variant($(#[$mark])* $kind),]
            [$($arms)* Self::$variant(cause) => $crate::domain::in_french!(cause),]
            $($($rest)*)?
        }
    };
    (@variants $head:tt [$($variants:tt)*] [$($arms:tt)*]
        $(#[doc = $doc:expr])* #[fr($fr:tt $(, $arg:expr)* $(,)?)] #[en($($en:tt)*)]
        $variant:ident ( $(#[$mark:meta])* $kind:ty ) $(, $($rest:tt)*)?
    ) => {
        $crate::domain::errors! { @variants $head
            [$($variants)* $(#[doc = $doc])* #[error($($en)*)] $variant($(#[$mark])* $kind),]
            [$($arms)* Self::$variant(cause) => {
                format!("{} : {}", format_args!($fr $(, $arg)*), $crate::domain::in_french!(cause))
            },]
            $($($rest)*)?
        }
    };
    (@variants $head:tt [$($variants:tt)*] [$($arms:tt)*]
        $(#[doc = $doc:expr])* #[fr($fr:tt $(, $arg:expr)* => $cause:ident)] #[en($($en:tt)*)]
        $variant:ident { $( $(#[$mark:meta])* $field:ident : $kind:ty ),* $(,)? } $(, $($rest:tt)*)?
    ) => {
        $crate::domain::errors! { @variants $head
            [$($variants)* $(#[doc = $doc])* #[error($($en)*)] $variant { $( $(#[$mark])* $field : $kind ),* },]
            [$($arms)* Self::$variant { $($field),* } => {
                format!("{} : {}", format_args!($fr $(, $arg)*), $crate::domain::in_french!($cause))
            },]
            $($($rest)*)?
        }
    };
    (@variants $head:tt [$($variants:tt)*] [$($arms:tt)*]
        $(#[doc = $doc:expr])* #[fr($fr:tt $(, $arg:expr)* $(,)?)] #[en($($en:tt)*)]
        $variant:ident { $( $(#[$mark:meta])* $field:ident : $kind:ty ),* $(,)? } $(, $($rest:tt)*)?
    ) => {
        $crate::domain::errors! { @variants $head
            [$($variants)* $(#[doc = $doc])* #[error($($en)*)] $variant { $( $(#[$mark])* $field : $kind ),* },]
            [$($arms)* Self::$variant { $($field),* } => format!($fr $(, $arg)*),]
            $($($rest)*)?
        }
    };
    (@variants $head:tt [$($variants:tt)*] [$($arms:tt)*]
        $(#[doc = $doc:expr])* #[fr($fr:tt $(, $arg:expr)* $(,)?)] #[en($($en:tt)*)]
        $variant:ident $(, $($rest:tt)*)?
    ) => {
        $crate::domain::errors! { @variants $head
            [$($variants)* $(#[doc = $doc])* #[error($($en)*)] $variant,]
            [$($arms)* Self::$variant => format!($fr $(, $arg)*),]
            $($($rest)*)?
        }
    };
}
pub(crate) use errors;

/// A cause in French where its type speaks French, else as [`untranslated`] tells it.
///
/// Which of the two is settled when it is compiled: of the two methods of this name, the one for [`French`] is found first,
/// because it takes one reference less.
macro_rules! in_french {
    ($cause:expr) => {{
        #[allow(unused_imports, reason = "one of the two answers")]
        use $crate::domain::{InFrench as _, Untranslated as _};
        (&$crate::domain::Cause($cause)).in_french()
    }};
}
pub(crate) use in_french;

/// A cause to be told in French; see [`in_french!`].
pub(crate) struct Cause<'a, T>(pub(crate) &'a T);

/// A cause that speaks French.
pub(crate) trait InFrench {
    fn in_french(&self) -> String;
}

impl<T: French> InFrench for Cause<'_, T> {
    fn in_french(&self) -> String {
        self.0.french()
    }
}

/// A cause of another library.
pub(crate) trait Untranslated {
    fn in_french(&self) -> String;
}

impl<T: Error + 'static> Untranslated for &Cause<'_, T> {
    fn in_french(&self) -> String {
        untranslated(self.0)
    }
}

/// An error of a layer above, which is not known here, with what it says in French.
#[derive(Debug)]
pub struct BoxedError {
    error: Box<dyn Error + Send + Sync>,
    french: String,
}

impl BoxedError {
    /// Takes an error down to a layer that does not know its type.
    #[must_use]
    pub fn new(error: impl French + Send + Sync + 'static) -> Self {
        Self { french: error.french(), error: Box::new(error) }
    }
}

impl fmt::Display for BoxedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Error for BoxedError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

impl French for BoxedError {
    fn french(&self) -> String {
        self.french.clone()
    }
}

/// An error and its causes in one line of English.
#[must_use]
pub fn english(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text.push_str(": ");
        text.push_str(&deeper.to_string());
        cause = deeper.source();
    }
    text
}

/// An error that has no French wording, with its causes: as it is, but for the commonest answers of the system.
#[must_use]
pub fn untranslated(error: &(dyn Error + 'static)) -> String {
    let mut text = own_words(error);
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text.push_str(" : ");
        text.push_str(&own_words(deeper));
        cause = deeper.source();
    }
    text
}

fn own_words(error: &(dyn Error + 'static)) -> String {
    let words = error.downcast_ref::<io::Error>().and_then(|error| {
        let words = match error.kind() {
            io::ErrorKind::NotFound => "aucun fichier ni dossier de ce nom",
            io::ErrorKind::PermissionDenied => "permission refusée",
            io::ErrorKind::AlreadyExists => "existe déjà",
            io::ErrorKind::IsADirectory => "c'est un dossier",
            io::ErrorKind::NotADirectory => "ce n'est pas un dossier",
            io::ErrorKind::StorageFull => "plus de place sur le disque",
            io::ErrorKind::AddrInUse => "adresse déjà prise",
            io::ErrorKind::AddrNotAvailable => "cette adresse n'est pas celle de cette machine",
            io::ErrorKind::UnexpectedEof => "fin inattendue du fichier",
            _ => return None,
        };
        // Without a number of the system, the library has put its own words there.
        error.raw_os_error().map(|number| format!("{words} (erreur {number} du système)"))
    });
    words.unwrap_or_else(|| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    errors! {
        /// What stops a file of the test.
        #[derive(Debug, thiserror::Error)]
        enum FileError {
            /// With a cause that has no French.
            #[fr("« {name} » ne peut pas être lu, en {} mots", words.len() => source)]
            #[en("\"{name}\" can not be read, in {} words", words.len())]
            Read {
                /// The file.
                name: String,
                words: Vec<u8>,
                #[source]
                source: io::Error,
            },
            /// With a cause that has French.
            #[fr("la ligne est refusée")]
            #[en("the row is refused")]
            Row(#[source] RowError),
            #[fr("rien")]
            #[en("nothing")]
            Empty,
            #[error(transparent)]
            Same(#[from] RowError),
            #[fr("{count} lignes de trop")]
            #[en("{count} rows too many")]
            TooLong { count: usize },
        }
    }

    errors! {
        /// A row.
        #[derive(Debug, Clone, thiserror::Error)]
        #[fr("la ligne {line} n'a pas de code")]
        #[en("row {line} has no code")]
        struct RowError {
            /// Its number.
            line: u32,
            text: String,
        }
    }

    fn row() -> RowError {
        RowError { line: 3, text: String::new() }
    }

    #[test]
    fn a_cause_is_appended_in_french_and_is_the_source_in_english() {
        let source = std::fs::read("/nowhere/at/all").unwrap_err();
        let read = FileError::Read { name: "a.csv".to_owned(), words: vec![1, 2], source };
        let not_there = "aucun fichier ni dossier de ce nom (erreur 2 du système)";
        assert_eq!(read.french(), format!("« a.csv » ne peut pas être lu, en 2 mots : {not_there}"));
        assert_eq!(read.to_string(), "\"a.csv\" can not be read, in 2 words");
        assert!(read.source().is_some() && english(&read).ends_with("(os error 2)"));
        let refused = FileError::Row(row());
        assert_eq!(refused.french(), "la ligne est refusée : la ligne 3 n'a pas de code");
        assert_eq!(english(&refused), "the row is refused: row 3 has no code");
    }

    #[test]
    fn a_transparent_error_says_what_its_field_says() {
        let same = FileError::from(row());
        assert_eq!((same.french(), same.to_string()), (row().french(), "row 3 has no code".to_owned()));
        assert_eq!(FileError::Empty.french(), "rien");
        assert_eq!(FileError::TooLong { count: 4 }.french(), "4 lignes de trop");
        assert_eq!(BoxedError::new(row()).french(), row().french());
        assert_eq!(Box::new(row()).french(), row().french());
    }

    #[test]
    fn the_systems_commonest_answers_are_told_in_french() {
        let error = std::fs::read("/nowhere/at/all").unwrap_err();
        assert_eq!(untranslated(&error), "aucun fichier ni dossier de ce nom (erreur 2 du système)");
        assert_eq!(untranslated(&io::Error::other("a word of a library")), "a word of a library");
    }
}
