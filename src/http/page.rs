//! `/`: what this is, and a form to try a question. No script, and nothing from elsewhere.

use std::fmt::Write as _;

use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, REFERRER_POLICY, VARY};
use axum::http::request::Parts;
use axum::response::Response;

use super::parameters::{edition_choice, number, position, read};
use super::{Language, Problem, State, reply};
use crate::atlas::Atlas;
use crate::resolve::{Placement, Query, Resolution, Resolver};

const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `GET /style.css`.
pub fn show_style() -> Response {
    let mut response = reply::bytes(include_bytes!("style.css").to_vec(), "text/css; charset=utf-8");
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}

/// `GET /[?lat=&lon=&as_of=&uncertainty_m=]`: the page, with the answer where a question was asked.
///
/// A bad question is answered on the page, with the status that the interface gives it.
pub fn show_page(state: &State, parts: &Parts) -> Result<Response, Problem> {
    let language = Language::of(parts);
    let names = ["lat", "lon", "as_of", "uncertainty_m"];
    let values = read(parts.uri.query(), names)?.map(|value| value.filter(|text| !text.trim().is_empty()));
    let [lat, lon, as_of, uncertainty] = &values;
    let served = state.served();
    let atlas = &served.atlas;
    let asked = values.iter().any(Option::is_some);
    let outcome = asked.then(|| {
        let query = Query {
            place: position(lat.as_deref(), lon.as_deref())?.into(),
            basis: None,
            edition: edition_choice(as_of.as_deref(), None)?,
            uncertainty_m: uncertainty.as_deref().map(|value| number("uncertainty_m", value)).transpose()?,
        };
        Resolver::answer(atlas, &query).map_err(Problem::from)
    });
    let status = outcome.as_ref().and_then(|outcome| outcome.as_ref().err()).map_or(200, |problem| problem.code.status);
    let page = Page { language, atlas };
    let html = page.html(&values.map(|value| value.map_or(String::new(), |text| escape(&text))), outcome.as_ref());
    let mut response = reply::bytes(html.into_bytes(), "text/html; charset=utf-8");
    *response.status_mut() = axum::http::StatusCode::from_u16(status).map_err(|_| Problem::internal())?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    headers.insert(VARY, HeaderValue::from_static("accept-language"));
    Ok(response)
}

struct Page<'a> {
    language: Language,
    atlas: &'a Atlas,
}

