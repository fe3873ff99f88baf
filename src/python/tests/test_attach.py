"""Rows have the answers of the command line, whatever table they come in."""

from __future__ import annotations

import datetime
import json
import pickle
import threading

import pyarrow as pa
import pytest
import rattache
from conftest import as_csv, as_text, read_csv

ALL = (
    "status,reason,da,clsc_code,clsc_name,rls_code,rls_name,rts_code,rts_name,rss_code,rss_name,ruisss_code,ruisss_name,"
    "method,border_m,runner_up_clsc,edition,lat,lon,uncertainty_m"
)


def arrow(places) -> pa.Table:
    nom, lat, lon = zip(*places, strict=True)
    return pa.table({"nom": nom, "lat": pa.array(lat, pa.float64()), "lon": pa.array(lon, pa.float64())})


def added(table, own: int = 3) -> list[dict[str, str]]:
    names = table.column_names[own:]
    return [{name: as_text(row[name]) for name in names} for row in table.to_pylist()]


def by_program(run, places, tmp_path, *arguments) -> list[dict[str, str]]:
    (tmp_path / "in.csv").write_bytes(as_csv(["nom", "lat", "lon"], places))
    text = run("batch", str(tmp_path / "in.csv"), "--quiet", "--columns", ALL, *arguments)
    return [{name: row[name] for name in row if name.startswith("rattache_")} for row in read_csv(text)]


@pytest.mark.parametrize("uncertainty", [None, 0, 50, 5000])
def test_rows_have_the_answers_of_the_command_line(atlas, run, places, tmp_path, uncertainty):
    flags = [] if uncertainty is None else ["--uncertainty-m", str(uncertainty)]
    expected = by_program(run, places, tmp_path, *flags)
    for workers in (1, 3):
        table = atlas.attach(arrow(places), columns=ALL, uncertainty_m=uncertainty, workers=workers)
        assert added(table.to_pyarrow()) == expected
    assert table.summary["rows"] == len(places)
    plain = atlas.attach(arrow(places), columns=ALL, uncertainty_m=uncertainty, dictionaries=False).to_pyarrow()
    assert added(plain) == expected
    assert plain.schema.field("rattache_status").type == pa.string()


def test_rows_that_name_their_day_have_the_edition_of_it(atlas, run, places, tmp_path):
    days = [datetime.date(2017, 7, 1), datetime.date(2023, 5, 6), datetime.date(1990, 1, 1), None]
    rows = [(*place, days[at % 4]) for at, place in enumerate(places)]
    table = arrow(places).append_column("jour", pa.array([row[3] for row in rows], pa.date32()))
    answered = atlas.attach(table, as_of_column="jour", columns="status,reason,clsc_code,edition")
    (tmp_path / "in.csv").write_bytes(as_csv(["nom", "lat", "lon", "jour"], rows))
    flags = ["--as-of-column", "jour", "--columns", "status,reason,clsc_code,edition"]
    expected = read_csv(run("batch", str(tmp_path / "in.csv"), "--quiet", *flags))
    expected = [{name: row[name] for name in row if name.startswith("rattache_")} for row in expected]
    assert added(answered.to_pyarrow(), 4) == expected


def test_addresses_and_postal_codes_have_the_answers_of_the_command_line(atlas, run, tmp_path):
    rows = [
        ("1", "1500, rue Ontario, Montréal", "H2L 1S6"),
        ("2", "", "H2L 1S6"),
        ("3", "zzz qqq", ""),
        ("4", "", "pas un code"),
        ("5", "123 Main Street, Toronto, ON M5V 2T6", ""),
    ]
    table = pa.table(dict(zip(["id", "adresse", "code_postal"], zip(*rows, strict=True), strict=True)))
    flags = "status,reason,clsc_code,method,score,matched_label,candidates"
    answered = atlas.attach(table, columns=flags)
    (tmp_path / "in.csv").write_bytes(as_csv(["id", "adresse", "code_postal"], rows))
    expected = read_csv(run("batch", str(tmp_path / "in.csv"), "--quiet", "--columns", flags))
    expected = [{name: row[name] for name in row if name.startswith("rattache_")} for row in expected]
    assert added(answered.to_pyarrow()) == expected
    assert len({row["rattache_status"] for row in expected}) > 1


