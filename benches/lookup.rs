//! Point location, stability and nearest limit on at least four million vertices, beside R-tree peers in the same run.
//!
//! `cargo bench --bench lookup`. Prints one table; each time is a median over batches of 10,000 points, on one thread.
//! `cargo bench --bench lookup -- --write FILE.shp` only writes the densified units, for `scripts/bench`.
#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]

mod densified;
mod peers;

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use densified::{Seeded, densify, shared_data};
use peers::Peers;
use rattache::atlas::{Atlas, AtlasSource, compile};
use rattache::domain::{AttachmentTable, Edition, EditionChoice, EditionHeader};
use rattache::geometry::ellipsoid::{LocalScale, length_m};
use rattache::geometry::{Coverage, CoverageOptions, FixedBox, FixedPoint};
use rattache::import::{
    AttachmentColumns, HierarchyNames, PolygonOptions, attach, read_attachments, read_hierarchy, read_units,
};
use rattache::resolve::Resolver;

const POINTS: usize = 1_000_000;
const PEER_POINTS: usize = 50_000;
const BATCH: usize = 10_000;
/// Pieces that each edge of the model is cut into.
const PIECES: u32 = 21;

fn main() {
    let Some(data) = shared_data() else {
        println!("../shared/data is absent: nothing to measure on");
        return;
    };
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(place) = arguments.iter().position(|argument| argument == "--write") {
        write_shapefile(&data, Path::new(&arguments[place + 1]));
        return;
    }
    let atlas = densified_atlas(&data);
    let resolver = Resolver::new(&atlas, &EditionChoice::Latest).expect("one edition");
    if arguments.iter().any(|argument| argument == "--quick") {
        quick(&data, &atlas, &resolver);
        return;
    }
    let peers = Peers::new(&atlas);
    println!(
        "| points | DA and levels | limit | batch | times as quick | R-tree + Contains | ratio | R-tree + IntervalTree | ratio | stable 50 m | over lookup | border_m, runner_up |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    let sets = [
        ("around people", 100.0, around_people(&data, POINTS)),
        ("uniform", 40.0, uniform(&atlas, POINTS)),
        ("within 50 m of a CLSC limit", 200.0, near_limits(&atlas, POINTS)),
    ];
    for (name, limit, points) in sets {
        measure(name, limit, &points, &atlas, &resolver, &peers);
    }
}

/// Only the program's own times, three rounds: for trying things out.
fn quick(data: &Path, atlas: &Atlas, resolver: &Resolver<'_>) {
    let sets = [
        ("around people", around_people(data, POINTS)),
        ("uniform", uniform(atlas, POINTS)),
        ("near limits", near_limits(atlas, POINTS)),
    ];
    let index = atlas.index();
    let limits = atlas.limits(0);
    let mut sides = vec![0; BATCH];
    for _ in 0..3 {
        for (name, points) in &sets {
            let single = median_ns(points, |points| {
                for &p in points {
                    black_box(resolver.locate(p));
                }
            });
            let batch = median_ns(points, |points| index.locate_all(points, &mut sides));
            let stable = median_ns(points, |points| {
                for &p in points {
                    black_box(resolver.is_stable(p, resolver.locate(p), 50.0));
                }
            });
            let border = median_each_ns(&points[..50_000], |p| {
                black_box(limits.nearest(p));
            });
            let started = Instant::now();
            for &p in points {
                black_box(limits.nearest(p));
            }
            let one_by_one = started.elapsed().as_nanos() as f64 / POINTS as f64;
            let started = Instant::now();
            limits.nearest_all(points, |_, border| {
                black_box(border);
            });
            let together = started.elapsed().as_nanos() as f64 / POINTS as f64;
            print!(
                "{name}: {single:.0} / {batch:.0} / {stable:.0} / {border:.0}, {one_by_one:.0} / {together:.0} ns   "
            );
        }
        println!();
    }
}

