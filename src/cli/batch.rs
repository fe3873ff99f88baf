//! `rattache batch`.

use std::io::{self, IsTerminal as _, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use clap::Args;

use super::CliError;
use super::args::Source as AtlasSource;
use super::revision::args::Draft;
use super::terminal::shown;
use super::words::say;
use crate::batch::{
    About, ArrowConversion, BatchError, Checkpoint, Column, ColumnUse, Conversion, Encoding, FileKind, Format, Job,
    NamedColumns, Opening, Options, OutputKind, PartFile, Sink, Source, Summary, Tally, check_output, convert,
    convert_arrow, fingerprint, is_arrow_stream, kind_of, table_schema, with_source,
};
use crate::catalogue::EditionSet;
use crate::domain::{Date, Language, Words, both};
use crate::import::Crs;
use crate::tables::ColumnsUsed;

/// Arguments of `batch`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that is typed")]
pub struct BatchArgs {
    /// File to attach: CSV (, ; tab |) or NDJSON, as it is, .gz or .zip; Excel (.xlsx); Parquet; an Arrow stream; "-" for
    /// standard input.
    #[arg(value_name = "FILE")]
    pub input: PathBuf,
    /// Where to write it: .gz packs it, .xlsx, .parquet and .arrows make it Excel, Parquet or an Arrow stream; standard output
    /// where it is left out or "-".
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Which atlas and edition.
    #[command(flatten)]
    pub source: AtlasSource,
    /// Or which revision.
    #[command(flatten)]
    pub draft: Draft,
    /// Column with the day whose edition answers, YYYY-MM-DD, row by row.
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["as_of", "edition", "revision"])]
    pub as_of_column: Option<String>,
    /// Column with the latitude; found by its usual names otherwise, as are the others.
    #[arg(long, value_name = "COLUMN")]
    pub lat_column: Option<String>,
    /// Column with the longitude.
    #[arg(long, value_name = "COLUMN")]
    pub lon_column: Option<String>,
    /// Column with the easting, with --crs.
    #[arg(long, value_name = "COLUMN")]
    pub x_column: Option<String>,
    /// Column with the northing, with --crs.
    #[arg(long, value_name = "COLUMN")]
    pub y_column: Option<String>,
    /// Column with the address.
    #[arg(long, value_name = "COLUMN")]
    pub address_column: Option<String>,
    /// Column with the civic number.
    #[arg(long, value_name = "COLUMN")]
    pub civic_column: Option<String>,
    /// Column with the suffix of the civic number.
    #[arg(long, value_name = "COLUMN")]
    pub suffix_column: Option<String>,
    /// Column with the unit in the building.
    #[arg(long, value_name = "COLUMN")]
    pub unit_column: Option<String>,
    /// Column with the street.
    #[arg(long, value_name = "COLUMN")]
    pub street_column: Option<String>,
    /// Column with the city.
    #[arg(long, value_name = "COLUMN")]
    pub city_column: Option<String>,
    /// Column with the province.
    #[arg(long, value_name = "COLUMN")]
    pub province_column: Option<String>,
    /// Column with the postal code.
    #[arg(long, value_name = "COLUMN")]
    pub postal_code_column: Option<String>,
    /// Coordinate system of x and y, such as EPSG:32198.
    #[arg(long, value_name = "CRS")]
    pub crs: Option<String>,
    /// Stated error of the coordinates, metres: rows whose limit is that near are `near_border`.
    #[arg(long, value_name = "METRES")]
    pub uncertainty_m: Option<f64>,
    /// Added columns, in order: `status,clsc_code`; all of them where it is left out.
    #[arg(long, value_name = "LIST")]
    pub columns: Option<String>,
    /// Row that names the columns, from 1, rows that hold nothing not counted; found by itself where it is left out.
    #[arg(long, value_name = "NUMBER")]
    pub header_row: Option<u64>,
    /// Give a row that is `ambiguous` the codes of its best candidate; they are left empty otherwise.
    #[arg(long)]
    pub fill_ambiguous: bool,
    /// Take positions as they are; the address of the same row is not held against them then.
    #[arg(long)]
    pub trust_coordinates: bool,
    /// Encoding of the input, where it is not found by itself: utf-8, windows-1252, cp850, utf-16le, utf-16be...
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Rows are JSON objects, one a line (.ndjson and .jsonl say so themselves).
    #[arg(long)]
    pub ndjson: bool,
    /// Sheet of a workbook; the first one that is shown where it is left out.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Threads that answer; all cores where it is left out. The output does not depend on it.
    #[arg(long, value_name = "COUNT")]
    pub workers: Option<usize>,
    /// Go on from where the same command was stopped.
    #[arg(long, requires = "output")]
    pub resume: bool,
    /// How often the output so far is made safe for --resume, seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    pub save_every_s: f64,
    /// Write the rows that are not resolved to a second file, with the candidates to choose from, for a person to settle.
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    pub review: Option<PathBuf>,
    /// Write a Table Schema of the output to a file (.json): codes stay text in whatever reads it.
    #[arg(long, value_name = "FILE.json")]
    pub schema: Option<PathBuf>,
    /// Replace outputs that exist.
    #[arg(long)]
    pub force: bool,
    /// Write a summary to a file: .json or .html.
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// Say nothing but errors.
    #[arg(long, short)]
    pub quiet: bool,
}

