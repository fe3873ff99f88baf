//! What can go wrong with keys.

use std::io;
use std::path::PathBuf;

use crate::domain::errors;
use crate::files::FilesError;

errors! {
    /// Why keys were not read or written.
    #[derive(Debug, thiserror::Error)]
    pub enum AccessError {
        /// The file of keys can not be read.
        #[fr("le fichier de clés « {} » ne peut pas être lu : vérifiez son nom et ses droits" , path.display() => source)]
        #[en("the file of keys \"{}\" can not be read: check its name and its rights", path.display())]
        Read {
            /// The file.
            path: PathBuf,
            /// The cause.
            source: io::Error,
        },
        /// The file of keys holds something else.
        #[fr("« {} » n'est pas un fichier de clés : faites-en un avec « rattache keys add »" , path.display() => source)]
        #[en("\"{}\" is no file of keys: make one with `rattache keys add`", path.display())]
        NotKeys {
            /// The file.
            path: PathBuf,
            /// The cause.
            source: serde_json::Error,
        },
        /// The file of keys can be read by everybody.
        #[fr("d'autres que son propriétaire peuvent écrire dans le fichier de clés « {} » : chmod 600", path.display())]
        #[en("others than its owner can write the file of keys \"{}\": chmod 600", path.display())]
        Open {
            /// The file.
            path: PathBuf,
        },
        /// The file of keys can not be written.
        #[fr("le fichier de clés ne peut pas être écrit")]
        #[en("the file of keys can not be written")]
        Write(#[from] FilesError),
        /// A key without a name.
        #[fr("le nom de qui tient la clé est vide ou a des caractères de contrôle : il sera l'auteur de ce qui s'écrit avec elle")]
        #[en("the name of who holds the key is empty or has control characters: it will be the author of what is written with it")]
        Name,
        /// No key has that identifier.
        #[fr("aucune clé en vigueur n'a l'identifiant « {id} » : voyez « rattache keys list »")]
        #[en("no key in force has the identifier \"{id}\": see `rattache keys list`")]
        Unknown {
            /// The identifier.
            id: String,
        },
        /// The keys of the identity provider can not be read.
        #[fr("les clés du fournisseur d'identité ne peuvent pas être lues de « {place} » ({cause})")]
        #[en("the keys of the identity provider can not be read from \"{place}\" ({cause})")]
        KeySet {
            /// The file or address.
            place: String,
            /// Why.
            cause: String,
        },
        /// The system gives no random bytes, or the hash can not be made.
        #[fr("aucune clé ne peut être faite : le système ne donne pas d'octets aléatoires ou de mémoire")]
        #[en("no key can be made: the system gives no random bytes or no memory")]
        Making,
    }
}
