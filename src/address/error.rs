//! Why a registry can not be compiled or read.

use crate::domain::errors;

errors! {
    /// Why a registry can not be compiled or read. Never holds an address.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    pub enum AddressError {
        /// A position far from Québec.
        #[fr(
            "une position est loin du Québec (de 90° O à 47° O, de 40° N à 82,9° N) : le système de coordonnées est-il le bon ?"
        )]
        #[en(
            "a position is far from Québec (expected 90° W to 47° W, 40° N to 82.9° N): is the coordinate system right?"
        )]
        OffGrid,
        /// More than the format holds.
        #[fr("le registre est trop gros : moins de 16 777 216 noms de rue et 4 Go de noms sont attendus")]
        #[en("the registry is too large: expected fewer than 16,777,216 street names and 4 GB of names")]
        TooMany,
        /// A stored array that can not be read.
        #[fr("la section « {name} » du registre d'adresses manque, est tronquée ou déplacée : refaites l'atlas")]
        #[en("the section \"{name}\" of the address registry is missing, cut or out of place: build the atlas again")]
        Section {
            /// Its name.
            name: &'static str,
        },
        /// Stored arrays that contradict each other.
        #[fr("les sections du registre d'adresses ne vont pas ensemble : refaites l'atlas")]
        #[en("the sections of the address registry do not belong together: build the atlas again")]
        Inconsistent,
    }
}
