//! Reading a table of values, long or wide, and saying all that is wrong with it.

use std::collections::{HashMap, HashSet};

use super::cells::{
    Cell, Measure, SeriesFinding, SeriesFindingKind as Kind, SeriesKey, Table, TableCounts, Total, Value,
};
use super::codes::{Note, code_of_level, inferred, level_of_length};
use super::findings::Findings;
use super::layout::{Layout, layout, period};
use super::numbers::number;
use super::text::{Sheet, decode};
use super::words::{fold, is_total, is_withheld, measure};
use super::{MOST_PERIODS, MOST_PLACES};
use crate::domain::{Level, Place, Severity, TerritoryCode};
use crate::domain::{Words, both};
use crate::series::SeriesError;

/// What the reader is told beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// The level of every row, where the table has no column for it.
    pub level: Option<Level>,
    /// What the values are, where the table does not say.
    pub measure: Option<Measure>,
}

/// Gives each distinct text a number.
#[derive(Default)]
struct Interner {
    places: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
    last: u32,
}

impl Interner {
    fn place(&mut self, text: &str) -> u32 {
        // Neighbouring rows mostly repeat a text: worth a glance before hashing.
        if self.texts.get(self.last as usize).is_some_and(|last| &**last == text) {
            return self.last;
        }
        self.last = if let Some(&place) = self.places.get(text) {
            place
        } else {
            let place = self.texts.len() as u32;
            self.texts.push(text.into());
            self.places.insert(text.into(), place);
            place
        };
        self.last
    }
}

/// What is kept of a value until codes and series are known.
struct RawCell {
    period: u32,
    level_text: u32,
    code: u32,
    series: u32,
    value: Value,
    denominator: Option<f64>,
    line: u32,
    column: u16,
}

/// What is kept of a total until periods and series are known.
struct RawTotal {
    period: Box<str>,
    series: Box<str>,
    value: f64,
    line: u32,
    column: u16,
}

/// A table being read: its headers and what was found so far.
pub(super) struct Reader<'a> {
    file: &'a str,
    pub(super) columns: &'a [String],
    findings: Findings,
    counts: TableCounts,
    texts: Interner,
}

impl Reader<'_> {
    pub(super) fn find(&mut self, severity: Severity, kind: Kind, line: u64, column: usize, message: Words) {
        let place = Place {
            file: Some(self.file.to_owned()),
            line: (line > 0).then_some(line),
            column: self.columns.get(column).cloned(),
            ..Place::default()
        };
        self.findings.push(SeriesFinding { severity, kind, place, message });
    }

    fn value(&mut self, text: &str, line: u64, column: usize) -> Value {
        match number(text) {
            Some(read) => {
                if read.ambiguous {
                    let message = both!(
                        "« {text} » est lu {} : une virgule devant trois chiffres peut aussi marquer les milliers ; écrivez \
                         un point, ou pas de virgule",
                        "\"{text}\" was read as {}: a comma before three digits can also mark thousands; write a dot \
                         or no comma",
                        read.value
                    );
                    self.find(Severity::Note, Kind::AmbiguousNumber, line, column, message);
                }
                Value::Number(read.value, read.decimals)
            }
            None if is_withheld(text) => {
                let message = both!(
                    "« {text} » tient lieu d’une valeur masquée ou manquante : gardé et reporté tel quel",
                    "\"{text}\" stands for a value withheld or missing: kept and carried through"
                );
                self.find(Severity::Note, Kind::Suppressed, line, column, message);
                Value::Suppressed(self.texts.place(text))
            }
            None => {
                let message = both!(
                    "« {text} » n’est pas un nombre : gardé comme texte et reporté tel quel ; écrivez un nombre, x ou ..",
                    "\"{text}\" is no number: kept as a text and carried through; write a number, x or .."
                );
                self.find(Severity::Mended, Kind::BadValue, line, column, message);
                Value::Suppressed(self.texts.place(text))
            }
        }
    }
}