/// Attaches a file; exit code 1 where not every row is resolved.
pub fn run(asked: &BatchArgs, today: Date, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let (input, output) = (given(&asked.input), asked.output.as_deref().and_then(given));
    let options = options(asked, output)?;
    if let (Some(input), Some(output)) = (input, output)
        && input.canonicalize().ok().is_some_and(|input| output.canonicalize().ok() == Some(input))
    {
        return Err(BatchError::SameFile.into());
    }
    if asked.resume && (input.is_none() || output.is_none()) {
        return Err(BatchError::CanNotResume {
            why: both!(
                "on ne revient pas en arrière dans l'entrée et la sortie standard",
                "standard input and output can not be gone back in"
            ),
        }
        .into());
    }
    if let Some(summary) = &asked.summary {
        summary_kind(summary)?;
    }
    let goes_on = asked.resume && output.is_some_and(PartFile::is_begun);
    for path in
        [output, asked.review.as_deref(), asked.summary.as_deref(), asked.schema.as_deref()].into_iter().flatten()
    {
        check_output(path, asked.force || goes_on)?;
    }
    // A file that is not there is said before the atlas is made ready.
    if let Some(input) = input {
        let name = input.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        std::fs::metadata(input).map_err(|source| BatchError::Input { name, source })?;
    }
    let atlas = super::load(asked.source.atlas.as_deref(), lang)?;
    let catalogue = super::catalogue(atlas, asked.draft.store.as_deref(), &asked.source)?;
    let editions = if asked.as_of_column.is_some() {
        catalogue.timetable()?.for_days()?
    } else {
        EditionSet::from(super::edition(&catalogue, &asked.draft, &asked.source, today)?)
    };
    let editions = &editions;
    let from = input.map_or(Ok(FileKind::Text), kind_of)?;
    let to = OutputKind::of_name(output);
    let stop = Interrupted::watch(output, (from, to) == (FileKind::Text, OutputKind::Text), lang);
    let mut told = Told::default();
    // What comes by a pipe is only told by its first bytes.
    let by_bytes = from == FileKind::Arrow
        || (from == FileKind::Text && (to == OutputKind::Text || (input.is_none() && to == OutputKind::Arrow)));
    let tally = if by_bytes {
        if asked.sheet.is_some() {
            return Err(BatchError::NoSheets.into());
        }
        with_source(input, |source, reader| {
            let mut first = Vec::with_capacity(4);
            reader.take(4).read_to_end(&mut first).map_err(BatchError::Read)?;
            let is_arrow = is_arrow_stream(&first);
            let mut whole = io::Cursor::new(first).chain(reader);
            if is_arrow {
                answer_arrow(asked, editions, &options, &mut whole, lang, (out, &mut told))
            } else if to == OutputKind::Text {
                answer(asked, editions, options, source, &mut whole, lang, (out, &mut told))
            } else {
                Err(BatchError::Conversion {
                    from: both!("du texte", "text"),
                    to: both!("un flux Arrow", "an Arrow stream"),
                    choose: both!(
                        "une sortie qui finit par .csv, .xlsx ou .parquet",
                        "an output that ends in .csv, .xlsx or .parquet"
                    ),
                })
            }
        })?
    } else {
        answer_typed(asked, editions, &options, (from, to), lang, (out, &mut told))?
    };
    drop(stop);
    let summary = Summary::new(editions, &tally).about(about(asked, editions, today, &told));
    if let Some(path) = &asked.schema {
        let columns = asked.columns.as_deref().map_or_else(|| Ok(Column::usual()), Column::parse_list)?;
        let schema = table_schema(&told.names, &told.columns, &columns, told.decimal_comma);
        let text = serde_json::to_string_pretty(&schema).map_err(|e| CliError::Output(e.into()))? + "\n";
        std::fs::write(path, text)
            .map_err(|source| CliError::Export { path: path.clone(), source: Box::new(source) })?;
    }
    if !asked.quiet {
        write!(io::stderr(), "{}", shown(&summary.to_text(lang))).ok();
    }
    if let Some(path) = &asked.summary {
        let text = match summary_kind(path)? {
            SummaryKind::Json => serde_json::to_string_pretty(&summary).map_err(|e| CliError::Output(e.into()))? + "\n",
            SummaryKind::Html => summary.to_html(lang),
        };
        std::fs::write(path, text)
            .map_err(|source| CliError::Export { path: path.clone(), source: Box::new(source) })?;
    }
    Ok(if summary.is_all_resolved() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// A path, or nothing for "-".
fn given(path: &Path) -> Option<&Path> {
    (path != Path::new("-")).then_some(path)
}

enum SummaryKind {
    Json,
    Html,
}

fn summary_kind(path: &Path) -> Result<SummaryKind, CliError> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => Ok(SummaryKind::Json),
        Some("html" | "htm") => Ok(SummaryKind::Html),
        _ => Err(CliError::BadValue {
            key: "--summary",
            value: path.display().to_string(),
            expected: Words::new(
                "un nom de fichier qui finit par .json ou .html",
                "a file name that ends in .json or .html",
            ),
        }),
    }
}