def test_tables_of_every_library_come_and_go(atlas, places):
    sound = [place for place in places if place[1] == place[1]]
    table = arrow(sound)
    expected = atlas.attach(table, columns="clsc_code").to_pyarrow().column("rattache_clsc_code").to_pylist()
    assert any(expected) and not all(expected)
    pieces = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=77))
    given = {"batch": table.to_batches()[0], "reader": pieces, "table": rattache.table(table)}
    pandas = pytest.importorskip("pandas")
    given["pandas"] = table.to_pandas()
    polars = pytest.importorskip("polars")
    given["polars"] = polars.from_arrow(table)
    duckdb = pytest.importorskip("duckdb")
    given["duckdb"] = duckdb.sql("select * from table")
    for name, data in given.items():
        answered = atlas.attach(data, columns="clsc_code")
        assert answered.to_pyarrow().column("rattache_clsc_code").to_pylist() == expected, name
        frame = answered.to_pandas()
        assert isinstance(frame, pandas.DataFrame)
        assert [code if isinstance(code, str) else None for code in frame["rattache_clsc_code"]] == expected, name
        assert answered.to_polars()["rattache_clsc_code"].cast(polars.String).to_list() == expected, name
    found = atlas.attach(table, columns="clsc_code")
    counted = duckdb.sql("select count(rattache_clsc_code) from found").fetchone()
    assert counted == (sum(code is not None for code in expected),)


def test_one_question_has_the_answer_of_the_command_line(atlas, run):
    answer = atlas.resolve(lat=45.5088, lon=-73.5542, uncertainty_m=50)
    flags = ["--lat", "45.5088", "--lon", "-73.5542", "--uncertainty-m", "50", "--format", "json"]
    assert answer == json.loads(run("resolve", *flags))
    assert atlas.resolve(postal_code="H2L 1S6") == json.loads(
        run("resolve", "--postal-code", "H2L 1S6", "--format", "json")
    )
    assert atlas.resolve(lat=45.5088, lon=-73.5542, as_of=datetime.date(2018, 1, 1))["edition"]["id"].startswith("demo-2017")


def test_what_is_refused_is_told_in_the_words_of_the_command_line(atlas, run, program, tmp_path):
    import subprocess

    table = pa.table({"taille": [1, 2]})
    with pytest.raises(rattache.RattacheError) as refused:
        atlas.attach(table)
    (tmp_path / "in.csv").write_text("taille\n1\n2\n")
    done = subprocess.run([program, "batch", str(tmp_path / "in.csv")], capture_output=True, text=True)
    assert done.returncode == 2
    assert refused.value.french in done.stderr
    assert str(refused.value) == refused.value.french
    assert "latitude" in refused.value.english
    assert isinstance(refused.value, ValueError)
    for call in (
        lambda: atlas.resolve(),
        lambda: atlas.resolve(lat=45.5, lon=73.5, address="ici"),
        lambda: atlas.resolve(lat=-73.5, lon=45.5),
        lambda: atlas.attach(table, columns="couleur"),
        lambda: atlas.attach({"lat": [1]}),
        lambda: atlas.attach(arrow([("a", 1.0, 2.0)]), uncertainty_m=-4),
        lambda: atlas.attach(arrow([("a", 1.0, 2.0)]), edition="none"),
        lambda: rattache.Atlas.open(tmp_path / "in.csv"),
    ):
        with pytest.raises(rattache.RattacheError):
            call()
    try:
        rattache.set_language("en")
        with pytest.raises(rattache.RattacheError, match="swapped"):
            atlas.resolve(lat=-73.5, lon=45.5)
    finally:
        rattache.set_language("fr")


def test_the_interpreter_goes_on_while_rows_are_answered(atlas, places):
    table = pa.concat_tables([arrow(places)] * 200)
    turns, done = [0], threading.Event()

    def count():
        while not done.is_set():
            turns[0] += 1
            done.wait(0.0005)

    other = threading.Thread(target=count)
    other.start()
    before = turns[0]
    answered = atlas.attach(table, columns="status,border_m", workers=1)
    during = turns[0] - before
    done.set()
    other.join()
    assert len(answered) == 200 * len(places)
    assert during > 10


def test_an_atlas_is_opened_again_where_it_is_sent(atlas, program, tmp_path):
    assert pickle.loads(pickle.dumps(atlas)).editions == atlas.editions
    assert atlas.path is None and atlas.has_addresses
