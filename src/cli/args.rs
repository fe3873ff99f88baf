//! Arguments as typed.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::export::AskedLevel;
use super::revision::args::{Draft, RevisionCommand, UnitTables};
use crate::domain::{Date, EditionChoice, Language, Level};
use crate::export::FORMATS;
use crate::http::Base;
use crate::resolve::Basis;

/// Which CLSC territory a place in Québec belongs to.
#[derive(Debug, Parser)]
#[command(name = "rattache", version, max_term_width = 110)]
pub struct Arguments {
    /// Language of answers in text and of what is said on standard error: fr (default) or en.
    #[arg(long, global = true, value_parser = language(), default_value = "fr")]
    pub lang: Language,
    /// Configuration file (TOML): the flags that are not typed, by name; see `rattache config list`.
    #[arg(long, global = true, value_name = "FILE.toml")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

fn language() -> impl clap::builder::TypedValueParser<Value = Language> {
    PossibleValuesParser::new(Language::ALL.map(Language::as_str))
        .map(|code| Language::find(&code).expect("only codes of languages are possible"))
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tell the dissemination area, CLSC, RLS, RTS, RSS and RUISSS of a position, an address or a postal code.
    Resolve(ResolveArgs),
    /// List the territories of a level, or show one.
    Territories(TerritoriesArgs),
    /// Tell what a revision breaks in series, and bridge it.
    Series {
        /// What to do.
        #[command(subcommand)]
        command: super::series::SeriesCommand,
    },
    /// Attach every row of a file.
    Batch(Box<super::batch::BatchArgs>),
    /// Answer over HTTP.
    Serve(Box<ServeArgs>),
    /// Simulate, compare, export, keep and propose revisions of the territories.
    Revision {
        /// What to do with them.
        #[command(subcommand)]
        command: Box<RevisionCommand>,
    },
    /// Build, describe, verify or export an atlas.
    Atlas {
        /// What to do with it.
        #[command(subcommand)]
        command: AtlasCommand,
    },
    /// Make, list or revoke the keys of the service.
    Keys {
        /// What to do with them.
        #[command(subcommand)]
        command: super::keys::KeysCommand,
    },
    /// Check or list what a configuration file and RATTACHE_* variables can set.
    Config {
        /// What to do with it.
        #[command(subcommand)]
        command: super::config::ConfigCommand,
    },
    /// Write the completions of a shell to standard output.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Write a page of reference as Markdown: the words of answers, or the commands.
    Reference {
        /// Which page.
        page: super::reference::Page,
    },
    /// Write manual pages, one a command, into a folder.
    Man {
        /// The folder; made where there is none.
        folder: PathBuf,
    },
}

/// Which atlas and edition.
#[derive(Debug, Clone, Default, Args)]
pub struct Source {
    /// Atlas file; the embedded demo where none is given.
    #[arg(long, value_name = "FILE")]
    pub atlas: Option<PathBuf>,
    /// Edition that holds on a day, YYYY-MM-DD. Where neither this nor --edition is given: the one in force today in Québec;
    /// for what makes a new revision, the newest.
    #[arg(long, value_name = "DATE", conflicts_with = "edition")]
    pub as_of: Option<Date>,
    /// Edition by identifier, or latest for the newest.
    #[arg(long, value_name = "ID")]
    pub edition: Option<String>,
    /// Columns of the assignment table of a revision, where they have other names than the usual ones:
    /// `unit=AD,clsc=TERRITOIRE`.
    #[arg(long, value_name = "NAME=COLUMN,...", hide = true)]
    pub assignment_columns: Option<String>,
}

impl Source {
    /// The edition that the two flags mean; none is the one in force today.
    #[must_use]
    pub fn choice(&self, today: Date) -> EditionChoice {
        EditionChoice::asked(self.edition.as_deref(), self.as_of, today)
    }