fn options(asked: &BatchArgs, output: Option<&Path>) -> Result<Options, CliError> {
    let encoding = asked.encoding.as_ref().map(|label| {
        Encoding::of_label(label).ok_or_else(|| CliError::BadValue {
            key: "--encoding",
            value: label.clone(),
            expected: Words::new(
                "utf-8, windows-1252, utf-16le ou utf-16be",
                "utf-8, windows-1252, utf-16le or utf-16be",
            ),
        })
    });
    let projector = asked.crs.as_deref().map(|crs| Crs::new(crs).projection()).transpose()?;
    if !(asked.save_every_s >= 0.0 && asked.save_every_s < 1e6) {
        let value = asked.save_every_s.to_string();
        return Err(CliError::BadValue {
            key: "--save-every-s",
            value,
            expected: Words::new("des secondes, à partir de 0", "seconds from 0"),
        });
    }
    Ok(Options {
        format: if asked.ndjson { Format::Ndjson } else { Format::Delimited },
        columns: asked.columns.as_deref().map_or_else(|| Ok(Column::usual()), Column::parse_list)?,
        named: NamedColumns {
            lat: asked.lat_column.clone(),
            lon: asked.lon_column.clone(),
            x: asked.x_column.clone(),
            y: asked.y_column.clone(),
            address: asked.address_column.clone(),
            civic: asked.civic_column.clone(),
            suffix: asked.suffix_column.clone(),
            unit: asked.unit_column.clone(),
            street: asked.street_column.clone(),
            city: asked.city_column.clone(),
            province: asked.province_column.clone(),
            postal_code: asked.postal_code_column.clone(),
            as_of: asked.as_of_column.clone(),
        },
        uncertainty_m: asked.uncertainty_m,
        encoding: encoding.transpose()?,
        later_encoding: None,
        gzip: output.is_some_and(|output| output.extension().is_some_and(|extension| extension == "gz")),
        projector: projector.map(|projection| Arc::new(projection) as _),
        header_row: asked.header_row,
        fill_ambiguous: asked.fill_ambiguous,
        trust_points: asked.trust_coordinates,
        review: asked.review.is_some(),
    })
}

