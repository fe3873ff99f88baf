"""Reads the collections of a running service through pyogrio, geopandas and OWSLib.

usage: ogc.py URL
"""

import sys

import geopandas
import pyogrio
from owslib.ogcapi.features import Features

url = sys.argv[1] + "/ogc"
source = f"OAPIF:{url}"

layers = {name for name, _ in pyogrio.list_layers(source)}
assert layers == {"da", "clsc", "rls", "rts", "rss", "ruisss"}, layers
info = pyogrio.read_info(source, layer="clsc")
assert info["features"] == 166 and "4326" in str(info["crs"]) or "CRS84" in str(info["crs"]), info
table = geopandas.read_file(source, layer="clsc")
assert len(table) == 166 and table.geometry.is_valid.all(), (len(table), table.geometry.is_valid.sum())
assert (table["code"].str.len() == 5).all(), "codes keep their zeros"
part = geopandas.read_file(source, layer="clsc", bbox=(-73.6, 45.45, -73.5, 45.55))
assert set(part["code"]) < set(table["code"]) and len(part) >= 5, len(part)
one = geopandas.read_file(source, layer="clsc", where="code = '06324'")
assert list(one["name"]) == ["Montréal - Centre-Ville"], list(one["name"])
point = geopandas.GeoSeries.from_xy([-73.5542], [45.5088], crs="OGC:CRS84")
holding = table[table.contains(point[0])]
assert list(holding["code"]) == ["06324"], list(holding["code"])
units = pyogrio.read_dataframe(source, layer="da", max_features=2500)
assert len(units) == 2500 and units["DAUID"].is_unique, len(units)

service = Features(url + "/")
assert service.conformance()["conformsTo"], "no class of conformance"
assert set(service.feature_collections()) == layers, service.feature_collections()
collection = service.collection("rss")
assert collection["id"] == "rss" and collection["crs"][0].endswith("CRS84")
queryables = service.collection_queryables("clsc")
assert "RSS_code" in queryables["properties"], queryables
page = service.collection_items("clsc", limit=10, bbox=[-73.6, 45.45, -73.5, 45.55])
assert page["numberReturned"] == len(page["features"]) <= 10
old = service.collection_items("rss", datetime_="2018-01-01")
assert {one["properties"]["edition"] for one in old["features"]} == {"demo-2017-07-01"}
assert service.collection_item("clsc", "06324")["properties"]["name"] == "Montréal - Centre-Ville"
assert service.api()["openapi"].startswith("3.0."), "no description"
print(f"pyogrio {pyogrio.__version__} (GDAL {pyogrio.__gdal_version_string__}), geopandas {geopandas.__version__}: read")
