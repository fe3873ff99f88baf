"""The part of scripts/bench-arrow that runs in Python: `attach` beside pyarrow, SedonaDB, geopandas and Spark on the same points."""

import os
import random
import struct
import sys
import tempfile
import time

import pyarrow as pa
import pyarrow.parquet as pq
import rattache

COLUMNS = "status,da,clsc_code"
rows = int(sys.argv[1])


def report(what, work, count=None):
    count = count or rows
    wall, spent = time.perf_counter(), os.times()
    result = work()
    wall, after = time.perf_counter() - wall, os.times()
    # Processes that have ended count, such as Spark's workers.
    spent = sum(after[:4]) - sum(spent[:4])
    print(f"| {what} | {count:,} | {wall:.3f} | {spent:.2f} | {count / wall / 1e6:.2f} | {count / max(spent, 0.01) / 1e6:.2f} |", flush=True)
    return result


def first_vertex(shape):
    """The first vertex of a MultiPolygon in little-endian well-known binary."""
    return struct.unpack_from("<dd", shape, 22)


atlas = rattache.Atlas.demo()
areas = atlas.territories("da")
chance = random.Random(1)
corners = [first_vertex(shape) for shape in pa.table(areas).column("geometry").to_pylist() if shape]
lons, lats = [], []
for _ in range(rows):
    lon, lat = corners[chance.randrange(len(corners))]
    lons.append(round(lon + chance.uniform(-0.006, 0.006), 6))
    lats.append(round(lat + chance.uniform(-0.0045, 0.0045), 6))
points = pa.table({"id": pa.array(range(rows), pa.int64()), "lat": lats, "lon": lons})
folder = tempfile.mkdtemp()
source, target = os.path.join(folder, "points.parquet"), os.path.join(folder, "out.parquet")
pq.write_table(points, source, row_group_size=131072)

print("\n| in Python | rows | seconds | processor s | million rows/s | million rows/s of processor time |")
print("|---|---|---|---|---|---|")
report("pyarrow: read and write the file", lambda: pq.write_table(pq.read_table(source), target))
report("attach on Arrow, 1 thread", lambda: atlas.attach(points, columns=COLUMNS, workers=1))
report("attach on Arrow, all threads", lambda: atlas.attach(points, columns=COLUMNS))
report("attach, read and written by pyarrow", lambda: pq.write_table(atlas.attach(pq.read_table(source), columns=COLUMNS, dictionaries=False).to_pyarrow(), target))

try:
    import geopandas

    few = points.slice(0, min(rows, 200_000))
    shapes = areas.to_pyarrow()
    import shapely

    frame = geopandas.GeoDataFrame(
        {"da": shapes.column("code").to_pylist()},
        geometry=shapely.from_wkb(shapes.column("geometry").to_pylist()),
        crs="OGC:CRS84",
    )

    def join():
        table = few.to_pandas()
        table = geopandas.GeoDataFrame(table, geometry=geopandas.points_from_xy(table.lon, table.lat), crs="OGC:CRS84")
        return geopandas.sjoin(table, frame, how="left", predicate="within")

    report("geopandas sjoin with the same areas", join, len(few))
except ImportError as error:
    print(f"geopandas left out: {error}", file=sys.stderr)

try:
    import sedonadb

    session = sedonadb.connect()
    session.create_data_frame(points).to_view("points")
    plain = pa.table({"da": areas.to_pyarrow().column("code"), "shape": areas.to_pyarrow().column("geometry").cast(pa.binary())})
    session.create_data_frame(plain).to_view("areas")
    question = """select p.id, a.da from points p join (select da, ST_GeomFromWKB(shape) as geometry from areas) a
        on ST_Within(ST_Point(p.lon, p.lat), a.geometry)"""
    report("SedonaDB ST_Within with the same areas", lambda: session.sql(question).to_arrow_table())
except Exception as error:  # Whatever a peer fails with, the others are measured.
    print(f"SedonaDB left out: {error}", file=sys.stderr)

try:
    from pyspark.sql import SparkSession
    from rattache import spark

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "100000")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    frame = session.read.parquet(source)
    attached = spark.attach(frame, columns=COLUMNS)
    attached.limit(1).collect()
    report("Spark local[2]: read, attach, write", lambda: attached.write.mode("overwrite").parquet(target + ".spark"))
    report("Spark local[2]: read, write", lambda: frame.write.mode("overwrite").parquet(target + ".plain"))
    session.stop()
except Exception as error:
    print(f"Spark left out: {error}", file=sys.stderr)