#[allow(clippy::too_many_lines, reason = "one pass over the rows, most of it sentences in two languages")]
pub(super) fn read_table(bytes: &[u8], file: &str, options: &TableOptions) -> Result<Table, SeriesError> {
    let (text, legacy) = decode(bytes);
    let sheet = Sheet::open(&text)?;
    let columns = sheet.headers().to_vec();
    let mut reader = Reader {
        file,
        columns: &columns,
        findings: Findings::default(),
        counts: TableCounts::default(),
        texts: Interner::default(),
    };
    if legacy {
        let message = both!(
            "le fichier n’est pas en UTF-8 : lu comme du Windows-1252",
            "the file is not UTF-8: read as Windows-1252"
        );
        reader.find(Severity::Note, Kind::Encoding, 0, usize::MAX, message);
    }
    let layout = layout(&mut reader)?;
    let (mut periods, mut codes, mut levels, mut series) =
        (Interner::default(), Interner::default(), Interner::default(), Interner::default());
    let mut raw: Vec<RawCell> = Vec::new();
    let mut totals: Vec<RawTotal> = Vec::new();
    let mut key = String::new();
    let mut percents: HashSet<u32> = HashSet::new();
    sheet.each_record(|line, record| {
        reader.counts.rows += 1;
        let field = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or("").trim();
        let code_text = field(Some(layout.code));
        if record.iter().all(|field| field.trim().is_empty()) {
            return Ok(());
        }
        let present = layout.values.iter().filter(|(column, _)| record.get(*column).is_some()).count().max(1) as u64;
        key.clear();
        for at in [layout.indicator, layout.age, layout.sex, layout.measure] {
            key.push_str(field(at));
            key.push('\u{1f}');
        }
        if is_total(code_text) || is_total(field(layout.level)) {
            reader.counts.values += present;
            reader.counts.totals += present;
            let (word, column) =
                if is_total(code_text) { (code_text, layout.code) } else { (field(layout.level), layout.level.unwrap_or(0)) };
            let message = both!(
                "« {word} » est un total parmi ses parties : mis de côté, il compterait deux fois ; la vérification le compare à \
                 leur somme",
                "\"{word}\" is a total beside its parts: set aside, it would count twice; the check holds it against their sum"
            );
            reader.find(Severity::Note, Kind::TotalRow, line, column, message);
            for (column, year) in &layout.values {
                if let Some(read) = record.get(*column).and_then(|text| number(text.trim())) {
                    totals.push(RawTotal {
                        period: year.as_deref().unwrap_or_else(|| field(layout.period)).into(),
                        series: key.as_str().into(),
                        value: read.value,
                        line: u32::try_from(line).unwrap_or(u32::MAX),
                        column: *column as u16,
                    });
                }
            }
            return Ok(());
        }
        let series = series.place(&key);
        let (code, level_text) = (codes.place(code_text), levels.place(field(layout.level)));
        let denominator_text = field(layout.denominator);
        let denominator = number(denominator_text).map(|read| read.value);
        if layout.denominator.is_some() && denominator.is_none() {
            let message = both!(
                "le dénominateur « {denominator_text} » n’est pas un nombre : la ligne n’en a pas",
                "denominator \"{denominator_text}\" is no number: the row has none"
            );
            reader.find(Severity::Note, Kind::Suppressed, line, layout.denominator.unwrap_or(0), message);
        }
        if denominator.is_some_and(|denominator| denominator < 0.0) {
            let message = both!(
                "le dénominateur « {denominator_text} » est négatif : les valeurs de la ligne sont mises de côté",
                "denominator \"{denominator_text}\" is negative: the row's values are set aside"
            );
            reader.find(Severity::Error, Kind::NegativeCount, line, layout.denominator.unwrap_or(0), message);
            reader.counts.values += present;
            reader.counts.set_aside += present;
            return Ok(());
        }
        for (column, year) in &layout.values {
            let Some(value_text) = record.get(*column).map(str::trim) else {
                let message = both!(
                    "la ligne finit avant cette colonne : valeur tenue pour manquante",
                    "the row ends before this column: value taken as missing"
                );
                reader.find(Severity::Note, Kind::Suppressed, line, *column, message);
                continue;
            };
            reader.counts.values += 1;
            let status = field(layout.status);
            let shown = if value_text.is_empty() && !status.is_empty() { status } else { value_text };
            let value = reader.value(shown, line, *column);
            if value_text.ends_with('%') && value.number().is_some() {
                percents.insert(series);
            }
            let period = periods.place(year.as_deref().unwrap_or_else(|| field(layout.period)));
            raw.push(RawCell {
                period,
                level_text,
                code,
                series,
                value,
                denominator,
                line: u32::try_from(line).unwrap_or(u32::MAX),
                column: *column as u16,
            });
        }
        Ok(())
    })?;
    let (of_periods, of_codes) = (periods.texts.len(), codes.texts.len());
    if of_periods > MOST_PERIODS || of_periods * of_codes > MOST_PLACES {
        return Err(SeriesError::TooLarge { periods: of_periods, codes: of_codes });
    }
    let fixed_level = options.level.or(layout.header_level);
    let finished = Finish { layout: &layout, fixed_level, options, percents: &percents };
    let mut table = finished.table(reader, (raw, totals), &periods, &codes, &levels, &series);
    table.columns = columns;
    Ok(table)
}