    /// The edition that the flags name, where one is given.
    #[must_use]
    pub fn given(&self) -> Option<EditionChoice> {
        let name = self.edition.as_deref().map(EditionChoice::named);
        name.or(self.as_of.map(EditionChoice::AsOf))
    }
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnswerFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How the log of the service is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
}

/// Arguments of `resolve`.
#[derive(Debug, Args)]
pub struct ResolveArgs {
    /// Latitude, decimal degrees north.
    #[arg(long, allow_negative_numbers = true, value_name = "DEGREES", requires = "lon", required_unless_present_any = ["address", "postal_code", "installation"])]
    pub lat: Option<String>,
    /// Longitude, decimal degrees east: negative in Québec.
    #[arg(long, allow_negative_numbers = true, value_name = "DEGREES", requires = "lat")]
    pub lon: Option<String>,
    /// Address in any spelling, instead of a position; "-" reads it from standard input, so that no list of processes shows it.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, conflicts_with_all = ["lat", "lon"])]
    pub address: Option<String>,
    /// Postal code in any shape, instead of a position.
    #[arg(long, value_name = "CODE", conflicts_with_all = ["lat", "lon", "address"])]
    pub postal_code: Option<String>,
    /// Code of a point of service, instead of a position.
    #[arg(long, value_name = "CODE", conflicts_with_all = ["lat", "lon", "address", "postal_code"])]
    pub installation: Option<String>,
    /// On what ground a person is attached there: residence, `usual_place`, or `service_point` (with --installation).
    #[arg(long, value_name = "BASIS")]
    pub basis: Option<Basis>,
    /// Stated error of the position, metres: the answer then says whether it could be another CLSC.
    #[arg(long, value_name = "METRES")]
    pub uncertainty_m: Option<f64>,
    /// Which atlas and edition.
    #[command(flatten)]
    pub source: Source,
    /// Or which revision.
    #[command(flatten)]
    pub draft: Draft,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

/// Arguments of `territories`.
#[derive(Debug, Args)]
pub struct TerritoriesArgs {
    /// Code of one territory, such as 06121.
    pub code: Option<String>,
    /// Level: clsc, rls, rts, rss or ruisss. Without it, a code's level is told by its length.
    #[arg(long)]
    pub level: Option<Level>,
    /// Which atlas and edition.
    #[command(flatten)]
    pub source: Source,
    /// Or which revision.
    #[command(flatten)]
    pub draft: Draft,
    /// How to write the list.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "flags that are given or not")]
pub struct ServeArgs {
    /// Atlas file; the embedded demo where none is given. Replace it by renaming a new one over it, then send SIGHUP.
    #[arg(long, value_name = "FILE")]
    pub atlas: Option<PathBuf>,
    /// Keep revisions in this file (made where there is none) and answer /v1/revisions.
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// What is known of units beside the atlas, for the impact of revisions.
    #[command(flatten)]
    pub tables: UnitTables,
    /// Address and port to listen on.
    #[arg(long, default_value = "127.0.0.1:8066", value_name = "ADDRESS:PORT")]
    pub bind: SocketAddr,
    /// URL under which others reach the service, for links in answers; else each request and its proxy tell.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<Base>,
    /// File of keys (`rattache keys add`), followed as it changes. With keys, the service may listen on other addresses than those of
    /// the machine itself; writing always takes one.
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// Answer lookups without a key, whatever the address. Writing still takes one.
    #[arg(long)]
    pub allow_anonymous_lookup: bool,
    /// Take a key for lookups on the machine's own address too, as behind a proxy that runs there.
    #[arg(long, conflicts_with_all = ["allow_anonymous_lookup", "local_planner"])]
    pub require_key: bool,
    /// Let whoever is on the machine itself write revisions without a key, under the name `local`: for a trial, on an address of the
    /// machine itself only. Deciding still takes the key of somebody else.
    #[arg(long)]
    pub local_planner: bool,
    /// What the service lets in, and how much of it.
    #[command(flatten)]
    pub bounds: super::bounds::Bounds,
    /// Log a line a request: method, route, status and time, never a query or a body.
    #[arg(long)]
    pub log_requests: bool,
    /// How the log is written on standard error: lines for people, or one JSON object a line.
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// The commands on atlases.
#[derive(Debug, Subcommand)]
pub enum AtlasCommand {
    /// Build an atlas from official files.
    Build(Box<BuildArgs>),
    /// Tell what an atlas holds.
    Info(InfoArgs),
    /// Prove the laws on an atlas.
    Verify(VerifyArgs),
    /// Export the units or the territories of a level.
    Export(ExportArgs),
}

/// Arguments of `atlas build`.
#[derive(Debug, Default, Args)]
pub struct BuildArgs {
    /// Recipe (TOML) with all that the flags can say, and several editions; flags given beside it win.
    #[arg(long, value_name = "FILE.toml")]
    pub recipe: Option<PathBuf>,
    /// Limits of the finest units: shapefile (zipped or not), `GeoPackage`, `FlatGeobuf`, `GeoParquet` or `GeoJSON`.
    #[arg(long, value_name = "FILE")]
    pub units: Option<PathBuf>,
    /// Their layer, where the file has several and none is plainly the one.
    #[arg(long, value_name = "LAYER")]
    pub units_layer: Option<String>,
    /// Column with the units' identifier; found by its usual names otherwise.
    #[arg(long, value_name = "COLUMN")]
    pub unit_id: Option<String>,
    /// Coordinate system of the units, such as EPSG:3347, where the file does not say.
    #[arg(long, value_name = "CRS")]
    pub crs: Option<String>,
    /// Text encoding of the units' table, where the file does not say.
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Table with the CLSC of each unit.
    #[arg(long, value_name = "FILE")]
    pub attachments: Option<PathBuf>,
    /// Its column with the unit.
    #[arg(long, value_name = "COLUMN")]
    pub attachment_unit: Option<String>,
    /// Its column with the CLSC.
    #[arg(long, value_name = "COLUMN")]
    pub attachment_clsc: Option<String>,
    /// Its column with the share, where a unit may have several CLSC.
    #[arg(long, value_name = "COLUMN")]
    pub attachment_fraction: Option<String>,
    /// Territory polygons (such as `Territoires_CLSC.shp`) to attach units by, where there is no table.
    #[arg(long, value_name = "FILE", conflicts_with = "attachments")]
    pub territories: Option<PathBuf>,
    /// Their layer, where the file has several and none is plainly the one.
    #[arg(long, value_name = "LAYER", requires = "territories")]
    pub territories_layer: Option<String>,
    /// Table of CLSC with their names and parents; the territory polygons' own table where it is left out.
    #[arg(long, value_name = "FILE")]
    pub hierarchy: Option<PathBuf>,
    /// Its column with people, if their published number is wanted.
    #[arg(long, value_name = "COLUMN")]
    pub hierarchy_population: Option<String>,
    /// Its columns, where they have other names than the usual ones: `clsc=CODE,clsc_name=NOM,rls=...,rls_name=...,rts=...,
    /// rts_name=...,rss=...,rss_name=...,ruisss=...,ruisss_name=...`.
    #[arg(long, value_name = "NAME=COLUMN,...")]
    pub hierarchy_columns: Option<String>,
    /// Table with the people of each unit.
    #[arg(long, value_name = "FILE")]
    pub population: Option<PathBuf>,
    /// Its column with the unit.
    #[arg(long, value_name = "COLUMN")]
    pub population_unit: Option<String>,
    /// Its column with the people.
    #[arg(long, value_name = "COLUMN")]
    pub population_column: Option<String>,
    /// The year they were counted in; the year that the name of the column or of the file holds where it is left out.
    #[arg(long, value_name = "YEAR")]
    pub population_year: Option<i16>,
    /// People of each unit in another year, as YEAR=FILE or YEAR=FILE:COLUMN; may be given several times. Series are shared by the
    /// people of their own year, interpolated.
    #[arg(long = "population-of", value_name = "YEAR=FILE[:COLUMN]")]
    pub populations_of: Vec<String>,
    /// Register of installations (M02) or a simple table of them.
    #[arg(long, value_name = "FILE")]
    pub installations: Option<PathBuf>,
    /// Its columns, where they have other names than the usual ones: `code=NO,name=NOM,lat=...,lon=...,clsc=...`.
    #[arg(long, value_name = "NAME=COLUMN,...")]
    pub installation_columns: Option<String>,
    /// Address registry: folder of the National Address Register, `OpenAddresses` CSV, or any CSV of addresses.
    #[arg(long, value_name = "PATH")]
    pub addresses: Option<PathBuf>,
    /// Its columns, such as `civic=NO,street=RUE,city=VILLE,postal=CP,lat=LAT,lon=LON`, or `address=ADRESSE` for one line;
    /// those left out are found by their usual names.
    #[arg(long, value_name = "NAME=COLUMN,...")]
    pub address_columns: Option<String>,
    /// Coordinate system of its x and y, where they are no degrees [default: EPSG:3347].
    #[arg(long, value_name = "CRS")]
    pub address_crs: Option<String>,
    /// Identifier of the edition, usually its date.
    #[arg(long, value_name = "ID")]
    pub edition: Option<String>,
    /// First day on which it holds, YYYY-MM-DD; the identifier where that is a date.
    #[arg(long, value_name = "DATE")]
    pub valid_from: Option<Date>,
    /// Label of the edition, in French.
    #[arg(long, value_name = "TEXT")]
    pub label: Option<String>,
    /// Say that the edition states the ministry's official limits.
    #[arg(long)]
    pub official: bool,
    /// Gaps and overlaps thinner than this are mended, metres [default: 1].
    #[arg(long, value_name = "METRES")]
    pub tolerance_m: Option<f64>,
    /// How far outside a point still gets the nearest unit, metres [default: 5000].
    #[arg(long, value_name = "METRES")]
    pub nearest_m: Option<f64>,
    /// Build in spite of errors in the limits: wide gaps stay outside, wide overlaps go to one unit.
    #[arg(long)]
    pub accept_errors: bool,
    /// The units are a part of the province: CLSC without units and rows about other units are notes, not errors.
    #[arg(long)]
    pub partial: bool,
    /// Write every finding to a file (JSON).
    #[arg(long, value_name = "FILE.json")]
    pub findings: Option<PathBuf>,
    /// Where to write the atlas.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Arguments of `atlas info`.
#[derive(Debug, Args)]
pub struct InfoArgs {
    /// Atlas file; the embedded demo where none is given.
    #[arg(long = "atlas", value_name = "FILE")]
    pub flag: Option<PathBuf>,
    /// Atlas file.
    #[arg(value_name = "FILE", conflicts_with = "flag")]
    pub file: Option<PathBuf>,
    /// How to write it.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

/// Arguments of `atlas verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// What to verify, and how to write it.
    #[command(flatten)]
    pub info: InfoArgs,
    /// Points held against a full scan, for each of four ways of choosing them.
    #[arg(long, default_value_t = 50_000)]
    pub points: usize,
    /// Where the choice of points starts.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Arguments of `atlas export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Level: da, clsc, rls, rts, rss or ruisss; several with commas between them, or all. Several levels are layers of one
    /// `GeoPackage`, and files beside one another (NAME-clsc.shp) in the other formats.
    #[arg(long, required = true, value_delimiter = ',', value_name = "LEVEL")]
    pub level: Vec<AskedLevel>,
    /// Which atlas and edition.
    #[command(flatten)]
    pub source: Source,
    /// Or which revision.
    #[command(flatten)]
    pub draft: Draft,
    /// How to write it: as the ending of --output says (.geojson, .json, .csv, .shp, .gpkg, .parquet) where it is left out,
    /// `GeoJSON` without one.
    #[arg(long, value_parser = PossibleValuesParser::new(FORMATS.iter().map(|format| format.word)))]
    pub format: Option<String>,
    /// Coordinate system of the outlines, such as EPSG:3347 (Statistics Canada Lambert), EPSG:32198 (Québec Lambert), EPSG:4269 (NAD83), or a
    /// PROJ string [default: longitude and latitude, EPSG:4326]. NAD83, NAD83(CSRS) and WGS 84 are taken as equal.
    #[arg(long, value_name = "CRS")]
    pub crs: Option<String>,
    /// Where to write it; standard output where it is left out (only one level, as `GeoJSON` or CSV).
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
