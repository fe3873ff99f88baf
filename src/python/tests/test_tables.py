"""Territories, crosswalks, series and revisions: the tables of the command line."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
import rattache
from conftest import ROOT, as_text, read_csv

EXAMPLES = ROOT / "data" / "examples"


def same_as_csv(table, expected, text_of=("value",)):
    """Whether a table has the columns of a CSV; numbers are compared as numbers."""
    rows = table.to_pylist()
    assert len(rows) == len(expected) > 0
    for row, wanted in zip(rows, expected, strict=True):
        for name, text in wanted.items():
            value = row[name]
            if name in text_of and value is None:
                value = row[f"{name}_text"]
            if isinstance(value, float) and text != "":
                assert value == pytest.approx(float(text), rel=0, abs=0), name
            else:
                assert as_text(value) == text, name


def test_territories_have_their_outlines_as_geoarrow(atlas):
    table = atlas.territories("rss").to_pyarrow()
    assert table.num_rows == 18
    field = table.schema.field("geometry")
    extension = getattr(field.type, "extension_name", None) or field.metadata[b"ARROW:extension:name"].decode()
    assert extension == "geoarrow.wkb"
    assert atlas.territories("rss", geometry=False).column_names[-1] == "area_km2"
    areas = atlas.territories("da", geometry=False).to_pyarrow()
    assert sum(areas.column("population").to_pylist()) == sum(table.column("population").to_pylist())
    shapely = pytest.importorskip("shapely")
    shapes = shapely.from_wkb(table.column("geometry").combine_chunks().cast(pa.binary()).to_pylist())
    assert all(shapely.is_valid(shapes))


def test_outlines_become_a_geodataframe(atlas):
    pytest.importorskip("geopandas")
    pytest.importorskip("geoarrow.pyarrow", reason="geopandas reads what pyarrow knows as GeoArrow")
    frame = atlas.territories("rss").to_geopandas()
    assert len(frame) == 18 and frame.geometry.is_valid.all()


def test_a_crosswalk_is_that_of_the_command_line(atlas, run):
    first, last = atlas.editions[0]["id"], atlas.editions[-1]["id"]
    table = atlas.crosswalk(first, last, level="clsc").to_pyarrow()
    flags = ["--from", first, "--to", last, "--level", "clsc", "--format", "csv"]
    same_as_csv(table, read_csv(run("series", "crosswalk", *flags)))
    for code in set(table.column("from_code").to_pylist()):
        weights = [row["weight"] for row in table.to_pylist() if row["from_code"] == code]
        assert sum(weights) == pytest.approx(1, abs=1e-9)
    with pytest.raises(rattache.RattacheError):
        atlas.crosswalk(first, last, weights="taille")


def test_series_are_checked_and_bridged_as_by_the_command_line(atlas, run):
    path = EXAMPLES / "serie.csv"
    last = atlas.editions[-1]["id"]
    checked = rattache.series.check(atlas, path).to_pyarrow()
    same_as_csv(checked, read_csv(run("series", "check", str(path), "--format", "csv")))
    bridged = rattache.series.bridge(atlas, path, to=last).to_pyarrow()
    expected = read_csv(run("series", "bridge", str(path), "--to", last, "--format", "csv"))
    same_as_csv(bridged, expected)
    # The same table from memory.
    csv = pytest.importorskip("pyarrow.csv")
    types = csv.ConvertOptions(column_types={"code": pa.string(), "clsc": pa.string()})
    table = csv.read_csv(path, parse_options=csv.ParseOptions(delimiter=_separator(path)), convert_options=types)
    again = rattache.series.bridge(atlas, table, to=last).to_pyarrow()
    assert again.column("code").to_pylist() == bridged.column("code").to_pylist()


def _separator(path) -> str:
    head = path.read_text(encoding="utf-8").splitlines()[0]
    return max(";,\t", key=head.count)


def test_a_revision_has_the_effects_that_the_command_line_tells(atlas, run, tmp_path):
    path = EXAMPLES / "revision.toml"
    done = rattache.revision.simulate(atlas, path)
    told = json.loads(run("revision", "simulate", str(path), "--format", "json", "--affected", str(tmp_path / "units.csv")))
    assert done.dossier == told
    same_as_csv(done.units.to_pyarrow(), read_csv((tmp_path / "units.csv").read_bytes()))
    assert rattache.revision.simulate(atlas, path.read_text(encoding="utf-8")).dossier["impact"] == told["impact"]
