//! One page for people: charts, breaks, verdicts, tests and methods; self-contained and made to be printed.

use std::collections::{BTreeMap, HashSet};

use maud::{Markup, html};

use crate::domain::{Language, Level, Term, TerritoryCode};
use crate::pages::{Band, Cell, Frame, LineChart, Noun, ROWS, Table};
use crate::series::bridge::{Bridge, BridgedCell, Method};
use crate::series::compare::Timeline;
use crate::series::table::Table as Series;
use crate::series::verdict::{Check, Coding, Verdict};

/// Charts drawn at most; how many more there are is said.
const MOST_CHARTS: usize = 60;
/// Rows of a table written at most; how many more there are is said.
const MOST_ROWS: usize = 500;

/// Series of a territory.
const SERIES: Noun = Noun::new(("série", "séries"), ("series", "series"));

/// Writes the report of a table checked and bridged on the edition at `target` in the timeline.
///
/// The page loads nothing. Long tables and charts beyond the first are counted, never left out in silence.
#[must_use]
pub fn report(
    table: &Series,
    timeline: &Timeline,
    target: usize,
    check: &Check,
    bridge: &Bridge,
    language: Language,
) -> String {
    let report = Report { table, timeline, target, check, bridge, language };
    let title = report.say("Ruptures et raccordement de séries", "Series breaks and bridging");
    let body = html! {
        (report.head(title))
        (report.codings())
        (report.charts())
        (report.breaks())
        (report.verdicts())
        (report.tests())
        (report.findings())
        (report.methods())
    };
    Frame { language, title }.file(&body)
}

struct Report<'a> {
    table: &'a Series,
    timeline: &'a Timeline<'a>,
    target: usize,
    check: &'a Check,
    bridge: &'a Bridge,
    language: Language,
}