impl Page<'_> {
    fn html(
        &self,
        [lat, lon, as_of, uncertainty]: &[String; 4],
        outcome: Option<&Result<Resolution<'_>, Problem>>,
    ) -> String {
        let say = |french: &'static str, english: &'static str| self.language.pick(french, english);
        let lang = self.language.as_str();
        let (other, other_name) = (say("en", "fr"), say("English", "Français"));
        let mut html = format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>Rattache</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n\
             <header><h1>Rattache</h1><a href=\"/?lang={other}\" lang=\"{other}\" hreflang=\"{other}\">{other_name}</a></header>\n\
             <p>{}</p>\n{}",
            say(
                "À quel territoire de CLSC appartient un lieu du Québec, et tout ce qui est au-dessus : RLS, RTS, RSS et RUISSS, à n’importe quelle date.",
                "Which CLSC territory a place in Québec belongs to, and everything above it: RLS, RTS, RSS and RUISSS, at any date."
            ),
            self.warning(),
        );
        let any = say("facultatif", "optional");
        write!(
            html,
            "<form action=\"/\" method=\"get\">\n<input type=\"hidden\" name=\"lang\" value=\"{lang}\">\n\
             <label>Latitude <input name=\"lat\" inputmode=\"decimal\" required placeholder=\"45.5088\" value=\"{lat}\"></label>\n\
             <label>Longitude <input name=\"lon\" required placeholder=\"-73.5542\" value=\"{lon}\"></label>\n\
             <label>{} <input name=\"as_of\" type=\"date\" value=\"{as_of}\"></label>\n\
             <label>{} <input name=\"uncertainty_m\" inputmode=\"decimal\" placeholder=\"{any}\" value=\"{uncertainty}\"></label>\n\
             <button>{}</button>\n</form>\n",
            say("En date du", "As of"),
            say("Incertitude (m)", "Uncertainty (m)"),
            say("Chercher", "Find"),
        )
        .ok();
        match outcome {
            None => {}
            Some(Ok(resolution)) => self.answer(&mut html, resolution),
            Some(Err(problem)) => {
                let detail = escape(self.language.pick(&problem.french, &problem.english));
                let title = say(problem.code.french, problem.code.english);
                writeln!(html, "<p class=\"problem\" role=\"alert\"><strong>{title}.</strong> {detail}</p>").ok();
            }
        }
        self.links(&mut html);
        html.push_str("</html>\n");
        html
    }

    fn warning(&self) -> String {
        let manifest = self.atlas.manifest();
        let say = |french, english| self.language.pick(french, english);
        if manifest.sources.iter().any(|source| source.role == "demo") {
            return format!(
                "<p class=\"warning\">{}</p>\n",
                say(
                    "<strong>Démonstration.</strong> Les limites sont un modèle dessiné par programme, pas les limites officielles : \
                     aucune réponse sur un lieu réel ne peut s’y fier.",
                    "<strong>Demonstration.</strong> The limits are a model drawn by a program, not the official ones: \
                     no answer about a real place may rest on them."
                )
            );
        }
        if manifest.editions.iter().any(|edition| !edition.header.official) {
            return format!(
                "<p class=\"warning\">{}</p>\n",
                say(
                    "Les éditions servies ne sont pas toutes officielles.",
                    "Not all of the editions served are official."
                )
            );
        }
        String::new()
    }

    fn answer(&self, html: &mut String, resolution: &Resolution<'_>) {
        let say = |french, english| self.language.pick(french, english);
        write!(html, "<h2>{}</h2>\n<table>\n", say("Réponse", "Answer")).ok();
        let mut row = |name: &str, value: &str| {
            writeln!(html, "<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>").ok();
        };
        let place = match resolution.placement {
            Placement::Inside => say("dans le territoire", "inside the territory"),
            Placement::Nearest => {
                say("hors des limites, territoire le plus proche", "outside the limits, nearest territory")
            }
            Placement::Outside => say("hors de tout territoire", "outside every territory"),
            Placement::Spread => say("plusieurs endroits possibles", "several places possible"),
            Placement::NotFound => say("introuvable", "not found"),
        };
        row(say("Situation", "Placement"), place);
        if let Some(lineage) = &resolution.lineage {
            let levels = [
                ("CLSC", lineage.clsc),
                ("RLS", lineage.rls),
                ("RTS", lineage.rts),
                ("RSS", lineage.rss),
                ("RUISSS", lineage.ruisss),
            ];
            for (level, named) in levels {
                row(level, &format!("{} — {}", escape(named.code), escape(named.name)));
            }
        }
        if let Some(area) = resolution.dissemination_area {
            row(say("Aire de diffusion", "Dissemination area"), &escape(area));
        }
        if let Some(border) = resolution.border_m {
            let beyond = resolution.runner_up.map_or(String::new(), |beyond| {
                format!(", {} {} — {}", say("au-delà :", "beyond it:"), escape(beyond.code), escape(beyond.name))
            });
            row(say("Limite la plus proche", "Nearest limit"), &format!("{} m{beyond}", self.metres(border)));
        }
        if let Some(distance) = resolution.distance_m {
            row(say("Distance au territoire", "Distance to the territory"), &format!("{} m", self.metres(distance)));
        }
        if let Some(certainty) = &resolution.certainty {
            let all: Vec<String> =
                certainty.clsc.iter().map(|clsc| format!("{} — {}", escape(clsc.code), escape(clsc.name))).collect();
            let word = if certainty.stable { say("stable", "stable") } else { say("incertaine", "not certain") };
            let within = say("Certitude à", "Certainty within");
            let name = format!("{within} {} m", self.metres(certainty.uncertainty_m));
            row(&name, &format!("{word} : {}", all.join(" ; ")));
        }
        let edition = resolution.edition;
        let official =
            if edition.official { say("officielle", "official") } else { say("non officielle", "not official") };
        let text = format!("{} ({}, {official})", escape(&edition.label), escape(&edition.id));
        row(say("Édition", "Edition"), &text);
        html.push_str("</table>\n");
    }

    fn metres(&self, metres: f64) -> String {
        let text = format!("{metres:.1}");
        self.language.pick(text.replace('.', ","), text)
    }

    fn links(&self, html: &mut String) {
        let say = |french, english| self.language.pick(french, english);
        write!(
            html,
            "<h2>{}</h2>\n<ul>\n\
             <li><a href=\"/v1/resolve?lat=45.5088&amp;lon=-73.5542\"><code>GET /v1/resolve?lat=45.5088&amp;lon=-73.5542</code></a></li>\n\
             <li><a href=\"/v1/editions\"><code>GET /v1/editions</code></a></li>\n\
             <li><a href=\"/v1/territories?level=clsc\"><code>GET /v1/territories?level=clsc</code></a></li>\n\
             <li><a href=\"/v1/atlas\"><code>GET /v1/atlas</code></a></li>\n\
             <li><a href=\"/v1/openapi.json\"><code>GET /v1/openapi.json</code></a> {}</li>\n</ul>\n<p>{}</p>\n",
            say("Pour les programmes", "For programs"),
            say("(description OpenAPI)", "(OpenAPI description)"),
            say(
                "Les positions demandées ne sont ni gardées ni journalisées.",
                "Positions asked about are neither kept nor logged."
            ),
        )
        .ok();
    }
}

/// Text made safe between tags and in quoted attributes.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
