//! `rattache atlas build`, `info` and `verify`.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;

use super::args::{AnswerFormat, BuildArgs, InfoArgs, VerifyArgs};
use super::words::{finding_words, of, say};
use super::{CliError, Recipe};
use crate::atlas::{Atlas, SourceFile, VerifyOptions, write};
use crate::domain::{EditionHeader, Finding, Language, Level, NestingBreak, UnitKind, Words, both};

/// Findings shown one by one for each kind before they are only counted.
const SHOWN: usize = 10;

/// Builds an atlas.
pub fn build(asked: &BuildArgs, lang: Language, talk: &mut dyn Write) -> Result<ExitCode, CliError> {
    let recipe = Recipe::of(asked)?;
    let output = recipe.output.clone().ok_or(CliError::Missing {
        what: Words::new("le nom de l'atlas", "the name of the atlas"),
        flag: Words::same("--output"),
        key: "output",
    })?;
    let built = super::build(&recipe, &mut |step| {
        writeln!(talk, "{}", of(lang, step)).ok();
    })?;
    if let Some(path) = &recipe.findings {
        let json = serde_json::to_vec_pretty(&built.findings)
            .map_err(|source| CliError::Export { path: path.clone(), source: source.into() })?;
        write(path, &json)?;
    }
    tell(&built.findings, lang, talk).map_err(CliError::Output)?;
    let Some(bytes) = built.atlas else {
        return Err(CliError::Findings { count: built.errors });
    };
    write(&output, &bytes)?;
    let done = both!("{} écrit, {:.1} Mo", "{} written, {:.1} MB", output.display(), bytes.len() as f64 / 1e6);
    writeln!(talk, "{}", of(lang, &done)).map_err(CliError::Output)?;
    Ok(ExitCode::SUCCESS)
}

fn tell(findings: &[Finding], lang: Language, talk: &mut dyn Write) -> std::io::Result<()> {
    let mut kinds: BTreeMap<_, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        kinds.entry((finding.severity, finding.kind)).or_default().push(finding);
    }
    for ((severity, kind), list) in kinds {
        let (word, kind, colon) = (severity.words().pick(lang), kind.words().pick(lang), lang.colon());
        writeln!(talk, "{word}{colon} {kind}{colon} {}", lang.whole(list.len() as u64))?;
        for finding in list.iter().take(SHOWN) {
            let place = &finding.place;
            let at: Vec<String> = [
                place.file.clone(),
                place.line.map(|line| format!("{} {line}", say(lang, "ligne", "line"))),
                place.column.as_ref().map(|column| format!("{} {column}", say(lang, "colonne", "column"))),
            ]
            .into_iter()
            .flatten()
            .collect();
            let at = if at.is_empty() { String::new() } else { format!("{}{}: ", at.join(", "), say(lang, " ", "")) };
            writeln!(talk, "  {at}{}", finding_words(finding, lang))?;
        }
        if list.len() > SHOWN {
            let more = both!(
                "et {} autres (--findings FICHIER.json les écrit tous)",
                "and {} more (--findings FILE.json writes them all)",
                list.len() - SHOWN
            );
            writeln!(talk, "  {}", of(lang, &more))?;
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct Info<'a> {
    program: &'a str,
    format_version: u32,
    bytes: usize,
    unit_kind: UnitKind,
    units: usize,
    arcs: usize,
    vertices: usize,
    population: Option<u64>,
    nearest_m: f64,
    installations: usize,
    addresses: Option<usize>,
    /// People of the units of which the registry has addresses enough for all.
    people_with_addresses: Option<u64>,
    /// The same by region of the newest edition, those that the registry says nothing of too.
    registry_by_region: Vec<RegionExtent<'a>>,
    sources: &'a [SourceFile],
    findings: BTreeMap<String, usize>,
    editions: Vec<EditionInfo<'a>>,
}

/// How many of the people of a region live in units of which the registry has addresses enough for all.
#[derive(Serialize)]
struct RegionExtent<'a> {
    code: &'a str,
    name: &'a str,
    people: u64,
    people_with_addresses: u64,
    /// Whether so few are left out that a street and a number that stand once may be taken for the only ones.
    complete: bool,
}

fn registry_by_region(atlas: &Atlas) -> Vec<RegionExtent<'_>> {
    let (Some(gazetteer), Some(edition)) = (atlas.gazetteer(), atlas.editions().last()) else { return Vec::new() };
    let people: Vec<Option<u32>> = (0..atlas.unit_count()).map(|unit| atlas.people(unit)).collect();
    let region = |unit: usize| {
        let clsc = usize::from(edition.clsc_of_unit[unit]);
        edition.hierarchy.parent(clsc, Level::Rss)
    };
    let extents = gazetteer.extents(&people, region);
    let all = edition.hierarchy.territories(Level::Rss);
    let known = extents.into_iter().filter_map(|(place, extent)| Some((all.get(place)?, extent)));
    known
        .filter(|(_, extent)| extent.people > 0)
        .map(|(territory, extent)| RegionExtent {
            code: territory.code.as_str(),
            name: &territory.name,
            people: extent.people,
            people_with_addresses: extent.covered,
            complete: extent.is_complete(),
        })
        .collect()
}

#[derive(Serialize)]
struct EditionInfo<'a> {
    #[serde(flatten)]
    header: &'a EditionHeader,
    territories: BTreeMap<&'static str, usize>,
    rls_with_one_clsc: usize,
    rls_with_several_clsc: usize,
    straddles: usize,
    nesting_breaks: Vec<NestingBreak>,
}