impl<'a> Report<'a> {
    fn say(&self, french: &'static str, english: &'static str) -> &'static str {
        self.language.pick(french, english)
    }

    fn count(&self, value: usize) -> String {
        self.language.whole(value as u64)
    }

    fn table(&self, columns: &[Term]) -> Table {
        let names: Vec<&str> = columns.iter().map(|term| term.pick(self.language)).collect();
        Table::new(&names)
    }

    /// How many of `noun` there are beyond what is written.
    fn left_out(&self, all: usize, most: usize, noun: Noun) -> Markup {
        let more = all.saturating_sub(most);
        html! {
            @if more > 0 {
                p class="aside" {
                    (noun.count(more as u64, self.language)) " "
                    (self.say("de plus, non reproduites ici.", "more, not written here."))
                }
            }
        }
    }

    fn head(&self, title: &str) -> Markup {
        let (language, edition) = (self.language, &self.timeline.editions[self.target].edition.header);
        let counts = self.table.counts;
        let kept = self.bridge.conservation.iter().filter(|kept| kept.holds()).count();
        let verdicts: Vec<String> = (self.check.counts().iter())
            .map(|(verdict, count)| format!("{} {}", self.count(*count), verdict.words().pick(language)))
            .collect();
        let mut facts = Table::of_facts();
        let rows = [
            (Term::new("Valeurs lues", "Values read"), self.count(counts.values as usize)),
            (
                Term::new("mises de côté (voir plus bas)", "set aside (see below)"),
                self.count(counts.set_aside as usize),
            ),
            (
                Term::new("masquées ou manquantes, conservées", "withheld or missing, kept"),
                self.count(counts.suppressed as usize),
            ),
            (Term::same("Verdicts"), verdicts.join(" · ")),
            (
                Term::new("Totaux conservés à l’unité près", "Totals conserved to the unit"),
                format!("{} / {}", self.count(kept), self.count(self.bridge.conservation.len())),
            ),
            (Term::new("Sommes de niveaux vérifiées", "Sums of levels checked"), self.count(self.check.sums_checked)),
        ];
        for (name, value) in rows {
            facts.row([Cell::text(name.pick(language)), Cell::text(&value)]);
        }
        html! {
            header {
                h1 { (title) }
                p {
                    (self.table.file) " · " (self.say("sur l’édition", "on edition")) " "
                    (language.quoted(&edition.label)) " (" (language.day(edition.valid_from)) ")"
                }
            }
            (facts)
        }
    }

    fn codings(&self) -> Markup {
        let mut table = self.table(&[
            Term::new("Périodes", "Periods"),
            Term::new("Édition", "Edition"),
            Term::new("Comment on le sait", "How it is known"),
        ]);
        let alike = |a: &Coding, b: &Coding| (a.place, a.basis, &a.also_fits) == (b.place, b.basis, &b.also_fits);
        for run in self.check.codings.chunk_by(alike) {
            let (first, last) = (&run[0], &run[run.len() - 1]);
            let periods =
                if run.len() == 1 { first.period.clone() } else { format!("{} – {}", first.period, last.period) };
            table.row([
                Cell::text(&periods),
                Cell::text(first.edition.as_deref().unwrap_or("—")),
                Cell::text(&first.how(self.timeline.editions.len() == 1, self.language)),
            ]);
        }
        html! { h2 { (self.say("Édition de chaque période", "Edition of each period")) } (table) }
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

    fn charts(&self) -> Markup {
        let touched = self.touched();
        let total = touched.len();
        let mut published = BTreeMap::new();
        for (at, cell) in self.table.cells.iter().enumerate() {
            if cell.level != Level::Da {
                published.insert((cell.series, cell.level, cell.period, cell.code), at);
            }
        }
        let key = [
            ("published", self.say("publiée", "published")),
            ("bridged", self.say("raccordée", "bridged")),
            ("band", self.say("intervalle à 95\u{a0}%", "95% interval")),
            ("break", self.say("rupture", "break")),
        ];
        html! {
            h2 { (self.say("Séries touchées", "Series touched")) }
            p class="key" {
                @for (class, text) in key {
                    span { svg viewBox="0 0 18 6" aria-hidden="true" { line class=(class) x1="0" x2="18" y1="3" y2="3" stroke-width="3" {} } (text) }
                }
                span class="aside" {
                    (self.say(
                        "L’axe vertical ne part pas toujours de zéro.",
                        "The vertical axis does not always start at zero.",
                    ))
                }
            }
            div class="charts" {
                @for ((level, place, series), cells) in touched.into_iter().take(MOST_CHARTS) {
                    (self.figure((level, place, series), &cells, &published))
                }
            }
            (self.left_out(total, MOST_CHARTS, SERIES))
        }
    }

    fn figure(
        &self,
        (level, place, series): (Level, u16, u32),
        cells: &[&BridgedCell],
        published: &BTreeMap<(u32, Level, u16, u32), usize>,
    ) -> Markup {
        let territory = &self.timeline.editions[self.target].edition.hierarchy.territories(level)[usize::from(place)];
        let code = self.table.codes.binary_search(&territory.code).ok().map(|code| code as u32);
        let periods = self.table.periods.len();
        let name = format!("{} {} {}", level.acronym(), territory.code, territory.name);
        let label = self.table.series[series as usize].label();
        let mut chart = LineChart {
            title: format!("{name}, {label}"),
            labels: self.table.periods.iter().map(|period| period.label.clone()).collect(),
            published: vec![None; periods],
            bridged: vec![None; periods],
            bands: vec![None; periods],
            breaks: Vec::new(),
        };
        for cell in cells {
            let period = usize::from(cell.period);
            chart.bridged[period] = cell.value;
            chart.bands[period] = cell.interval.map(|interval| Band { low: interval.low, high: interval.high });
        }
        for period in 0..periods {
            let at = code.and_then(|code| published.get(&(series, level, period as u16, code)));
            chart.published[period] = at.and_then(|&at| self.table.cells[at].value.number());
            if period > 0 && self.breaks_at(period, level, &territory.code) {
                chart.breaks.push(period);
            }
        }
        html! {
            figure {
                figcaption { (name) " " span class="aside" { (label) } }
                (chart.svg(self.language))
            }
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

    fn breaks(&self) -> Markup {
        let language = self.language;
        let mut table = self.table(&[
            Term::new("Territoire", "Territory"),
            Term::same("Date"),
            Term::same("Cause"),
            Term::new("Sorties", "Left"),
            Term::new("Entrées", "Came"),
            Term::new("Successeurs", "Successors"),
        ]);
        // The same break stands once for every edition that values before it are coded in.
        let mut seen = HashSet::new();
        let mut breaks: Vec<_> = self.check.breaks.iter().collect();
        breaks.retain(|found| seen.insert((found.level, &found.code, found.date, found.people_out, found.people_in)));
        let people = |people: u64, share: f64| {
            Cell::number(&format!("{} ({})", language.whole(people), language.percent(share)))
        };
        for found in breaks.iter().take(MOST_ROWS) {
            let successors: Vec<&str> = found.successors.iter().map(TerritoryCode::as_str).collect();
            table.row([
                Cell::text(&format!("{} {} {}", found.level.acronym(), found.code, found.name)),
                Cell::text(&language.day(found.date)),
                Cell::text(found.cause.words().pick(language)),
                people(found.people_out, found.share_out),
                people(found.people_in, found.share_in),
                Cell::text(&successors.join(", ")),
            ]);
        }
        html! {
            h2 { (self.say("Ruptures territoriales", "Territorial breaks")) }
            (table)
            (self.left_out(breaks.len(), MOST_ROWS, ROWS))
        }
    }

    fn verdicts(&self) -> Markup {
        let language = self.language;
        let mut groups: BTreeMap<_, (Vec<u16>, usize)> = BTreeMap::new();
        for (cell, said) in self.table.cells.iter().zip(&self.check.verdicts) {
            if said.verdict != Verdict::Unaffected {
                let group = groups.entry((cell.level, cell.code, cell.series, said.verdict, said.reason)).or_default();
                group.0.push(cell.period);
                group.1 += 1;
            }
        }
        let mut table = self.table(&[
            Term::new("Territoire", "Territory"),
            Term::new("Série", "Series"),
            Term::same("Verdict"),
            Term::new("Raison", "Reason"),
            Term::new("Périodes", "Periods"),
            Term::new("Valeurs", "Values"),
        ]);
        let total = groups.len();
        for ((level, code, series, verdict, reason), (periods, count)) in groups.into_iter().take(MOST_ROWS) {
            let label = |at: u16| self.table.periods[usize::from(at)].label.as_str();
            let span = match (periods.iter().min(), periods.iter().max()) {
                (Some(first), Some(last)) if first != last => format!("{} – {}", label(*first), label(*last)),
                (Some(only), _) => label(*only).to_owned(),
                _ => String::new(),
            };
            table.row([
                Cell::text(&format!("{} {}", level.acronym(), self.table.codes[code as usize])),
                Cell::text(&self.table.series[series as usize].label()),
                Cell::text(verdict.words().pick(language)),
                Cell::text(reason.words().pick(language)),
                Cell::text(&span),
                Cell::number(&self.count(count)),
            ]);
        }
        html! { h2 { "Verdicts" } (table) (self.left_out(total, MOST_ROWS, ROWS)) }
    }

    fn tests(&self) -> Markup {
        let language = self.language;
        let mut table = self.table(&[
            Term::new("Territoire", "Territory"),
            Term::new("Série", "Series"),
            Term::new("Période", "Period"),
            Term::new("Constat", "Finding"),
            Term::new("Rapport observé", "Ratio observed"),
            Term::new("attendu", "expected"),
            Term::same("p"),
        ]);
        let jump_words = Term::new("saut sans cause territoriale", "jump without territorial cause");
        let jumps = self
            .check
            .jumps
            .iter()
            .map(|jump| (jump.level, &jump.code, jump.series, &jump.period, jump_words, jump.ratio, None, jump.p));
        let tests = self.check.tests.iter().map(|test| {
            let (shown, expected) = (test.shown.words(), Some(test.expected));
            (test.level, &test.code, test.series, &test.period, shown, test.observed, expected, test.p_no_jump)
        });
        for (level, code, series, period, said, observed, expected, p) in jumps.chain(tests).take(MOST_ROWS) {
            table.row([
                Cell::text(&format!("{} {code}", level.acronym())),
                Cell::text(&self.table.series[series as usize].label()),
                Cell::text(period),
                Cell::text(said.pick(language)),
                Cell::number(&language.decimal(observed, 3)),
                Cell::number(&expected.map_or_else(String::new, |expected| language.decimal(expected, 3))),
                Cell::number(&language.probability(p)),
            ]);
        }
        html! {
            h2 { (self.say("Ce que disent les valeurs", "What the values say")) }
            (table)
            (self.left_out(self.check.jumps.len() + self.check.tests.len(), MOST_ROWS, ROWS))
        }
    }

    fn findings(&self) -> Markup {
        let all: Vec<_> = self.table.findings.iter().chain(&self.check.findings).chain(&self.bridge.findings).collect();
        let mut table = self.table(&[
            Term::new("Ligne", "Line"),
            Term::new("Colonne", "Column"),
            Term::new("Constat", "Finding"),
            Term::new("Détail", "Detail"),
        ]);
        for finding in all.iter().take(MOST_ROWS) {
            table.row([
                Cell::text(&finding.place.line.map_or_else(String::new, |line| line.to_string())),
                Cell::text(finding.place.column.as_deref().unwrap_or_default()),
                Cell::text(finding.kind.words().pick(self.language)),
                Cell::text(finding.message.pick(self.language)),
            ]);
        }
        html! {
            h2 { (self.say("Constats sur les données", "Findings about the data")) }
            @if all.is_empty() {
                p { (self.say("Aucun.", "None.")) }
            } @else {
                (table)
                (self.left_out(all.len(), MOST_ROWS, ROWS))
            }
        }
    }

    fn methods(&self) -> Markup {
        let paragraphs = [
            self.say(
                "Les changements se décident sur les unités et les personnes qui y vivent, jamais sur le tracé. Un effectif \
                 est réparti selon les personnes, en nombres entiers (plus forts restes) : rien ne se perd ni ne se crée. Un \
                 taux est recalculé de son numérateur et de son dénominateur ; une médiane est refusée.",
                "Changes are decided on units and the people in them, never on outlines. A count is shared by people, in \
                 whole numbers (largest remainder): nothing is lost or made. A rate is worked out again from numerator and \
                 denominator; a median is refused.",
            ),
            self.say(
                "L’intervalle à 95\u{a0}% suppose que les cas tombent au hasard parmi les personnes (loi bêta-binomiale) et \
                 que les taux diffèrent à l’intérieur d’un territoire autant qu’entre territoires, ce que la série elle-même \
                 mesure. Les sauts sont jugés contre le bruit de leur propre série (t de Student sur les différences de \
                 logarithmes, taux de fausses découvertes selon Benjamini et Hochberg) ; une rupture est dite visible à \
                 5\u{a0}%, et autre que celle attendue à 1\u{a0}%.",
                "The 95% interval supposes that cases fall among people by chance (beta-binomial) and that rates differ \
                 inside a territory as much as between territories, which the series itself tells. Jumps are judged against \
                 the noise of their own series (Student's t on differences of logarithms, false discovery rate after \
                 Benjamini and Hochberg); a break is said to be shown at 5%, other than expected at 1%.",
            ),
        ];
        html! {
            h2 { (self.say("Méthodes", "Methods")) }
            @for text in paragraphs { p { (text) } }
        }
    }
}