fn workers(asked: &BatchArgs) -> usize {
    asked.workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).clamp(1, 256)
}

/// What is known of the input once it was opened.
#[derive(Default)]
struct Told {
    names: Vec<String>,
    columns: ColumnsUsed,
    decimal_comma: bool,
}

impl Told {
    /// Keeps what is known of the input, and tells on standard error which columns are used and what there is to say.
    fn take(&mut self, opening: &Opening<'_>, quiet: bool, lang: Language) {
        self.names = opening.names.to_vec();
        self.columns = opening.columns.clone();
        self.decimal_comma = opening.decimal_comma;
        if quiet {
            return;
        }
        let words = opening.columns.words();
        let all = [Words::new(format!("colonnes : {}", words.french), format!("columns: {words}"))];
        for line in all.iter().chain(opening.notes) {
            writeln!(io::stderr(), "{}", shown(line.pick(lang))).ok();
        }
    }
}

/// What was answered, by what, and from which columns.
fn about(asked: &BatchArgs, editions: &EditionSet, today: Date, told: &Told) -> About {
    let name =
        |path: &Path| path.file_name().map_or_else(|| "-".to_owned(), |name| name.to_string_lossy().into_owned());
    About {
        file: name(&asked.input),
        date: today.to_string(),
        atlas: asked.source.atlas.as_deref().map_or_else(|| "demo".to_owned(), name),
        checksum: format!("{:016x}", editions.atlas().checksum()),
        editions: editions.views().map(|edition| edition.header.id.clone()).collect(),
        columns: (told.columns.used.iter())
            .map(|(name, role)| ColumnUse {
                name: name.clone(),
                role_fr: role.french.to_string(),
                role_en: role.english.to_string(),
            })
            .collect(),
        not_used: told.columns.unused.clone(),
    }
}

/// Watches for an interruption from the keyboard, says how to go on, and leaves nothing behind that can not be gone on with.
struct Interrupted(Option<tokio::sync::oneshot::Sender<()>>);

impl Interrupted {
    fn watch(output: Option<&Path>, can_resume: bool, lang: Language) -> Self {
        let Some(output) = output.map(Path::to_owned) else { return Self(None) };
        let (done, over) = tokio::sync::oneshot::channel::<()>();
        let watch = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            let interrupted = runtime.block_on(async {
                tokio::select! {
                    signal = tokio::signal::ctrl_c() => signal.is_ok(),
                    _ = over => false,
                }
            });
            if !interrupted {
                return;
            }
            let words = if can_resume && PartFile::is_begun(&output) {
                say(
                    lang,
                    "interrompu : la même commande avec --resume reprend là où elle en était ; sans cela, effacez les fichiers .part et .journal à côté de la sortie",
                    "interrupted: the same command with --resume goes on from there; otherwise delete the files .part and .journal beside the output",
                )
            } else {
                let mut part = output.into_os_string();
                part.push(".part");
                std::fs::remove_file(part).ok();
                say(lang, "interrompu : rien n'est resté de la sortie", "interrupted: nothing of the output was kept")
            };
            writeln!(io::stderr(), "\n{words}").ok();
            std::process::exit(130);
        };
        std::thread::spawn(watch);
        Self(Some(done))
    }
}

impl Drop for Interrupted {
    fn drop(&mut self) {
        if let Some(done) = self.0.take() {
            // A watcher that is gone has nothing to be told.
            done.send(()).ok();
        }
    }
}

