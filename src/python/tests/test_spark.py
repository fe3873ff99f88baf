"""Spark in one process has the rows of the command line."""

from __future__ import annotations

import shutil

import pytest
from conftest import as_csv, as_text, read_csv

pyspark = pytest.importorskip("pyspark")
pytest.importorskip("pyarrow")
if shutil.which("java") is None:
    pytest.skip("no Java for Spark", allow_module_level=True)

COLUMNS = "status,reason,da,clsc_code,clsc_name,border_m"


@pytest.fixture(scope="module")
def session():
    from pyspark.sql import SparkSession

    built = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "100")
        .getOrCreate()
    )
    yield built
    built.stop()


def test_rows_have_the_answers_of_the_command_line_on_an_atlas_that_was_sent(session, run, places, tmp_path):
    from rattache import spark

    path = tmp_path / "quebec.atlas"
    write_demo(path)
    sound = [place for place in places if place[1] is None or place[1] == place[1]]
    frame = session.createDataFrame(sound, "nom string, lat double, lon double").repartition(4)
    attached = spark.attach(frame, atlas=path, columns=COLUMNS, uncertainty_m=25)
    rows = {row["nom"]: row for row in attached.collect()}
    (tmp_path / "in.csv").write_bytes(as_csv(["nom", "lat", "lon"], sound))
    flags = ["--quiet", "--columns", COLUMNS, "--uncertainty-m", "25", "--atlas", str(path)]
    expected = read_csv(run("batch", str(tmp_path / "in.csv"), *flags))
    assert len(rows) == len(expected) == len(sound)
    for wanted in expected:
        got = rows[wanted["nom"]]
        for name in wanted:
            if name.startswith("rattache_"):
                assert as_text(got[name]) == wanted[name], (wanted["nom"], name)


def test_what_can_not_be_served_is_refused_before_any_job(session):
    import rattache
    from rattache import spark

    with pytest.raises(rattache.RattacheError):
        spark.attach(session.createDataFrame([(1,)], "taille int"))


def write_demo(path):
    """The demo as a file: what the cache keeps of it."""
    import os
    from pathlib import Path

    import rattache

    rattache.Atlas.demo()
    home = os.environ.get("RATTACHE_CACHE") or Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "rattache"
    kept = sorted(Path(home).glob("demo-*.atlas"), key=lambda file: file.stat().st_mtime)
    shutil.copy(kept[-1], path)