fn measure(name: &str, limit: f64, points: &[FixedPoint], atlas: &Atlas, resolver: &Resolver<'_>, peers: &Peers) {
    // What a caller does: the unit, then its CLSC and the four levels above from the edition's tables.
    let edition = resolver.edition();
    let levels = |side: u32| match side {
        0 => 0,
        side => {
            let clsc = usize::from(edition.clsc_of_unit[side as usize - 1]);
            edition.hierarchy.lineage(clsc).0.iter().fold(0, |sum, &place| sum + u32::from(place))
        }
    };
    let single = median_ns(points, |points| {
        for &p in points {
            black_box(levels(resolver.locate(p)));
        }
    });
    let index = atlas.index();
    let mut sides = vec![0; BATCH];
    let batch = median_ns(points, |points| {
        let sides = &mut sides[..points.len()];
        index.locate_all(points, sides);
        black_box(sides.iter().fold(0, |sum, &side| sum ^ levels(side)));
    });
    let few = &points[..PEER_POINTS];
    let contains = median_ns(few, |points| {
        for &p in points {
            black_box(peers.contains(p));
        }
    });
    let interval = median_ns(few, |points| {
        for &p in points {
            black_box(peers.interval(p));
        }
    });
    let stable = median_ns(points, |points| {
        for &p in points {
            black_box(resolver.is_stable(p, resolver.locate(p), 50.0));
        }
    });
    let limits = atlas.limits(0);
    let border = median_each_ns(&points[..100_000], |p| {
        let side = resolver.locate(p);
        if side > 0 {
            let own = edition.clsc_of_unit[side as usize - 1];
            let is_own = |classes: [u16; 2]| classes.contains(&own);
            let nearest = limits.nearest(p).filter(|border| is_own(border.classes));
            let border = nearest.or_else(|| limits.nearest_where(p, |limit| is_own(limit.classes)));
            black_box(border.map(|border| (border.distance_m, border.beyond(own))));
        }
    });
    // Peers know nothing of who owns a border, so only points off every limit of a unit can be held against them.
    let wrong = few.iter().filter(|&&p| peers.contains(p) != resolver.locate(p)).count();
    println!(
        "| {name} | {single:.0} ns | {limit:.0} ns | {batch:.0} ns | {:.2} | {contains:.0} ns | {:.1} | {interval:.0} ns | {:.1} | {stable:.0} ns | {:.2} | {border:.0} ns |",
        single / batch,
        contains / single,
        interval / single,
        stable / single
    );
    println!("answers that differ from R-tree + Contains: {wrong} of {PEER_POINTS}");
}

fn densified_atlas(data: &Path) -> Atlas {
    let units = read_units(&data.join("da_2016_model/lda_qc_model_2016.shp"), PolygonOptions::default())
        .expect("the model reads");
    let dense = densify(&units.polygons, PIECES);
    let started = Instant::now();
    let mut findings = Vec::new();
    let coverage = Coverage::build(&dense, &units.crs, CoverageOptions::default(), &mut findings)
        .expect("the model is a coverage");
    let covered = started.elapsed();
    let hierarchy = read_hierarchy(&data.join("clsc_2017_hierarchy.csv"), &HierarchyNames::default())
        .expect("the hierarchy reads")
        .hierarchy;
    let rows = read_attachments(&data.join("da_clsc_2017.csv"), AttachmentColumns::default()).expect("the table reads");
    let attachment: AttachmentTable =
        attach(&rows, &dense.ids, &hierarchy, None, false).table.expect("every area has a CLSC");
    let vertices = coverage.vertices.len();
    let header = EditionHeader {
        id: "2017-07-01".to_owned(),
        label: String::new(),
        official: false,
        valid_from: "2017-07-01".parse().expect("a date"),
    };
    let source = AtlasSource {
        unit_ids: dense.ids.clone(),
        people: vec![None; dense.ids.len()],
        people_year: None,
        people_by_year: Vec::new(),
        coverage,
        editions: vec![Edition { header, hierarchy, attachment, straddles: Vec::new() }],
        installations: Vec::new(),
        nearest_m: 5_000.0,
        sources: Vec::new(),
        findings: Vec::new(),
        addresses: None,
    };
    let started = Instant::now();
    // As a server has it: in a file, and read from there.
    let file = tempfile::NamedTempFile::new().expect("a file can be made");
    std::fs::write(file.path(), &*compile(source).expect("the atlas compiles")).expect("the atlas is written");
    let atlas = Atlas::load(file.path()).expect("the atlas opens");
    println!(
        "{vertices} vertices, {} arcs, {} coarse edges; coverage {covered:.1?}, index {:.1?}; {:.1} MB, {:.1} bytes a vertex",
        atlas.coverage().arc_count(),
        atlas.index().coarse().len(),
        started.elapsed(),
        atlas.bytes().len() as f64 / 1e6,
        atlas.bytes().len() as f64 / vertices as f64
    );
    atlas
}

