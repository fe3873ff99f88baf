//! The page: its frame, its style and its order.

use std::fmt::Write as _;

use super::{Dossier, Maps, notice, sections};
use crate::domain::Language;

/// Text safe inside an element or an attribute in double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for mark in text.chars() {
        match mark {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ => safe.push(mark),
        }
    }
    safe
}

const STYLE: &str = "\
:root{color-scheme:light}body{font:15px/1.45 system-ui,sans-serif;color:#1c1c1c;max-width:60rem;margin:2rem auto;padding:0 1rem}\
h1{font-size:1.7rem;margin:.2rem 0}h2{font-size:1.2rem;border-bottom:2px solid #24507a;margin-top:2.2rem}h3{font-size:1rem}\
table{border-collapse:collapse;width:100%;margin:.6rem 0;font-size:.88rem}th,td{border:1px solid #bbb;padding:.25rem .45rem;text-align:left;vertical-align:top}\
th{background:#eef3f8}td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}th{text-align:left}.note{background:#fff6dd;border-left:4px solid #d9a400;padding:.5rem .8rem}\
.maps{display:grid;grid-template-columns:1fr 1fr;gap:1rem}.maps figure{margin:0}.maps svg{width:100%;height:auto;border:1px solid #999;background:#fbfbf8}\
svg text{font:600 13px sans-serif;text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:3px}svg .scale text{text-anchor:start;font-weight:400}\
.good{background:#dff2df}.fair{background:#f4f6d4}.weak{background:#fde9cf}.poor{background:#f9d6d5}.notice{border:1px solid #24507a;padding:.8rem 1.2rem}\
footer{margin-top:2rem;font-size:.8rem;color:#555}@media print{html{font-size:10.5px}body{margin:0;padding:0;max-width:none;font-size:1rem}h2,h3{break-after:avoid}tr,figure,.notice{break-inside:avoid}thead{display:table-header-group}td,th,.note{print-color-adjust:exact}.maps{grid-template-columns:1fr 1fr}}\
@media screen and (max-width:45rem){.maps{grid-template-columns:1fr}table{display:block;overflow-x:auto}}";

/// The whole page.
pub(super) fn page(dossier: &Dossier, language: Language, maps: Option<&Maps>) -> String {
    let revision = &dossier.revision;
    let heading = language.pick("Dossier de révision", "Revision file");
    let title = escape(&revision.label);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{heading} — {title}</title><style>{STYLE}</style></head><body>\n<header><p>{heading}</p><h1>{title}</h1>",
        language.tag()
    );
    let _ = write!(
        page,
        "<p>{} <b>{}</b> · {} {} · {} {}</p></header>",
        language.pick("Révision", "Revision"),
        escape(&revision.id),
        language.pick("à partir de l’édition", "from edition"),
        escape(&dossier.impact.base.label),
        language.pick("en vigueur le", "in force on"),
        language.day(revision.valid_from)
    );
    if !revision.official {
        let text = language.pick(
            "Document de travail : ces limites ne sont pas les limites officielles.",
            "Working document: these are not the official limits.",
        );
        let _ = write!(page, "<p class=\"note\">{text}</p>");
    }
    if dossier.impact.unknown_people > 0 {
        let _ = write!(
            page,
            "<p class=\"note\">{} {}</p>",
            language.whole(dossier.impact.unknown_people as u64),
            language.pick(
                "aires n’ont pas de population connue ; elles comptent pour zéro ci-dessous.",
                "areas have no known population; they count for zero below."
            )
        );
    }
    sections::summary(&mut page, dossier, language);
    if let Some(maps) = maps {
        let _ = writeln!(
            page,
            "<section><h2>{}</h2><div class=\"maps\"><figure>{}<figcaption>{}</figcaption></figure>\
             <figure>{}<figcaption>{}</figcaption></figure></div><p>{}{}{}</p></section>",
            language.pick("Cartes", "Maps"),
            maps.before,
            language.pick("Avant", "Before"),
            maps.after,
            language.pick("Après", "After"),
            language.pick(
                "Hachures : aires qui changent de CLSC. Trait moyen : limite de RLS ; trait fort : limite de RTS.",
                "Hatching: areas that change CLSC. Medium line: RLS limit; heavy line: RTS limit."
            ),
            if maps.installations {
                language.pick(" Points : installations de mission CLSC.", " Dots: installations with a CLSC mission.")
            } else {
                ""
            },
            language.pick(" Limites simplifiées pour le dessin seulement.", " Limits are simplified for drawing only.")
        );
    }
    sections::levels(&mut page, dossier, language);
    sections::criteria(&mut page, dossier, language);
    sections::affected(&mut page, dossier, language);
    sections::codes_and_series(&mut page, dossier, language);
    notice::notice(&mut page, dossier, language);
    notice::to_tell(&mut page, dossier, language);
    let _ = writeln!(
        page,
        "<footer>{}{}</footer></body></html>",
        language.pick(
            "Les populations viennent des aires de diffusion ; les chiffres publiés pour un territoire peuvent différer.",
            "People are added up from dissemination areas; figures published for a territory may differ."
        ),
        dossier.digest.as_ref().map_or(String::new(), |digest| format!(
            " {} <code>{}</code>",
            language.pick("Empreinte de l’état :", "Digest of the state:"),
            escape(digest)
        ))
    );
    page
}
