//! `/`: what this is, and a form to try a question. Nothing from elsewhere, and nothing asked stays in the URL: the form is
//! sent as a body, by the page's script in the place of the answer, or by the browser where no script runs.

use std::sync::Arc;

use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use super::fields::{conflicting_places, edition_choice, number, position};
use super::{Language, Problem, State, page_answer, reply};
use crate::atlas::Atlas;
use crate::domain::Date;
use crate::pages::{self, Frame};
use crate::resolve::{Place, Query, Resolution};

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:; \
     worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `GET /style.css`.
pub fn style() -> Response {
    kept(reply::bytes(pages::STYLE, "text/css; charset=utf-8"))
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
        let query = question(&values, state.today())?;
        Ok((State::choose(Arc::clone(&served), &query.edition)?, query))
    });
    let outcome = asked.as_ref().map(|asked: &Result<_, Problem>| match asked {
        Ok((chosen, query)) => chosen.resolve(query),
        Err(problem) => Err(problem.clone()),
    });
    let status = outcome.as_ref().and_then(|outcome| outcome.as_ref().err()).map_or(200, |problem| problem.code.status);
    let page = Page { language, atlas };
    let html = page.html(&values, outcome.as_ref());
    let mut response = reply::bytes(html.into_bytes(), "text/html; charset=utf-8");
    *response.status_mut() = StatusCode::from_u16(status).map_err(|_| Problem::internal())?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    Ok(response)
}

fn question([place, lat, lon, as_of, uncertainty]: &Values, today: Date) -> Result<Query, Problem> {
    let place = match place {
        Some(_) if lat.is_some() || lon.is_some() => return Err(conflicting_places()),
        Some(text) => Place::of_text(text),
        None => {
            let degrees = |name, text: &Option<String>| text.as_deref().map(|text| number(name, text)).transpose();
            position(degrees("lat", lat)?, degrees("lon", lon)?)?.into()
        }
    };
    Ok(Query {
        place,
        basis: None,
        edition: edition_choice(as_of.as_deref(), None, today)?,
        uncertainty_m: uncertainty.as_deref().map(|value| number("uncertainty_m", value)).transpose()?,
    })
}

struct Page<'a> {
    language: Language,
    atlas: &'a Atlas,
}

impl Page<'_> {
    fn say(&self, french: &'static str, english: &'static str) -> &'static str {
        self.language.pick(french, english)
    }

    fn html(&self, values: &Values, outcome: Option<&Result<Resolution<'_>, Problem>>) -> String {
        let other = self.language.pick(Language::English, Language::French);
        let there = self.language.pick("./?lang=en", "./");
        let body = html! {
            header {
                h1 { "Rattache" }
                a href=(there) lang=(other.as_str()) hreflang=(other.as_str()) { (self.say("English", "Français")) }
            }
            main {
                p {
                    (self.say(
                        "À quel territoire de CLSC appartient un lieu du Québec, et tout ce qui est au-dessus : RLS, RTS, RSS \
                         et RUISSS, à n’importe quelle date.",
                        "Which CLSC territory a place in Québec belongs to, and everything above it: RLS, RTS, RSS and \
                         RUISSS, at any date.",
                    ))
                }
                (self.warning())
                (self.form(values))
                div id="answer" aria-live="polite" {
                    @match outcome {
                        None => {}
                        Some(Ok(resolution)) => (page_answer::answer(&resolution.sheet(self.language), self.language)),
                        Some(Err(problem)) => {
                            p class="problem" role="alert" {
                                strong { (self.say(problem.code.french, problem.code.english)) "." } " "
                                (self.language.pick(&problem.french, &problem.english))
                            }
                        }
                    }
                }
                (self.links())
            }
        };
        Frame { language: self.language, title: "Rattache" }.served(&body, super::web::entry())
    }

    fn form(&self, values: &Values) -> Markup {
        let [place, lat, lon, as_of, uncertainty] = values.each_ref().map(|value| value.as_deref().unwrap_or_default());
        let open = [lat, lon, as_of, uncertainty].iter().any(|text| !text.is_empty());
        let find = self.say("Chercher", "Find");
        html! {
            form id="question" action=(self.language.pick("./", "./?lang=en")) method="post" autocomplete="off" {
                @if self.atlas.gazetteer().is_some() {
                    div class="ask" {
                        label for="place" { (self.say("Adresse ou code postal", "Address or postal code")) }
                        input id="place" name="place" list="places" value=(place) aria-describedby="hint"
                            placeholder=(self.say("1200, boul. Saint-Laurent, Montréal", "1200 boul. Saint-Laurent, Montréal"));
                        datalist id="places" {}
                        button { (find) }
                        small id="hint" {
                            (self.say(
                                "Dans l’écriture de tous les jours : abréviations et fautes de frappe sont comprises.",
                                "As people write it: abbreviations and slips are understood.",
                            ))
                        }
                    }
                }
                details open[open] {
                    summary { (self.say("Par position, ou à une autre date", "By position, or at another date")) }
                    div class="fields" {
                        label { "Latitude " input name="lat" inputmode="decimal" placeholder="45.5088" value=(lat); }
                        label { "Longitude " input name="lon" placeholder="-73.5542" value=(lon); }
                        label { (self.say("En date du", "As of")) " " input name="as_of" type="date" value=(as_of); }
                        label {
                            (self.say("Incertitude (m)", "Uncertainty (m)")) " "
                            input name="uncertainty_m" inputmode="decimal" value=(uncertainty)
                                placeholder=(self.say("facultatif", "optional"));
                        }
                        button { (find) }
                    }
                }
            }
        }
    }

    fn warning(&self) -> Markup {
        let manifest = self.atlas.manifest();
        let is_demo = manifest.sources.iter().any(|source| source.role == "demo");
        html! {
            @if is_demo {
                p class="warning" {
                    strong { (self.say("Démonstration.", "Demonstration.")) } " "
                    (self.say(
                        "Les limites sont un modèle dessiné par programme, pas les limites officielles : aucune réponse sur \
                         un lieu réel ne peut s’y fier.",
                        "The limits are a model drawn by a program, not the official ones: no answer about a real place may \
                         rest on them.",
                    ))
                }
            } @else if manifest.editions.iter().any(|edition| !edition.header.official) {
                p class="warning" {
                    (self.say(
                        "Les éditions servies ne sont pas toutes officielles.",
                        "Not all of the editions served are official.",
                    ))
                }
            }
        }
    }

    fn links(&self) -> Markup {
        let link = |path: &str| html! { a href=(path.trim_start_matches('/')) { code { "GET " (path) } } };
        html! {
            h2 { (self.say("Pour les programmes", "For programs")) }
            ul {
                li { (link("/v1/resolve?lat=45.5088&lon=-73.5542")) }
                li {
                    code { "POST /v1/resolve" } " "
                    (self.say(
                        "(adresses, codes postaux et positions, beaucoup à la fois)",
                        "(addresses, postal codes and positions, many at once)",
                    ))
                }
                li { (link("/v1/editions")) }
                li { (link("/v1/territories?level=clsc")) }
                li { (link("/v1/atlas")) }
                li { (link("/v1/openapi.json")) " " (self.say("(description OpenAPI)", "(OpenAPI description)")) }
            }
            p {
                (self.say(
                    "Les adresses et les positions demandées ne sont ni gardées, ni journalisées, ni envoyées ailleurs.",
                    "Addresses and positions asked about are neither kept, nor logged, nor sent elsewhere.",
                ))
            }
        }
    }
}
