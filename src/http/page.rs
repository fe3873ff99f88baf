//! `/`: what this is, and a form to try a question. Nothing from elsewhere, and nothing asked stays in the URL: the form is
//! sent as a body, by the page's script in the place of the answer, or by the browser where no script runs.

use std::fmt::Write as _;

use std::sync::Arc;

use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::fields::{conflicting_places, edition_choice, number, position};
use super::{Language, Problem, State, page_answer, reply};
use crate::address::PostalCode;
use crate::atlas::Atlas;
use crate::resolve::{Place, Query, Resolution};

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// `GET /style.css`.
pub fn style() -> Response {
    kept(reply::bytes(include_bytes!("style.css").as_slice(), "text/css; charset=utf-8"))
}

/// `GET /page.js`.
pub fn script() -> Response {
    kept(reply::bytes(include_bytes!("page.js").as_slice(), "text/javascript; charset=utf-8"))
}

fn kept(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}

type Values = [Option<String>; 5];

/// The page for the values of its form, with the answer where there are any; French unless asked for.
///
/// A bad question is answered on the page, with the status that the interface gives it.
pub fn answer_page(state: &State, language: Option<Language>, values: Values) -> Result<Response, Problem> {
    let language = language.unwrap_or_default();
    let values = values.map(|value| value.filter(|text| !text.trim().is_empty()));
    let served = state.served();
    let atlas = &served.atlas;
    let asked = values.iter().any(Option::is_some);
    let asked = asked.then(|| {
        let query = question(&values)?;
        Ok((state.choose(Arc::clone(&served), &query.edition)?, query))
    });
    let outcome = asked.as_ref().map(|asked: &Result<_, Problem>| match asked {
        Ok((chosen, query)) => chosen.resolve(query),
        Err(problem) => Err(problem.clone()),
    });
    let status = outcome.as_ref().and_then(|outcome| outcome.as_ref().err()).map_or(200, |problem| problem.code.status);
    let page = Page { language, atlas };
    let html = page.html(&values.map(|value| value.map_or(String::new(), |text| escape(&text))), outcome.as_ref());
    let mut response = reply::bytes(html.into_bytes(), "text/html; charset=utf-8");
    *response.status_mut() = StatusCode::from_u16(status).map_err(|_| Problem::internal())?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    Ok(response)
}

fn question([place, lat, lon, as_of, uncertainty]: &Values) -> Result<Query, Problem> {
    let place = match place {
        Some(_) if lat.is_some() || lon.is_some() => return Err(conflicting_places()),
        Some(text) if PostalCode::parse(text).is_some() => Place::PostalCode(text.to_string()),
        Some(text) => Place::Address(text.to_string()),
        None => {
            let degrees = |name, text: &Option<String>| text.as_deref().map(|text| number(name, text)).transpose();
            position(degrees("lat", lat)?, degrees("lon", lon)?)?.into()
        }
    };
    Ok(Query {
        place,
        basis: None,
        edition: edition_choice(as_of.as_deref(), None)?,
        uncertainty_m: uncertainty.as_deref().map(|value| number("uncertainty_m", value)).transpose()?,
    })
}

struct Page<'a> {
    language: Language,
    atlas: &'a Atlas,
}