fn describe(atlas: &Atlas) -> Info<'_> {
    let manifest = atlas.manifest();
    let mut findings: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &manifest.findings {
        let kind = serde_json::to_value(finding.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
        *findings.entry(kind.unwrap_or_default()).or_default() += 1;
    }
    Info {
        program: &manifest.program,
        format_version: crate::atlas::format::VERSION,
        bytes: atlas.bytes().len(),
        unit_kind: manifest.unit_kind,
        units: atlas.unit_count(),
        arcs: atlas.coverage().arc_count(),
        vertices: atlas.coverage().vertices.len(),
        population: (0..atlas.unit_count()).map(|unit| atlas.people(unit).map(u64::from)).sum(),
        nearest_m: manifest.nearest_m,
        installations: manifest.installations.len(),
        addresses: atlas.gazetteer().map(|gazetteer| gazetteer.address_count()),
        people_with_addresses: atlas.gazetteer().map(|gazetteer| gazetteer.extent().covered),
        registry_by_region: registry_by_region(atlas),
        sources: &manifest.sources,
        findings,
        editions: atlas
            .editions()
            .map(|edition| {
                let sizes: Vec<usize> = (0..edition.hierarchy.territories(Level::Rls).len())
                    .map(|place| edition.hierarchy.clsc_of(Level::Rls, place).count())
                    .collect();
                EditionInfo {
                    header: edition.header,
                    territories: Level::TERRITORIAL
                        .into_iter()
                        .map(|level| (level.as_str(), edition.hierarchy.territories(level).len()))
                        .collect(),
                    rls_with_one_clsc: sizes.iter().filter(|&&size| size == 1).count(),
                    rls_with_several_clsc: sizes.iter().filter(|&&size| size > 1).count(),
                    straddles: edition.straddles.len(),
                    nesting_breaks: edition.hierarchy.nesting_breaks(),
                }
            })
            .collect(),
    }
}

/// Tells what an atlas holds.
pub fn info(asked: &InfoArgs, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let atlas = super::open(asked.file.as_deref().or(asked.flag.as_deref()), lang)?;
    let info = describe(&atlas);
    match asked.format {
        AnswerFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &info).map_err(|e| CliError::Output(e.into()))?;
            writeln!(out).map_err(CliError::Output)?;
        }
        AnswerFormat::Text => text(&info, out).map_err(CliError::Output)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn text(info: &Info<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{} (format {}), {:.1} MB", info.program, info.format_version, info.bytes as f64 / 1e6)?;
    writeln!(out, "{} units, {} arcs, {} vertices", info.units, info.arcs, info.vertices)?;
    if let Some(people) = info.population {
        writeln!(out, "{people} people")?;
    }
    writeln!(out, "{} installations", info.installations)?;
    match info.addresses {
        Some(count) => writeln!(out, "{count} addresses")?,
        None => writeln!(out, "no addresses (build with --addresses)")?,
    }
    if let Some(people) = info.people_with_addresses {
        writeln!(out, "{people} people in units that the registry covers")?;
    }
    for region in &info.registry_by_region {
        let share = 100.0 * region.people_with_addresses as f64 / region.people as f64;
        let complete = if region.complete { ", complete" } else { "" };
        writeln!(out, "  RSS {} {}: {share:.1} % of {} people{complete}", region.code, region.name, region.people)?;
    }
    for source in info.sources {
        writeln!(
            out,
            "from {} ({}{}{})",
            source.name,
            source.role,
            if source.xxh3.is_empty() { "" } else { ", xxh3 " },
            source.xxh3
        )?;
    }
    for edition in &info.editions {
        let header = edition.header;
        let official = if header.official { "official" } else { "not official" };
        writeln!(out, "edition {} from {} ({official}): {}", header.id, header.valid_from, header.label)?;
        let levels: Vec<String> =
            edition.territories.iter().map(|(level, count)| format!("{count} {}", level.to_uppercase())).collect();
        writeln!(
            out,
            "  {}; RLS of one CLSC {}, of several {}; {} shared units",
            levels.join(", "),
            edition.rls_with_one_clsc,
            edition.rls_with_several_clsc,
            edition.straddles
        )?;
        for split in &edition.nesting_breaks {
            let parents: Vec<&str> = split.parents.iter().map(crate::domain::TerritoryCode::as_str).collect();
            writeln!(
                out,
                "  {} {} lies in {} {}",
                split.lower.acronym(),
                split.code,
                split.upper.acronym(),
                parents.join(", ")
            )?;
        }
    }
    if !info.findings.is_empty() {
        let kinds: Vec<String> = info.findings.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        writeln!(out, "findings: {}", kinds.join(", "))?;
    }
    Ok(())
}

/// Proves the laws; exit code 1 where one does not hold.
pub fn verify(asked: &VerifyArgs, lang: Language, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let atlas = super::load(asked.info.file.as_deref().or(asked.info.flag.as_deref()), lang)?;
    let checks = crate::atlas::verify(&atlas, VerifyOptions { points: asked.points, seed: asked.seed });
    let all = checks.iter().all(|check| check.holds);
    match asked.info.format {
        AnswerFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &checks).map_err(|e| CliError::Output(e.into()))?;
            writeln!(out).map_err(CliError::Output)?;
        }
        AnswerFormat::Text => {
            for check in &checks {
                let word = if check.holds { "holds" } else { "BROKEN" };
                writeln!(out, "{word:<7}{} [{}]", check.law, check.detail).map_err(CliError::Output)?;
            }
        }
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
