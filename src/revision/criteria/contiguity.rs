//! Whether a CLSC holds together.

use super::criterion::{Context, Criterion, Fault};
use super::{CriteriaSettings, Grade, Measured, Piece, Value};
use crate::domain::{Language, Level};
use crate::pages::Noun;
use crate::revision::contiguity::Search;

/// Pieces that do not touch the main one, against those that the base had.
pub(super) struct Contiguity;

const DETACHED: Fault = Fault::new("detached", "nouveau morceau détaché", "newly detached piece");

const PIECES: Noun = Noun::new(("morceau détaché", "morceaux détachés"), ("detached piece", "detached pieces"));

/// Most pieces that are named.
const MOST_NAMED: usize = 4;

impl Criterion for Contiguity {
    fn id(&self) -> &'static str {
        "contiguity"
    }

    fn name(&self, language: Language) -> &'static str {
        language.pick("contiguïté", "contiguity")
    }

    fn yardstick(&self, _: &CriteriaSettings, language: Language) -> String {
        let words = language.pick(
            "bon d’un tenant, ou en morceaux (îles, enclaves) que l’édition de départ avait déjà ; à examiner dès qu’un morceau \
             est nouveau",
            "good in one piece, or in pieces (islands, enclaves) that the base had already; to be examined as soon as a piece is \
             new",
        );
        words.to_owned()
    }

    fn measure(&self, context: &Context<'_>) -> Vec<Measured> {
        let clsc = context.clsc;
        let mut detached = Vec::new();
        if context.engine.sums(Level::Clsc, clsc).pieces > 1 {
            let inside = |unit: u32| context.engine.clsc_of(unit) == clsc;
            let pieces = Search::new(context.graph().len()).pieces(context.graph(), context.members, inside);
            detached.extend(pieces.into_iter().skip(1).map(|piece| Piece {
                units: piece.iter().map(|&unit| context.grounds.units().id(unit).clone()).collect(),
                people: piece.iter().map(|&unit| context.people_of(unit)).sum(),
                was_there: piece.iter().all(|&unit| context.grounds.minor[unit as usize]),
            }));
        }
        let grade = if detached.iter().all(|piece| piece.was_there) { Grade::Good } else { Grade::Poor };
        vec![Measured {
            criterion: self.id(),
            of: None,
            grade: Some(grade),
            fault: (grade > Grade::Good).then_some(DETACHED),
            value: Value::Pieces(detached),
        }]
    }

    fn words(&self, measured: &Measured, language: Language) -> String {
        let Value::Pieces(pieces) = &measured.value else { return String::new() };
        if pieces.is_empty() {
            return language.pick("d’un tenant", "in one piece").to_owned();
        }
        let told: Vec<String> = (pieces.iter().take(MOST_NAMED))
            .map(|piece| {
                let state = if piece.was_there {
                    language.pick("déjà là", "was there")
                } else {
                    language.pick("nouveau", "new")
                };
                let first = piece.units.first().map_or("", |unit| unit.as_str());
                format!("{first}, {} {}, {state}", language.whole(piece.people), language.pick("pers.", "people"))
            })
            .collect();
        let more = if pieces.len() > MOST_NAMED { ", …" } else { "" };
        let count = PIECES.count(pieces.len() as u64, language);
        format!("{count} ({}{more})", told.join(&format!("{} ", language.semicolon())))
    }
}
