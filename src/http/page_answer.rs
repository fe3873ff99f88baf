//! The answer on the page: doubt first, then what the answer says line by line.

use maud::{Markup, html};

use super::Language;
use crate::pages::{Cell, Table};
use crate::resolve::AnswerSheet;

/// An answer.
pub(super) fn answer(sheet: &AnswerSheet, language: Language) -> Markup {
    let mut table = Table::of_facts();
    for line in &sheet.lines {
        let value = match line.values.as_slice() {
            [one] => Cell::text(one),
            many => Cell::markup(html! { ul { @for value in many { li { (value) } } } }),
        };
        table.row([Cell::text(line.name), value]);
    }
    html! {
        h2 { (language.pick("Réponse", "Answer")) }
        @if let Some(doubt) = &sheet.doubt { p class="doubt" role="status" { (doubt) } }
        (table)
    }
}
