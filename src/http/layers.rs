//! Layers of outlines and the answers made of them, kept for as long as their atlas is served: whole levels are asked for again
//! and again.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::Bytes;

use super::Problem;
use super::compression::gzip;
use crate::catalogue::CatalogueEdition;
use crate::domain::Level;
use crate::export::Layer;

/// How many layers are kept: every level of a few editions.
const MOST_LAYERS: usize = 18;
/// How many bytes of answers are kept, plain and packed together.
const MOST_BYTES: usize = 256 << 20;

/// Bytes of an answer, plain and packed.
#[derive(Debug, Clone)]
pub struct KeptAnswer {
    /// As they are.
    pub plain: Bytes,
    /// Packed with gzip.
    pub packed: Bytes,
}

/// What is kept, latest last.
#[derive(Debug, Default)]
pub struct Layers {
    layers: Mutex<Vec<(String, Arc<OnceLock<Layer>>)>>,
    answers: Mutex<Vec<(String, KeptAnswer)>>,
}

/// Takes an entry to the end of a list.
fn touch<T: Clone>(list: &mut Vec<(String, T)>, key: &str) -> Option<T> {
    let place = list.iter().position(|(known, _)| known == key)?;
    let entry = list.remove(place);
    list.push(entry);
    list.last().map(|(_, kept)| kept.clone())
}

impl Layers {
    /// The layer of a level of an edition, with its outlines; made once, whoever asks at the same time.
    pub fn layer(&self, edition: &CatalogueEdition, level: Level) -> Arc<OnceLock<Layer>> {
        let key = format!("{}-{level}", edition.tag());
        let cell = {
            let mut layers = self.layers.lock().unwrap_or_else(PoisonError::into_inner);
            touch(&mut layers, &key).unwrap_or_else(|| {
                let cell = Arc::new(OnceLock::new());
                layers.push((key, Arc::clone(&cell)));
                if layers.len() > MOST_LAYERS {
                    layers.remove(0);
                }
                cell
            })
        };
        cell.get_or_init(|| Layer::of(edition.atlas(), &edition.resolver(), level, true));
        cell
    }

    /// An answer that is kept.
    pub fn answer(&self, key: &str) -> Option<KeptAnswer> {
        touch(&mut self.answers.lock().unwrap_or_else(PoisonError::into_inner), key)
    }

    /// Keeps an answer.
    ///
    /// # Errors
    /// None: writing to memory does not fail.
    pub fn keep(&self, key: String, plain: Vec<u8>) -> Result<KeptAnswer, Problem> {
        let packed = gzip(&plain)?.into();
        let answer = KeptAnswer { plain: plain.into(), packed };
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.retain(|(known, _)| *known != key);
        answers.push((key, answer.clone()));
        let size = |(_, answer): &(String, KeptAnswer)| answer.plain.len() + answer.packed.len();
        let mut whole: usize = answers.iter().map(size).sum();
        while whole > MOST_BYTES && !answers.is_empty() {
            whole -= size(&answers.remove(0));
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_that_was_asked_for_longest_ago_goes_first_and_no_more_is_kept_than_there_is_room() {
        let kept = Layers::default();
        let part = MOST_BYTES / 4;
        for key in ["a", "b", "c"] {
            kept.keep(key.to_owned(), vec![0; part]).ok().unwrap();
        }
        assert!(kept.answer("a").is_some());
        kept.keep("d".to_owned(), vec![0; part]).ok().unwrap();
        let known = ["a", "b", "c", "d"].map(|key| kept.answer(key).is_some());
        assert_eq!(known, [true, false, true, true]);
        kept.keep("e".to_owned(), vec![0; MOST_BYTES + 1]).ok().unwrap();
        assert!(kept.answer("e").is_none() && kept.answer("d").is_none());
    }
}
