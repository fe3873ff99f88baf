//! Reading a table of values, long or wide, and saying all that is wrong with it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::cells::{
    Cell, Measure, SeriesFinding, SeriesFindingKind as Kind, SeriesKey, Table, TableCounts, Total, Value,
};
use super::codes::{Known as KnownCodes, Note, ShortCodes, code_of_level, inferred, level_of_length, repaired};
use super::findings::Findings;
use super::layout::{Layout, layout, period};
use super::words::{fold, is_total, measure};
use super::{MOST_PERIODS, MOST_PLACES};
use crate::domain::{FindingKind, Level, Place, Severity, TerritoryCode};
use crate::domain::{Words, both};
use crate::series::SeriesError;
use crate::tables::Repair;
use crate::tables::codes::{plain_code, unit_id};
use crate::tables::numbers::{is_withheld, number};
use crate::tables::{ColumnMap, ColumnsUsed, ReadOptions, Table as Rows, TableError};

/// What the reader is told beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// The level of every row, where the table has no column for it.
    pub level: Option<Level>,
    /// What the values are, where the table does not say.
    pub measure: Option<Measure>,
    /// The codes that there are, where they are known: what a code without a stated level is told by.
    pub known: KnownCodes,
    /// Columns that are named, by the words of [`COLUMN_WORDS`](super::layout::COLUMN_WORDS).
    pub columns: ColumnMap,
    /// Label of its encoding.
    pub encoding: Option<String>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
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
    pub(super) file: &'a str,
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
    let names = options.columns.names();
    let asked = ReadOptions {
        encoding: options.encoding.as_deref(),
        sheet: options.sheet.as_deref(),
        header_row: None,
        names: &names,
    };
    let mut source = Rows::of_bytes(bytes.to_vec(), Path::new(file), &asked)?;
    let columns = source.column_names().to_vec();
    let mut reader = Reader {
        file,
        columns: &columns,
        findings: Findings::default(),
        counts: TableCounts::default(),
        texts: Interner::default(),
    };
    for finding in source.take_findings() {
        let kind = if finding.kind == FindingKind::Encoding { Kind::Encoding } else { Kind::BadValue };
        let message = Words::new(finding.message_fr, finding.message);
        reader.find(finding.severity, kind, finding.place.line.unwrap_or(0), usize::MAX, message);
    }
    let layout = layout(&mut reader, &options.columns)?;
    let (mut periods, mut codes, mut levels, mut series) =
        (Interner::default(), Interner::default(), Interner::default(), Interner::default());
    let mut raw: Vec<RawCell> = Vec::new();
    let mut totals: Vec<RawTotal> = Vec::new();
    let mut key = String::new();
    let mut percents: HashSet<u32> = HashSet::new();
    source.for_each_row(|record| {
        let line = record.line();
        reader.counts.rows += 1;
        let field = |at: Option<usize>| at.map_or("", |at| record.field(at));
        let code_text = field(Some(layout.code));
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
            return;
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
            return;
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
    });
    let (of_periods, of_codes) = (periods.texts.len(), codes.texts.len());
    if of_periods > MOST_PERIODS || of_periods * of_codes > MOST_PLACES {
        return Err(SeriesError::TooLarge { periods: of_periods, codes: of_codes });
    }
    let fixed_level = options.level.or(layout.header_level);
    let finished = Finish { layout: &layout, fixed_level, options, percents: &percents };
    let mut table = finished.table(reader, (raw, totals), &periods, &codes, &levels, &series);
    if let Some((theirs, ours)) = options.known.strangers(&table) {
        return Err(TableError::NoMatch {
            path: file.to_owned(),
            what: both!("un territoire", "a territory"),
            column: columns[layout.code].clone(),
            theirs,
            ours,
        }
        .into());
    }
    table.columns_used = layout.used(&columns);
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
        let (resolved, named) = self.resolve_codes(codes, levels, &raw);
        if let Some((level, count)) = named {
            let message = both!(
                "des territoires sont donnés par leur nom : {count} noms lus comme ceux de {}",
                "territories are given by name: {count} names read as those of {}",
                level.acronym()
            );
            reader.find(Severity::Note, Kind::NameRead, 0, self.layout.code, message);
        }
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
            columns_used: ColumnsUsed::default(),
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

    /// The code of each text, and how many texts were names of which level.
    fn resolve_codes(
        &self,
        codes: &Interner,
        levels: &Interner,
        raw: &[RawCell],
    ) -> (ResolvedCodes, Option<(Level, usize)>) {
        let known = &self.options.known;
        let names = || codes.texts.iter().map(|text| &**text).filter(|text| is_name(text));
        let level_of_names = known.level_of_names(&names());
        let mut named: BTreeMap<Level, BTreeSet<u32>> = BTreeMap::new();
        let plain: Vec<(Cow<'_, str>, Repair)> = codes.texts.iter().map(|text| plain_code(text)).collect();
        let of_unit = |code: u32| unit_id(&codes.texts[code as usize]);
        let zeros_kept = plain.iter().any(|(code, _)| code.starts_with('0'));
        let without_level = |cell: &&RawCell| levels.texts[cell.level_text as usize].is_empty();
        let short = if self.fixed_level.is_none() {
            let open: BTreeSet<u32> = raw.iter().filter(without_level).map(|cell| cell.code).collect();
            ShortCodes::of(open.into_iter().map(|code| &*plain[code as usize].0), &self.options.known)
        } else {
            ShortCodes::default()
        };
        let mut resolved = ResolvedCodes::new();
        for cell in raw {
            resolved.entry((cell.level_text, cell.code)).or_insert_with(|| {
                let (text, repair) = &plain[cell.code as usize];
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
                let given = &*codes.texts[cell.code as usize];
                if let Some(level) = level.or(level_of_names).filter(|_| is_name(given))
                    && let Some(found) = known.code_of_name(level, given)
                {
                    if found.is_ok() {
                        named.entry(level).or_default().insert(cell.code);
                    }
                    return found.map(|code| (level, code, None));
                }
                let (id, unit_repair) = of_unit(cell.code);
                let (text, repair) = if level == Some(Level::Da) || level_of_length(&id) == Some(Level::Da) {
                    (&id, unit_repair)
                } else {
                    (text, *repair)
                };
                let read = match level {
                    Some(level) => {
                        let may_lack_zero = |mended: &str| !zeros_kept || known.holds(level, mended);
                        code_of_level(level, text, may_lack_zero)
                    }
                    None => short.read(text, zeros_kept),
                };
                // A zero put back is said anyway; what a program made of the code is said where that is all.
                read.map(|(level, code, note)| {
                    let note = note.or_else(|| repaired(repair, given, code.as_str()));
                    (level, code, note)
                })
            });
        }
        let most = named.into_iter().map(|(level, texts)| (level, texts.len())).max_by_key(|&(_, count)| count);
        (resolved, most)
    }
}

/// Whether a text can be a name: it starts with a letter, which no code does, and two stand side by side.
fn is_name(text: &str) -> bool {
    let letters: Vec<bool> = text.chars().map(char::is_alphabetic).collect();
    text.chars().find(|sign| sign.is_alphanumeric()).is_some_and(char::is_alphabetic)
        && letters.windows(2).any(|pair| pair[0] && pair[1])
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