/// Answers a file that comes or goes as a workbook or as Parquet.
fn answer_typed(
    asked: &BatchArgs,
    editions: &EditionSet,
    options: &Options,
    (from, to): (FileKind, OutputKind),
    lang: Language,
    (out, told): (&mut dyn Write, &mut Told),
) -> Result<Tally, BatchError> {
    if asked.resume && !asked.quiet {
        let told = say(
            lang,
            "les fichiers Excel et Parquet sont refaits depuis la première ligne",
            "Excel and Parquet files are done over from their first row",
        );
        writeln!(io::stderr(), "{told}").ok();
    }
    if asked.sheet.is_some() && !matches!(from, FileKind::Workbook | FileKind::OtherWorkbook) {
        return Err(BatchError::NoSheets);
    }
    let conversion = Conversion {
        input: &asked.input,
        from,
        sheet: asked.sheet.as_deref(),
        to,
        output: asked.output.as_deref().and_then(given),
        review: asked.review.as_deref(),
        options,
        find_projector: &|crs| Crs::new(crs).projection().ok().map(|projection| Arc::new(projection) as _),
        workers: workers(asked),
    };
    let mut bar = Bar::new(&unnamed(), lang, asked.quiet);
    let quiet = asked.quiet;
    let mut ready = |opening: &Opening<'_>| told.take(opening, quiet, lang);
    convert(editions, &conversion, out, &mut ready, &mut |rows, total| {
        bar.source.size = total;
        bar.source.read.store(rows, Ordering::Relaxed);
        bar.tell(rows);
    })
}

/// Answers an Arrow IPC stream, into another one or a Parquet file.
fn answer_arrow(
    asked: &BatchArgs,
    editions: &EditionSet,
    options: &Options,
    reader: &mut (dyn Read + Send),
    lang: Language,
    (out, told): (&mut dyn Write, &mut Told),
) -> Result<Tally, BatchError> {
    let conversion = ArrowConversion {
        input: given(&asked.input),
        output: asked.output.as_deref().and_then(given),
        options,
        find_projector: &|crs| Crs::new(crs).projection().ok().map(|projection| Arc::new(projection) as _),
        workers: workers(asked),
    };
    let mut bar = Bar::new(&unnamed(), lang, asked.quiet);
    let quiet = asked.quiet;
    let mut ready = |opening: &Opening<'_>| told.take(opening, quiet, lang);
    convert_arrow(editions, &conversion, reader, out, &mut ready, &mut |rows, _| bar.tell(rows))
}

/// A source of which only rows are counted.
fn unnamed() -> Source {
    Source { name: String::new(), size: None, read: Arc::default(), format: Format::Delimited, encoding: None }
}

fn answer(
    asked: &BatchArgs,
    editions: &EditionSet,
    mut options: Options,
    source: &Source,
    reader: &mut (dyn Read + Send),
    lang: Language,
    (out, told): (&mut dyn Write, &mut Told),
) -> Result<Tally, BatchError> {
    options.later_encoding = source.encoding;
    if source.format == Format::Ndjson {
        options.format = Format::Ndjson;
    }
    let workers = workers(asked);
    let job = Job::open(editions, reader, &options)?;
    let opening = Opening {
        notes: job.notes(),
        names: job.names(),
        columns: job.columns(),
        decimal_comma: job.dialect().is_some_and(|dialect| dialect.decimal_comma),
    };
    told.take(&opening, asked.quiet, lang);
    let mut bar = Bar::new(source, lang, asked.quiet);
    let input = given(&asked.input);
    let every = Duration::from_secs_f64(asked.save_every_s);
    let mut review = match &asked.review {
        None => None,
        Some(path) => {
            let part = PartFile::create(path, String::new(), Duration::MAX)?;
            part.take_rights(input);
            Some(part)
        }
    };
    let Some(path) = asked.output.as_deref().and_then(given) else {
        let done = job.run(workers, &mut Watched { sink: &mut Plain(out), review: review.as_mut(), bar: &mut bar });
        return finished(done, None, review, false);
    };
    let settings = format!(
        "{} {:?} {:?} {:?} {:?} {:?} {:?} {} {} {:?} {} {}",
        editions.tag(),
        options.format,
        options.columns,
        options.named,
        options.uncertainty_m,
        options.encoding,
        asked.crs,
        options.gzip,
        env!("CARGO_PKG_VERSION"),
        options.header_row,
        options.fill_ambiguous,
        options.trust_points,
    );
    // Standard input has no fingerprint, and nothing is gone on with there.
    let key = input.map(|input| fingerprint(input, &settings)).transpose()?.unwrap_or_default();
    let taken_up = if asked.resume { PartFile::resume(path, key.clone(), every)? } else { None };
    if let Some((mut part, from)) = taken_up {
        let done = job.resume(from, workers, &mut Watched { sink: &mut part, review: None, bar: &mut bar });
        return finished(done, Some(part), None, true);
    }
    let mut part = PartFile::create(path, key, every)?;
    part.take_rights(input);
    let done = job.run(workers, &mut Watched { sink: &mut part, review: review.as_mut(), bar: &mut bar });
    finished(done, Some(part), review, asked.resume)
}

