//! Why a question can not be answered.

use super::Basis;
use super::locate::MOST_UNCERTAINTY_M;
use crate::domain::{EditionError, errors};

errors! {
    /// Why a question can not be answered.
    #[derive(Debug, Clone, PartialEq, thiserror::Error)]
    pub enum QueryError {
        /// No edition for it.
        #[error(transparent)]
        Edition(#[from] EditionError),
        /// An error of position that makes no sense.
        #[fr("uncertainty_m « {value} » est inutilisable : de 0 à {MOST_UNCERTAINTY_M} mètres")]
        #[en("uncertainty_m \"{value}\" is not usable: expected metres from 0 to {MOST_UNCERTAINTY_M}")]
        Uncertainty {
            /// The value as given.
            value: f64,
        },
        /// A question about an address to an atlas without any.
        #[fr("cet atlas n'a pas d'adresses : faites-le avec --addresses, ou donnez une position")]
        #[en("this atlas holds no addresses: build it with --addresses, or ask by position")]
        NoAddresses,
        /// A text that is no postal code. It is not repeated: it is personal information.
        #[fr("le code postal n'est pas de la forme A1A 1A1, par exemple H2X 2S5")]
        #[en("the postal code is not of the form A1A 1A1, such as H2X 2S5")]
        PostalCode,
        /// No point of service has that code.
        #[fr("aucune installation n'a le code « {code} » dans cet atlas")]
        #[en("no installation has the code \"{code}\" in this atlas")]
        UnknownInstallation {
            /// The code as given.
            code: String,
        },
        /// A basis that does not go with the place.
        #[fr("le motif « {basis} » ne va pas avec ce lieu : service_point va avec une installation, et elle seule")]
        #[en(
            "basis \"{basis}\" does not go with the place: service_point goes with an installation, and nothing else does"
        )]
        Basis {
            /// The basis as given.
            basis: Basis,
        },
    }
}
