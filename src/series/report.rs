//! One page for people: charts, breaks, verdicts, tests and methods; self-contained and made to be printed.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use super::bridge::{Bridge, BridgedCell};
use super::bridge_parts::Method;
use super::charts::{Chart, escape, number};
use super::check::Check;
use super::coding::CodingBasis;
use super::jumps::BreakShown;
use super::table::Table;
use super::timeline::Timeline;
use super::verdict::Verdict;
use crate::domain::{Language, Level, TerritoryCode};

/// Charts drawn at most; how many more there are is said.
const CHARTS: usize = 60;
/// Rows of a table written at most; how many more there are is said.
const ROWS: usize = 500;

const STYLE: &str = "body{font:14px/1.45 system-ui,sans-serif;color:#1b2733;margin:2rem auto;max-width:1080px;padding:0 1rem}\
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:1.8rem 0 .5rem;border-bottom:1px solid #c9d2da}\
table{border-collapse:collapse;width:100%;font-size:12px}th,td{padding:3px 8px;text-align:left;border-bottom:1px solid #e3e8ec}\
th{background:#f2f5f7}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.sub{color:#52616f}\
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:14px}figure{margin:0;break-inside:avoid}\
figcaption{font-size:12px;font-weight:600}svg{width:100%;height:auto}.grid{stroke:#e3e8ec}.tick{font-size:9px;fill:#52616f}\
.break{stroke:#b3261e;stroke-dasharray:3 2}.interval{stroke:#0b6bcb;stroke-width:3;opacity:.28}path{fill:none;stroke-width:1.5}\
path.published{stroke:#8a6d1d}circle.published{fill:#8a6d1d}path.bridged{stroke:#0b6bcb}circle.bridged{fill:#0b6bcb}\
.key span{margin-right:1.2rem}.key b{display:inline-block;width:18px;height:3px;vertical-align:middle;margin-right:5px}\
tr{break-inside:avoid}@page{size:A4;margin:14mm}@media print{*{print-color-adjust:exact}body{margin:0;padding:0;max-width:none;\
font-size:12px}h2,.key{break-after:avoid}.charts{grid-template-columns:repeat(3,1fr);gap:8px}}";

struct Page<'a> {
    table: &'a Table,
    timeline: &'a Timeline<'a>,
    target: usize,
    check: &'a Check,
    bridge: &'a Bridge,
    french: bool,
    html: String,
}

/// Writes the report of a table checked and bridged on the edition at `target` in the timeline.
///
/// The page loads nothing. Long tables and charts beyond the first are counted, never left out in silence.
#[must_use]
pub fn report(
    table: &Table,
    timeline: &Timeline,
    target: usize,
    check: &Check,
    bridge: &Bridge,
    language: Language,
) -> String {
    let french = language == Language::French;
    let mut page = Page { table, timeline, target, check, bridge, french, html: String::new() };
    page.head();
    page.codings();
    page.charts();
    page.breaks();
    page.verdicts();
    page.tests();
    page.findings();
    page.methods();
    page.html.push_str("</body></html>\n");
    page.html
}

impl<'a> Page<'a> {
    fn say<'t>(&self, french: &'t str, english: &'t str) -> &'t str {
        if self.french { french } else { english }
    }

    fn add(&mut self, text: &str) {
        self.html.push_str(text);
    }

    fn title(&mut self, french: &str, english: &str) {
        let title = escape(self.say(french, english));
        let _ = write!(self.html, "<h2>{title}</h2>");
    }

    fn count(&self, value: usize) -> String {
        number(value as f64, 0, self.french)
    }

    fn percent(&self, share: f64) -> String {
        let text = number(share * 100.0, 1, self.french);
        if self.french { format!("{text}\u{a0}%") } else { format!("{text}%") }
    }

    fn probability(&self, p: f64) -> String {
        if p < 0.0001 { self.say("< 0,0001", "< 0.0001").replace('<', "&lt;") } else { number(p, 4, self.french) }
    }