/// Gives the outputs their names, or, after an error, leaves nothing of them behind, unless they are to be gone on with.
fn finished(
    done: Result<Tally, BatchError>,
    output: Option<PartFile>,
    review: Option<PartFile>,
    goes_on: bool,
) -> Result<Tally, BatchError> {
    match done {
        Ok(tally) => {
            for part in output.into_iter().chain(review) {
                part.finish()?;
            }
            Ok(tally)
        }
        Err(error) => {
            let kept = goes_on && matches!(error, BatchError::Write(_) | BatchError::Read(_));
            for part in output.filter(|_| !kept).into_iter().chain(review) {
                part.discard();
            }
            Err(match error {
                BatchError::Write(cause) if !kept => BatchError::WriteWhole(cause),
                other => other,
            })
        }
    }
}

/// Standard output.
struct Plain<'a>(&'a mut dyn Write);

impl Sink for Plain<'_> {
    fn write(&mut self, bytes: &[u8], _done: &Checkpoint) -> io::Result<()> {
        self.0.write_all(bytes)
    }
}

/// A sink and the line that tells how far it is.
struct Watched<'a> {
    sink: &'a mut dyn Sink,
    review: Option<&'a mut PartFile>,
    bar: &'a mut Bar,
}

impl Sink for Watched<'_> {
    fn write(&mut self, bytes: &[u8], done: &Checkpoint) -> io::Result<()> {
        self.sink.write(bytes, done)?;
        self.bar.tell(done.tally.rows);
        Ok(())
    }

    fn review(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.review {
            Some(review) => review.write(bytes, &Checkpoint::default()),
            None => Ok(()),
        }
    }
}

/// One line on a terminal, with the part done, the rate and the time left; nothing in a pipe.
struct Bar {
    on: bool,
    lang: Language,
    source: Source,
    started: Instant,
    /// Rows and bytes that were there when it started (after a resume).
    first: Option<(u64, u64)>,
    told: Option<Instant>,
}

impl Bar {
    fn new(source: &Source, lang: Language, quiet: bool) -> Self {
        let on = !quiet && io::stderr().is_terminal();
        Self { on, lang, source: source.clone(), started: Instant::now(), first: None, told: None }
    }

    fn tell(&mut self, rows: u64) {
        if !self.on || self.told.is_some_and(|told| told.elapsed() < Duration::from_millis(200)) {
            return;
        }
        self.told = Some(Instant::now());
        let read = self.source.read.load(Ordering::Relaxed);
        let &mut (first_rows, first_read) = self.first.get_or_insert((rows, read));
        let seconds = self.started.elapsed().as_secs_f64();
        let rate = (rows - first_rows) as f64 / seconds.max(1e-3);
        let words = say(self.lang, "lignes", "rows");
        let left = self.source.size.filter(|&size| read > first_read && size > 0).map(|size| {
            let left = size.saturating_sub(read) as f64 / ((read - first_read) as f64 / seconds.max(1e-3));
            let whole = left.ceil() as u64;
            let part = read as f64 * 100.0 / size as f64;
            format!("{part:5.1} %  {} {}:{:02}  ", say(self.lang, "reste", "left"), whole / 60, whole % 60)
        });
        write!(io::stderr(), "\r{}{rows} {words}  {rate:.0} {words}/s\x1b[K", left.unwrap_or_default()).ok();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if self.told.is_some() {
            write!(io::stderr(), "\r\x1b[K").ok();
        }
    }
}