struct Finish<'a> {
    layout: &'a Layout,
    fixed_level: Option<Level>,
    options: &'a TableOptions,
    /// Series whose values are written with a percent sign.
    percents: &'a HashSet<u32>,
}

impl Finish<'_> {
    #[allow(clippy::too_many_lines, reason = "one pass over the cells, most of it sentences in two languages")]
    fn table(
        &self,
        mut reader: Reader,
        (raw, totals): (Vec<RawCell>, Vec<RawTotal>),
        periods: &Interner,
        codes: &Interner,
        levels: &Interner,
        series: &Interner,
    ) -> Table {
        let (period_list, period_of) = sorted(periods.texts.iter().map(|text| period(text)));
        let keys = self.keys(&mut reader, series, &raw);
        let (key_list, key_of) = sorted(keys.into_iter().map(Some));
        let resolved = self.resolve_codes(codes, levels, &raw);
        let (code_list, code_of) =
            sorted(resolved.values().map(|found| found.as_ref().ok().map(|found| found.1.clone())));
        let place_of_pair: HashMap<(u32, u32), Option<u32>> = resolved.keys().copied().zip(code_of).collect();
        let table_level = majority(&raw, &resolved);
        let totals = placed_totals(&totals, (periods, &period_of), (series, &key_of));
        let mut cells = Vec::with_capacity(raw.len());
        for cell in raw {
            let line = u64::from(cell.line);
            let column = usize::from(cell.column);
            let Some(period) = period_of[cell.period as usize] else {
                let text = &periods.texts[cell.period as usize];
                let message = both!(
                    "la période « {text} » n’a pas d’année : mise de côté ; écrivez une année, par exemple 2021",
                    "period \"{text}\" has no year: set aside; write a year such as 2021"
                );
                reader.counts.set_aside += 1;
                reader.find(Severity::Error, Kind::BadPeriod, line, self.layout.period.unwrap_or(column), message);
                continue;
            };
            let pair = (cell.level_text, cell.code);
            let level = match &resolved[&pair] {
                Ok((level, _, note)) => {
                    if let Some((kind, message)) = note {
                        reader.find(Severity::Mended, *kind, line, self.layout.code, message.clone());
                    }
                    *level
                }
                Err((kind, message)) => {
                    reader.counts.set_aside += 1;
                    reader.find(Severity::Error, *kind, line, self.layout.code, message.clone());
                    continue;
                }
            };
            let code = place_of_pair[&pair].unwrap_or_default();
            if self.layout.level.is_none() && Some(level) != table_level {
                let found = &code_list[code as usize];
                let message = both!(
                    "le code « {found} » est du niveau {} dans un tableau de niveau {} : gardé à son niveau, jamais ajouté à l’autre",
                    "code \"{found}\" is of level {} in a table of level {}: kept at its own level, never added to it",
                    level.acronym(),
                    table_level.map_or("?", Level::acronym)
                );
                reader.find(Severity::Note, Kind::OtherLevel, line, self.layout.code, message);
            }
            let key = key_of[cell.series as usize].unwrap_or_default();
            if cell.value.number().is_some_and(|value| value < 0.0) && key_list[key as usize].measure == Measure::Count
            {
                let value = cell.value.number().unwrap_or_default();
                let message = both!(
                    "l’effectif « {value} » est négatif : mis de côté",
                    "count \"{value}\" is negative: set aside"
                );
                reader.counts.set_aside += 1;
                reader.find(Severity::Error, Kind::NegativeCount, line, column, message);
                continue;
            }
            cells.push(Cell {
                series: key,
                level,
                period: period as u16,
                code,
                value: cell.value,
                denominator: cell.denominator,
                line: cell.line,
                column: cell.column,
            });
        }
        let place = |cell: &Cell| (cell.series, cell.level, cell.period, cell.code);
        cells.sort_by_key(|cell| (place(cell), cell.line, cell.column));
        let mut first: Option<Cell> = None;
        cells.retain(|cell| {
            if let Some(first) = first.filter(|first| place(first) == place(cell)) {
                reader.counts.set_aside += 1;
                let message = both!(
                    "la même cellule ({} {}, {}) est déjà à la ligne {} : celle-ci est mise de côté",
                    "the same cell ({} {}, {}) stands on line {} already: this one is set aside",
                    cell.level.acronym(),
                    code_list[cell.code as usize],
                    period_list[usize::from(cell.period)].label,
                    first.line
                );
                let column = usize::from(cell.column);
                reader.find(Severity::Error, Kind::DuplicateCell, u64::from(cell.line), column, message);
                false
            } else {
                first = Some(*cell);
                true
            }
        });
        reader.counts.kept = cells.len() as u64;
        reader.counts.suppressed = cells.iter().filter(|cell| cell.value.number().is_none()).count() as u64;
        let (mut findings, findings_beyond) = reader.findings.into_parts();
        findings.sort_by_key(|finding| finding.place.line);
        Table {
            file: reader.file.to_owned(),
            columns: Vec::new(),
            periods: period_list,
            codes: code_list,
            series: key_list,
            texts: reader.texts.texts.iter().map(ToString::to_string).collect(),
            cells,
            totals,
            rate_per: self.layout.rate_per.or((!self.percents.is_empty()).then_some(100.0)),
            findings,
            findings_beyond,
            counts: reader.counts,
        }
    }

    /// What each series is: told, or by its own column, its header, its indicator's name; else a count.
    fn keys(&self, reader: &mut Reader, series: &Interner, raw: &[RawCell]) -> Vec<SeriesKey> {
        let mut decimals = vec![None; series.texts.len()];
        for cell in raw {
            if let Value::Number(value, _) = cell.value
                && value.fract() != 0.0
            {
                decimals[cell.series as usize].get_or_insert((cell.line, cell.column));
            }
        }
        let mut keys = Vec::new();
        for ((place, text), decimals) in (0_u32..).zip(&series.texts).zip(decimals) {
            let parts: Vec<&str> = text.split('\u{1f}').collect();
            let percent = self.percents.contains(&place);
            let stated = measure(&fold(parts[3])).or(self.options.measure).or(self.layout.header_measure);
            let named = measure(&fold(parts[0])).filter(|&measure| measure != Measure::Count);
            let (indicator, age, sex) = (parts[0].to_owned(), parts[1].to_owned(), parts[2].to_owned());
            let by_sign = percent.then_some(Measure::Rate);
            let key =
                SeriesKey { indicator, age, sex, measure: stated.or(named).or(by_sign).unwrap_or(Measure::Count) };
            if stated.is_none() && named.is_none() && percent {
                let message = both!(
                    "la série « {} » est tenue pour un taux : ses valeurs portent un signe de pourcentage",
                    "series \"{}\" is taken as a rate: its values bear a percent sign",
                    key.label()
                );
                reader.find(Severity::Note, Kind::InferredMeasure, 0, usize::MAX, message);
            } else if stated.is_none() && (named.is_some() || decimals.is_some()) {
                let (line, column) = decimals.unwrap_or((0, 0));
                let message = inferred(&key, named.is_some());
                reader.find(Severity::Note, Kind::InferredMeasure, u64::from(line), usize::from(column), message);
            }
            keys.push(key);
        }
        keys
    }

    fn resolve_codes(&self, codes: &Interner, levels: &Interner, raw: &[RawCell]) -> ResolvedCodes {
        // Codes of regions 01 to 09 all start with 0: where none does, zeros were lost rather than levels mixed.
        let zeros_lost = self.layout.level.is_none()
            && codes.texts.iter().any(|code| code.len() == 5)
            && !codes.texts.iter().any(|code| code.starts_with('0'));
        let zeros_kept = codes.texts.iter().any(|code| code.starts_with('0'));
        let mut resolved = ResolvedCodes::new();
        for cell in raw {
            resolved.entry((cell.level_text, cell.code)).or_insert_with(|| {
                let text = codes.texts[cell.code as usize].trim();
                let text = text.get(9..).filter(|_| text.get(4..9) == Some("S0512")).unwrap_or(text);
                let stated = &levels.texts[cell.level_text as usize];
                let level = if stated.is_empty() {
                    self.fixed_level
                } else {
                    let parsed = stated.parse::<Level>().map_err(|error| {
                        let message = Words::new(
                            format!("niveau « {stated} » inconnu : CLSC, RLS, RTS, RSS, RUISSS ou AD ; mis de côté"),
                            format!("{error}: set aside"),
                        );
                        (Kind::BadCode, message)
                    });
                    Some(parsed?)
                };
                match level {
                    Some(level) => code_of_level(level, text, zeros_kept),
                    None if zeros_lost && text.len() == 4 => code_of_level(Level::Clsc, text, false),
                    None => {
                        let level = level_of_length(text).ok_or_else(|| {
                            let message = both!(
                                "« {text} » n’est un code d’aucun niveau : mis de côté ; un code a de 1 (RUISSS) à 5 (CLSC) \
                                 chiffres, 8 pour une aire de diffusion",
                                "\"{text}\" is no code of any level: set aside; codes have 1 (RUISSS) to 5 (CLSC) \
                                 digits, 8 for a dissemination area"
                            );
                            (Kind::BadCode, message)
                        })?;
                        code_of_level(level, text, zeros_kept)
                    }
                }
            });
        }
        resolved
    }
}

