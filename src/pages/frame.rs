//! The frame of every page: language, title, style.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use crate::domain::Language;

/// The one style sheet: on screen and on paper, for files and for the service.
pub const STYLE: &str = include_str!("style.css");

/// A page to be.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Its language.
    pub language: Language,
    /// Its title.
    pub title: &'a str,
}

impl Frame<'_> {
    /// A page that stands alone: its style inside, no script, nothing loaded.
    #[must_use]
    pub fn file(self, body: &Markup) -> String {
        let head = html! { style { (PreEscaped(STYLE)) } };
        self.page("file", &head, body)
    }

    /// A page of the service: its style and its script are served apart, beside the page. Of a map, script and style, where there
    /// is one, take the page over once they are there.
    #[must_use]
    pub fn served(self, body: &Markup, map: Option<(&str, &str)>) -> String {
        let head = html! {
            // No browser then asks for an icon that is not there.
            link rel="icon" href="data:,";
            link rel="stylesheet" href="style.css";
            @match map {
                Some((script, style)) => {
                    link rel="stylesheet" href={ "app/" (style) };
                    script type="module" src={ "app/" (script) } {}
                }
                None => script src="page.js" defer {},
            }
        };
        self.page("served", &head, body)
    }

    fn page(self, class: &str, head: &Markup, body: &Markup) -> String {
        let page = html! {
            (DOCTYPE)
            html lang=(self.language.tag()) class=(class) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) }
                    (head)
                }
                body { (body) }
            }
        };
        page.into_string()
    }
}

/// The source of a content security policy that allows the style of [`Frame::file`] and no other: its digest.
#[must_use]
pub fn style_source() -> &'static str {
    static SOURCE: LazyLock<String> =
        LazyLock::new(|| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(STYLE.as_bytes()))));
    &SOURCE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_needs_nothing_else_and_a_text_can_not_become_markup() {
        let frame = Frame { language: Language::French, title: "<b>Été</b>" };
        let page = frame.file(&html! { p title=("\"x\"") { ("<script>") } });
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"fr-CA\""));
        assert!(page.contains("<title>&lt;b&gt;Été&lt;/b&gt;</title>"));
        assert!(page.contains("<p title=\"&quot;x&quot;\">&lt;script&gt;</p>"));
        assert!(!page.contains("<script") && !page.contains("<link") && !page.contains("url("));
        let served = frame.served(&html! { p {} }, None);
        assert!(!served.contains("<style") && served.contains("<script src=\"page.js\" defer></script>"));
        let with_map = frame.served(&html! { p {} }, Some(("main-1.js", "main-1.css")));
        assert!(with_map.contains("<script type=\"module\" src=\"app/main-1.js\">") && !with_map.contains("page.js"));
    }

    #[test]
    fn the_style_can_not_close_its_element() {
        assert!(!STYLE.contains('<'), "the style is put into pages as it is");
    }
}
