//! Effects that no figure tells: a section each, with what was judged, by whom and when, or room for it.

use maud::{Markup, html};

use super::Dossier;
use super::page::day_of;
use crate::domain::Language;
use crate::revision::Aspect;

/// The sections.
pub(super) fn judged(dossier: &Dossier, language: Language) -> Markup {
    let known = |aspect: Aspect| {
        dossier.record.as_ref().and_then(|record| record.judgements.iter().find(|judgement| judgement.aspect == aspect))
    };
    html! {
        section {
            h2 { (language.pick("Effets à apprécier par des personnes", "Effects for people to judge")) }
            @for aspect in Aspect::ALL {
                div class="keep" {
                    h3 { (aspect.words().pick(language)) }
                    p class="aside" { (aspect.asks().pick(language)) }
                    @if let Some(judgement) = known(aspect) {
                        p { (judgement.text) }
                        p class="aside" { (judgement.who) ", " (day_of(&judgement.at, language)) }
                    } @else {
                        div class="fill" {
                            p class="aside" {
                                (language.pick("À remplir. Nom et date :", "To be filled in. Name and date:"))
                            }
                        }
                    }
                }
            }
        }
    }
}