/// Median over batches of the mean time of one point, nanoseconds.
fn median_ns(points: &[FixedPoint], mut run: impl FnMut(&[FixedPoint])) -> f64 {
    run(&points[..BATCH.min(points.len())]);
    let mut times: Vec<f64> = points
        .chunks(BATCH)
        .map(|batch| {
            let started = Instant::now();
            run(batch);
            started.elapsed().as_nanos() as f64 / batch.len() as f64
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Median of the time of one point, nanoseconds; for what takes a microsecond or more.
fn median_each_ns(points: &[FixedPoint], mut run: impl FnMut(FixedPoint)) -> f64 {
    let mut times: Vec<f64> = points
        .iter()
        .map(|&p| {
            let started = Instant::now();
            run(p);
            started.elapsed().as_nanos() as f64
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

fn metres(p: FixedPoint, east: f64, north: f64) -> FixedPoint {
    let scale = LocalScale::at(p.lat());
    FixedPoint { x: (f64::from(p.x) + east / scale.east_m) as u32, y: (f64::from(p.y) + north / scale.north_m) as u32 }
}

/// Normal deviates of 150 m around the population-weighted points.
fn around_people(data: &Path, count: usize) -> Vec<FixedPoint> {
    let mut reader = csv::Reader::from_path(data.join("da_points_2016.csv")).expect("the points read");
    let centers: Vec<FixedPoint> = reader
        .deserialize::<(String, f64, f64)>()
        .map(|row| row.expect("a point"))
        .filter_map(|(_, lon, lat)| FixedPoint::from_degrees(lon, lat))
        .collect();
    let mut random = Seeded(1);
    (0..count)
        .map(|_| metres(centers[random.below(centers.len())], random.normal() * 150.0, random.normal() * 150.0))
        .collect()
}

fn uniform(atlas: &Atlas, count: usize) -> Vec<FixedPoint> {
    let mut random = Seeded(2);
    let index = atlas.index();
    let around = FixedBox::around(atlas.coverage().vertices);
    std::iter::repeat_with(|| FixedPoint {
        x: around.x0 + random.below((around.x1 - around.x0) as usize) as u32,
        y: around.y0 + random.below((around.y1 - around.y0) as usize) as u32,
    })
    .filter(|&p| index.locate(p) > 0)
    .take(count)
    .collect()
}

fn near_limits(atlas: &Atlas, count: usize) -> Vec<FixedPoint> {
    let mut random = Seeded(3);
    let coverage = atlas.coverage();
    let edition = atlas.edition(0);
    let class = |side: u32| (side > 0).then(|| edition.clsc_of_unit[side as usize - 1]);
    let edges: Vec<(FixedPoint, FixedPoint)> = coverage
        .sides
        .iter()
        .enumerate()
        .filter(|(_, sides)| class(sides[0]) != class(sides[1]) && sides[0] > 0 && sides[1] > 0)
        .flat_map(|(arc, _)| coverage.arc(arc).windows(2).map(|edge| (edge[0], edge[1])))
        .collect();
    let mut reach = 0.0;
    let lengths: Vec<f64> = edges
        .iter()
        .map(|&(a, b)| {
            reach += length_m(&[a, b]);
            reach
        })
        .collect();
    (0..count)
        .map(|_| {
            let at = random.unit() * reach;
            let (a, b) = edges[lengths.partition_point(|&length| length < at).min(edges.len() - 1)];
            let part = random.unit();
            let between = |a: u32, b: u32| (f64::from(a) + (f64::from(b) - f64::from(a)) * part) as u32;
            let (far, angle) = (random.unit().sqrt() * 50.0, random.unit() * std::f64::consts::TAU);
            metres(FixedPoint { x: between(a.x, b.x), y: between(a.y, b.y) }, far * angle.cos(), far * angle.sin())
        })
        .collect()
}

/// Writes the densified units as a shapefile with the model's own coordinate system.
fn write_shapefile(data: &Path, path: &Path) {
    use shapefile::dbase::{FieldName, FieldValue, Record, TableWriterBuilder};
    let model = data.join("da_2016_model/lda_qc_model_2016.shp");
    let units = read_units(&model, PolygonOptions::default()).expect("the model reads");
    let dense = densify(&units.polygons, PIECES);
    let mut rings: Vec<Vec<Vec<shapefile::Point>>> = vec![Vec::new(); dense.ids.len()];
    for (unit, ring) in dense.rings() {
        rings[unit as usize].push(ring.iter().map(|&[x, y]| shapefile::Point::new(x, y)).collect());
    }
    let table = TableWriterBuilder::new().add_character_field(FieldName::try_from("DAUID").expect("short"), 8);
    let mut writer = shapefile::Writer::from_path(path, table).expect("the shapefile can be made");
    for (id, rings) in dense.ids.iter().zip(rings) {
        let mut record = Record::default();
        record.insert("DAUID".to_owned(), FieldValue::Character(Some(id.clone())));
        let rings = rings.into_iter().map(shapefile::PolygonRing::Outer).collect();
        writer.write_shape_and_record(&shapefile::Polygon::with_rings(rings), &record).expect("a record is written");
    }
    std::fs::copy(model.with_extension("prj"), path.with_extension("prj")).expect("the .prj is copied");
}