    fn header_row(&mut self, cells: &[(&str, &str)]) {
        self.add("<table><thead><tr>");
        for (fr, en) in cells {
            let text = escape(self.say(fr, en));
            let _ = write!(self.html, "<th>{text}</th>");
        }
        self.add("</tr></thead><tbody>");
    }

    fn row(&mut self, cells: &[String]) {
        self.add("<tr>");
        for cell in cells {
            let _ = write!(self.html, "<td>{cell}</td>");
        }
        self.add("</tr>");
    }

    fn close_table(&mut self, left_out: usize) {
        self.add("</tbody></table>");
        if left_out > 0 {
            let more = self.count(left_out);
            let text =
                self.say("autres lignes, comptées mais non écrites ici.", "more rows, counted but not written here.");
            let _ = write!(self.html, "<p class=\"sub\">{more} {text}</p>");
        }
    }

    fn head(&mut self) {
        let edition = &self.timeline.editions[self.target].edition.header;
        let title = self.say("Ruptures et raccordement de séries", "Series breaks and bridging");
        let language = self.say("fr", "en");
        let _ = write!(
            self.html,
            "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style>\
             </head><body><h1>{title}</h1><p class=\"sub\">{} · {} « {} » ({})</p>",
            escape(&self.table.file),
            self.say("sur l’édition", "on edition"),
            escape(&edition.label),
            edition.valid_from
        );
        let counts = self.table.counts;
        let kept = self.bridge.conservation.iter().filter(|kept| kept.holds()).count();
        let verdicts: Vec<String> = self
            .check
            .counts()
            .iter()
            .map(|(verdict, count)| format!("{} {}", self.count(*count), self.say(verdict.french(), verdict.as_str())))
            .collect();
        let rows = [
            (self.say("Valeurs lues", "Values read"), self.count(counts.values as usize)),
            (self.say("mises de côté (voir plus bas)", "set aside (see below)"), self.count(counts.set_aside as usize)),
            (
                self.say("masquées ou manquantes, conservées", "withheld or missing, kept"),
                self.count(counts.suppressed as usize),
            ),
            (self.say("Verdicts", "Verdicts"), verdicts.join(" · ")),
            (
                self.say("Totaux conservés à l’unité près", "Totals conserved to the unit"),
                format!("{} / {}", self.count(kept), self.count(self.bridge.conservation.len())),
            ),
            (self.say("Sommes de niveaux vérifiées", "Sums of levels checked"), self.count(self.check.sums_checked)),
        ];
        self.html.push_str("<table><tbody>");
        for (name, value) in rows {
            let _ = write!(self.html, "<tr><th>{name}</th><td>{value}</td></tr>");
        }
        self.add("</tbody></table>");
    }

    fn codings(&mut self) {
        self.title("Édition de chaque période", "Edition of each period");
        self.header_row(&[("Périodes", "Periods"), ("Édition", "Edition"), ("Comment on le sait", "How it is known")]);
        let codings = &self.check.codings;
        let alike =
            |a: &super::Coding, b: &super::Coding| (a.place, a.basis, &a.also_fits) == (b.place, b.basis, &b.also_fits);
        for run in codings.chunk_by(alike) {
            let (first, last) = (&run[0], &run[run.len() - 1]);
            let periods = if run.len() == 1 {
                escape(&first.period)
            } else {
                format!("{} – {}", escape(&first.period), escape(&last.period))
            };
            let only = self.timeline.editions.len() == 1 && first.place.is_some();
            let how = match first.basis {
                basis if only && basis != CodingBasis::Given => self.say("la seule", "the only one"),
                CodingBasis::Given => self.say("donnée", "given"),
                CodingBasis::Codes => self.say("ses codes ne vont qu’à elle", "its codes fit no other as well"),
                CodingBasis::InForce => self.say("en vigueur ; les codes vont aussi à", "in force; codes also fit"),
                CodingBasis::First => self.say("la première ; les codes vont aussi à", "the first; codes also fit"),
                CodingBasis::None => self.say("aucune ne tient ces codes", "none holds these codes"),
            };
            let also = escape(&first.also_fits.join(", "));
            self.row(&[periods, escape(first.edition.as_deref().unwrap_or("—")), format!("{how} {also}")]);
        }
        self.close_table(0);
    }