impl Page<'_> {
    fn html(
        &self,
        [place, lat, lon, as_of, uncertainty]: &[String; 5],
        outcome: Option<&Result<Resolution<'_>, Problem>>,
    ) -> String {
        let say = |french: &'static str, english: &'static str| self.language.pick(french, english);
        let lang = self.language.as_str();
        let (other, other_name) = (say("en", "fr"), say("English", "Français"));
        let (here, there) = (say("/", "/?lang=en"), say("/?lang=en", "/"));
        let mut html = format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>Rattache</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n<script src=\"/page.js\" defer></script>\n\
             <header><h1>Rattache</h1><a href=\"{there}\" lang=\"{other}\" hreflang=\"{other}\">{other_name}</a></header>\n\
             <main>\n<p>{}</p>\n{}",
            say(
                "À quel territoire de CLSC appartient un lieu du Québec, et tout ce qui est au-dessus : RLS, RTS, RSS et RUISSS, à n’importe quelle date.",
                "Which CLSC territory a place in Québec belongs to, and everything above it: RLS, RTS, RSS and RUISSS, at any date."
            ),
            self.warning(),
        );
        let any = say("facultatif", "optional");
        let open =
            if lat.is_empty() && lon.is_empty() && as_of.is_empty() && uncertainty.is_empty() { "" } else { " open" };
        writeln!(html, "<form id=\"question\" action=\"{here}\" method=\"post\" autocomplete=\"off\">").ok();
        if self.atlas.gazetteer().is_some() {
            write!(
                html,
                "<div class=\"ask\"><label for=\"place\">{}</label>\n\
                 <input id=\"place\" name=\"place\" list=\"places\" placeholder=\"{}\" value=\"{place}\" aria-describedby=\"hint\">\n\
                 <datalist id=\"places\"></datalist>\n<button>{}</button>\n<small id=\"hint\">{}</small></div>\n",
                say("Adresse ou code postal", "Address or postal code"),
                say("1200, boul. Saint-Laurent, Montréal", "1200 boul. Saint-Laurent, Montréal"),
                say("Chercher", "Find"),
                say(
                    "Dans l’écriture de tous les jours : abréviations et fautes de frappe sont comprises.",
                    "As people write it: abbreviations and slips are understood."
                ),
            )
            .ok();
        }
        write!(
            html,
            "<details{open}><summary>{}</summary>\n<div class=\"fields\">\n\
             <label>Latitude <input name=\"lat\" inputmode=\"decimal\" placeholder=\"45.5088\" value=\"{lat}\"></label>\n\
             <label>Longitude <input name=\"lon\" placeholder=\"-73.5542\" value=\"{lon}\"></label>\n\
             <label>{} <input name=\"as_of\" type=\"date\" value=\"{as_of}\"></label>\n\
             <label>{} <input name=\"uncertainty_m\" inputmode=\"decimal\" placeholder=\"{any}\" value=\"{uncertainty}\"></label>\n\
             <button>{}</button>\n</div></details>\n</form>\n<div id=\"answer\" aria-live=\"polite\">\n",
            say("Par position, ou à une autre date", "By position, or at another date"),
            say("En date du", "As of"),
            say("Incertitude (m)", "Uncertainty (m)"),
            say("Chercher", "Find"),
        )
        .ok();
        match outcome {
            None => {}
            Some(Ok(resolution)) => page_answer::write(&mut html, resolution, self.language),
            Some(Err(problem)) => {
                let detail = escape(self.language.pick(&problem.french, &problem.english));
                let title = say(problem.code.french, problem.code.english);
                writeln!(html, "<p class=\"problem\" role=\"alert\"><strong>{title}.</strong> {detail}</p>").ok();
            }
        }
        html.push_str("</div>\n");
        self.links(&mut html);
        html.push_str("</main>\n</html>\n");
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

    fn links(&self, html: &mut String) {
        let say = |french, english| self.language.pick(french, english);
        write!(
            html,
            "<h2>{}</h2>\n<ul>\n\
             <li><a href=\"/v1/resolve?lat=45.5088&amp;lon=-73.5542\"><code>GET /v1/resolve?lat=45.5088&amp;lon=-73.5542</code></a></li>\n\
             <li><code>POST /v1/resolve</code> {}</li>\n\
             <li><a href=\"/v1/editions\"><code>GET /v1/editions</code></a></li>\n\
             <li><a href=\"/v1/territories?level=clsc\"><code>GET /v1/territories?level=clsc</code></a></li>\n\
             <li><a href=\"/v1/atlas\"><code>GET /v1/atlas</code></a></li>\n\
             <li><a href=\"/v1/openapi.json\"><code>GET /v1/openapi.json</code></a> {}</li>\n</ul>\n<p>{}</p>\n",
            say("Pour les programmes", "For programs"),
            say(
                "(adresses, codes postaux et positions, beaucoup à la fois)",
                "(addresses, postal codes and positions, many at once)"
            ),
            say("(description OpenAPI)", "(OpenAPI description)"),
            say(
                "Les adresses et les positions demandées ne sont ni gardées, ni journalisées, ni envoyées ailleurs.",
                "Addresses and positions asked about are neither kept, nor logged, nor sent elsewhere."
            ),
        )
        .ok();
    }
}

/// Text made safe between tags and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
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
