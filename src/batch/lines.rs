//! Rows of NDJSON: one object a line; the added columns become its last members.

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::answer::{Answer, Reason, Status};
use super::question::Questions;
use super::render::Renderer;
use super::table::class_of;
use super::tally::Tally;

/// An NDJSON file, ready for its rows.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    pub questions: Questions<'a>,
    pub renderer: Renderer,
    /// Writes what is added to rows to review, where those are wanted.
    pub review: Option<Renderer>,
    /// Names of the members that the questions' columns count.
    pub names: Vec<String>,
}

type Members<'a> = HashMap<String, &'a RawValue>;

/// The names of the members of the first rows, in order.
pub(super) fn names_of(head: &[u8]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in head.split(|&byte| byte == b'\n').take(100) {
        let Ok(members) = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line) else { continue };
        for (name, _) in members {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// A member as a field of a table would have it.
fn text(raw: &RawValue) -> String {
    match raw.get() {
        "null" => String::new(),
        text if text.starts_with('"') => serde_json::from_str(text).unwrap_or_default(),
        text => text.to_owned(),
    }
}

impl<'a> Lines<'a> {
    /// Answers whole lines.
    pub fn process(&self, chunk: &[u8], (out, review): (&mut Vec<u8>, &mut Vec<u8>), tally: &mut Tally) {
        for line in chunk.split_inclusive(|&byte| byte == b'\n') {
            let content = line.trim_ascii_end();
            if content.trim_ascii_start().is_empty() {
                out.extend_from_slice(line);
                continue;
            }
            let members = serde_json::from_slice::<Members<'_>>(content);
            let (edition, answer) = match &members {
                Ok(members) => self.answer(members),
                Err(_) => self.questions.bad(Reason::BadJson),
            };
            tally.row(edition, class_of(&self.questions, edition, &answer).map(usize::from), &answer);
            let to_review = self.review.as_ref().filter(|_| answer.status != Status::Resolved);
            let targets = [(Some(&self.renderer), &mut *out), (to_review, &mut *review)];
            for (renderer, out) in targets {
                let Some(renderer) = renderer else { continue };
                let mut added = Vec::new();
                renderer.row(&mut added, &answer);
                if let Ok(members) = &members {
                    out.extend_from_slice(&content[..content.len() - 1]);
                    out.extend_from_slice(&added[usize::from(members.is_empty())..]);
                } else {
                    // No object: what stood there is kept as a text.
                    out.extend_from_slice(b"{\"rattache_line\":");
                    serde_json::to_writer(&mut *out, &String::from_utf8_lossy(content)).ok();
                    out.extend_from_slice(&added);
                }
                out.push(b'}');
                out.extend_from_slice(&line[content.len()..]);
            }
        }
    }

    fn answer(&self, members: &Members<'_>) -> (usize, Answer<'a>) {
        let field = |column: usize| members.get(&self.names[column]).map(|raw| text(raw)).unwrap_or_default();
        self.questions.answer(None, field)
    }
}