    /// Bridged cells of territories with at least one value that is not the published one, by series and territory.
    fn touched(&self) -> BTreeMap<(Level, u16, u32), Vec<&'a BridgedCell>> {
        let bridge: &'a Bridge = self.bridge;
        let mut all: BTreeMap<(Level, u16, u32), Vec<&'a BridgedCell>> = BTreeMap::new();
        for cell in bridge.cells.iter().filter(|cell| cell.method != Method::Unaffected) {
            all.entry((cell.level, cell.territory, cell.series)).or_default();
        }
        for cell in &bridge.cells {
            if let Some(list) = all.get_mut(&(cell.level, cell.territory, cell.series)) {
                list.push(cell);
            }
        }
        all
    }

    fn charts(&mut self) {
        let touched = self.touched();
        let total = touched.len();
        self.title("Séries touchées", "Series touched");
        let key = [
            ("#8a6d1d", self.say("publiée", "published")),
            ("#0b6bcb", self.say("raccordée, avec son intervalle à 95 %", "bridged, with its 95% interval")),
            ("#b3261e", self.say("rupture", "break")),
        ];
        self.html.push_str("<p class=\"key\">");
        for (color, text) in key {
            let _ = write!(self.html, "<span><b style=\"background:{color}\"></b>{text}</span>");
        }
        let axis = self
            .say("L’axe vertical ne part pas toujours de zéro.", "The vertical axis does not always start at zero.");
        let _ = write!(self.html, "<span class=\"sub\">{axis}</span>");
        self.add("</p><div class=\"charts\">");
        let mut published = BTreeMap::new();
        for (at, cell) in self.table.cells.iter().enumerate() {
            if cell.level != Level::Da {
                published.insert((cell.series, cell.level, cell.period, cell.code), at);
            }
        }
        for ((level, place, series), cells) in touched.into_iter().take(CHARTS) {
            let territory =
                &self.timeline.editions[self.target].edition.hierarchy.territories(level)[usize::from(place)];
            let code = self.table.codes.binary_search(&territory.code).ok().map(|code| code as u32);
            let periods = self.table.periods.len();
            let mut chart = Chart {
                labels: self.table.periods.iter().map(|period| period.label.clone()).collect(),
                published: vec![None; periods],
                bridged: vec![None; periods],
                intervals: vec![None; periods],
                breaks: Vec::new(),
            };
            for cell in cells {
                chart.bridged[usize::from(cell.period)] = cell.value;
                chart.intervals[usize::from(cell.period)] = cell.interval;
            }
            for period in 0..periods {
                let at = code.and_then(|code| published.get(&(series, level, period as u16, code)));
                chart.published[period] = at.and_then(|&at| self.table.cells[at].value.number());
                if period > 0 && self.breaks_at(period, level, &territory.code) {
                    chart.breaks.push(period);
                }
            }
            let title = format!("{} {} {}", level.acronym(), territory.code, territory.name);
            let label = self.table.series[series as usize].label();
            let svg = chart.svg(&format!("{title}, {label}"), self.french);
            let _ = write!(
                self.html,
                "<figure><figcaption>{} <span class=\"sub\">{}</span></figcaption>{svg}</figure>",
                escape(&title),
                escape(&label)
            );
        }
        self.add("</div>");
        if total > CHARTS {
            let more = self.count(total - CHARTS);
            let text = self.say("autres séries touchées, non dessinées.", "more series touched, not drawn.");
            let _ = write!(self.html, "<p class=\"sub\">{more} {text}</p>");
        }
    }

    /// Whether a territory of the wanted edition is touched by what changed between a period and the one before it.
    fn breaks_at(&self, period: usize, level: Level, code: &TerritoryCode) -> bool {
        let in_force = |period: usize| {
            let place = self.check.codings[period].place?;
            Some(self.timeline.editions[place].edition.header.valid_from)
        };
        let (Some(before), Some(after)) = (in_force(period - 1), in_force(period)) else { return false };
        let (from, to) = (before.min(after), before.max(after));
        self.check.breaks.iter().any(|found| {
            found.level == level
                && found.date > from
                && found.date <= to
                && (found.code == *code || found.successors.contains(code))
        })
    }

    fn breaks(&mut self) {
        self.title("Ruptures territoriales", "Territorial breaks");
        self.header_row(&[
            ("Territoire", "Territory"),
            ("Date", "Date"),
            ("Cause", "Cause"),
            ("Partis", "Left"),
            ("Arrivés", "Came"),
            ("Successeurs", "Successors"),
        ]);
        // The same break stands once for every edition that values before it are coded in.
        let mut seen = HashSet::new();
        let mut breaks: Vec<_> = self.check.breaks.iter().collect();
        breaks.retain(|found| seen.insert((found.level, &found.code, found.date, found.people_out, found.people_in)));
        for found in breaks.iter().take(ROWS) {
            let people = |people: u64, share: f64| format!("{} ({})", self.count(people as usize), self.percent(share));
            let successors: Vec<&str> = found.successors.iter().map(TerritoryCode::as_str).collect();
            let cells = [
                format!("{} {} {}", found.level.acronym(), found.code, escape(&found.name)),
                found.date.to_string(),
                self.say(found.cause.french(), found.cause.as_str()).to_owned(),
                people(found.people_out, found.share_out),
                people(found.people_in, found.share_in),
                successors.join(", "),
            ];
            self.row(&cells);
        }
        self.close_table(breaks.len().saturating_sub(ROWS));
    }

    fn verdicts(&mut self) {
        self.title("Verdicts", "Verdicts");
        let mut groups: BTreeMap<_, (Vec<u16>, usize)> = BTreeMap::new();
        for (cell, said) in self.table.cells.iter().zip(&self.check.verdicts) {
            if said.verdict != Verdict::Unaffected {
                let group = groups.entry((cell.level, cell.code, cell.series, said.verdict, said.reason)).or_default();
                group.0.push(cell.period);
                group.1 += 1;
            }
        }
        self.header_row(&[
            ("Territoire", "Territory"),
            ("Série", "Series"),
            ("Verdict", "Verdict"),
            ("Raison", "Reason"),
            ("Périodes", "Periods"),
            ("Valeurs", "Values"),
        ]);
        let total = groups.len();
        for ((level, code, series, verdict, reason), (periods, count)) in groups.into_iter().take(ROWS) {
            let label = |at: u16| escape(&self.table.periods[usize::from(at)].label);
            let (first, last) = (periods.iter().min().copied(), periods.iter().max().copied());
            let span = match (first, last) {
                (Some(first), Some(last)) if first != last => format!("{} – {}", label(first), label(last)),
                (Some(only), _) => label(only),
                _ => String::new(),
            };
            let cells = [
                format!("{} {}", level.acronym(), self.table.codes[code as usize]),
                escape(&self.table.series[series as usize].label()),
                self.say(verdict.french(), verdict.as_str()).to_owned(),
                self.say(reason.french(), reason.english()).to_owned(),
                span,
                self.count(count),
            ];
            self.row(&cells);
        }
        self.close_table(total.saturating_sub(ROWS));
    }

    fn tests(&mut self) {
        self.title("Ce que disent les valeurs", "What the values say");
        self.header_row(&[
            ("Territoire", "Territory"),
            ("Série", "Series"),
            ("Période", "Period"),
            ("Constat", "Finding"),
            ("Rapport observé", "Ratio observed"),
            ("attendu", "expected"),
            ("p", "p"),
        ]);
        let jumps = self.check.jumps.iter().map(|jump| {
            let said = self.say("saut sans cause territoriale", "jump without territorial cause");
            (jump.level, &jump.code, jump.series, &jump.period, said, jump.ratio, None, jump.p)
        });
        let tests = self.check.tests.iter().map(|test| {
            let said = match test.shown {
                BreakShown::Shown => self.say("rupture visible", "break shown"),
                BreakShown::NotShown => self.say("rupture invisible dans les valeurs", "break not shown by the values"),
                BreakShown::Otherwise => self.say("saut autre que celui attendu", "jump other than expected"),
                BreakShown::TooSmall => self.say("trop petite pour le bruit", "too small for the noise"),
            };
            (
                test.level,
                &test.code,
                test.series,
                &test.period,
                said,
                test.observed,
                Some(test.expected),
                test.p_no_jump,
            )
        });
        let rows: Vec<[String; 7]> = jumps
            .chain(tests)
            .take(ROWS)
            .map(|(level, code, series, period, said, observed, expected, p)| {
                [
                    format!("{} {code}", level.acronym()),
                    escape(&self.table.series[series as usize].label()),
                    escape(period),
                    said.to_owned(),
                    number(observed, 3, self.french),
                    expected.map_or_else(String::new, |expected| number(expected, 3, self.french)),
                    self.probability(p),
                ]
            })
            .collect();
        for row in rows {
            self.row(&row);
        }
        self.close_table((self.check.jumps.len() + self.check.tests.len()).saturating_sub(ROWS));
    }

    fn findings(&mut self) {
        self.title("Constats sur les données", "Findings about the data");
        let all: Vec<_> = self.table.findings.iter().chain(&self.check.findings).chain(&self.bridge.findings).collect();
        if all.is_empty() {
            let none = self.say("Aucun.", "None.");
            let _ = write!(self.html, "<p>{none}</p>");
            return;
        }
        self.header_row(&[("Ligne", "Line"), ("Colonne", "Column"), ("Constat", "Finding"), ("Détail", "Detail")]);
        for finding in all.iter().take(ROWS) {
            let line = finding.place.line.map_or_else(String::new, |line| line.to_string());
            let column = escape(finding.place.column.as_deref().unwrap_or(""));
            let kind = self.say(finding.kind.french(), finding.kind.english()).to_owned();
            self.row(&[line, column, kind, escape(self.say(&finding.message.french, &finding.message.english))]);
        }
        self.close_table(all.len().saturating_sub(ROWS));
    }

    fn methods(&mut self) {
        self.title("Méthodes", "Methods");
        let text = self.say(
            "<p>Les changements se décident sur les unités et les personnes qui y vivent, jamais sur le tracé. Un effectif est \
             réparti selon les personnes, en nombres entiers (plus forts restes) : rien ne se perd ni ne se crée. Un taux est \
             recalculé de son numérateur et de son dénominateur ; une médiane est refusée.</p><p>L’intervalle à 95 % suppose que \
             les cas tombent au hasard parmi les personnes (loi bêta-binomiale) et que les taux diffèrent à l’intérieur d’un \
             territoire autant qu’entre territoires, ce que la série elle-même mesure. Les sauts sont jugés contre le bruit de \
             leur propre série (t de Student sur les différences de logarithmes, taux de fausses découvertes selon Benjamini et \
             Hochberg) ; une rupture est dite visible à 5 %, et autre que celle attendue à 1 %.</p>",
            "<p>Changes are decided on units and the people in them, never on outlines. A count is shared by people, in whole \
             numbers (largest remainder): nothing is lost or made. A rate is worked out again from numerator and denominator; a \
             median is refused.</p><p>The 95% interval supposes that cases fall among people by chance (beta-binomial) and that \
             rates differ inside a territory as much as between territories, which the series itself tells. Jumps are judged \
             against the noise of their own series (Student's t on differences of logarithms, false discovery rate after \
             Benjamini and Hochberg); a break is said to be shown at 5%, other than expected at 1%.</p>",
        );
        self.html.push_str(text);
    }
}