/// The totals of periods and series that some value is kept of.
fn placed_totals(
    totals: &[RawTotal],
    (periods, period_of): (&Interner, &[Option<u32>]),
    (series, key_of): (&Interner, &[Option<u32>]),
) -> Vec<Total> {
    let placed = totals.iter().map(|total| {
        Some(Total {
            series: key_of[*series.places.get(&total.series)? as usize]?,
            period: period_of[*periods.places.get(&total.period)? as usize]? as u16,
            value: total.value,
            line: total.line,
            column: total.column,
        })
    });
    placed.flatten().collect()
}

type ResolvedCodes = std::collections::BTreeMap<(u32, u32), Result<(Level, TerritoryCode, Option<Note>), Note>>;

fn majority(raw: &[RawCell], resolved: &ResolvedCodes) -> Option<Level> {
    let mut counts: HashMap<Level, usize> = HashMap::new();
    for cell in raw {
        if let Ok((level, ..)) = &resolved[&(cell.level_text, cell.code)] {
            *counts.entry(*level).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|&(level, count)| (count, std::cmp::Reverse(level))).map(|(level, _)| level)
}

/// The distinct values in order, and the place of each input in that list.
fn sorted<T: Ord + Clone>(values: impl Iterator<Item = Option<T>>) -> (Vec<T>, Vec<Option<u32>>) {
    let values: Vec<Option<T>> = values.collect();
    let mut list: Vec<T> = values.iter().flatten().cloned().collect();
    list.sort();
    list.dedup();
    let places =
        values.iter().map(|value| value.as_ref().and_then(|value| list.binary_search(value).ok()).map(|at| at as u32));
    let places = places.collect();
    (list, places)
}
