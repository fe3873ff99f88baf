"""Rattache: which CLSC territory a place in Québec belongs to, and what happens when a boundary moves.

>>> import rattache
>>> atlas = rattache.Atlas.demo()                     # or Atlas.open("quebec.atlas")
>>> atlas.resolve(lat=45.5088, lon=-73.5542)["lineage"]["clsc"]["code"]
'06324'
>>> atlas.attach({"lat": ..., "lon": ...})            # any table that speaks Arrow: pandas, polars, DuckDB, pyarrow

Tables come and go by the Arrow PyCapsule interface: nothing but this package is needed. What the demo answers is imaginary.
"""

from . import revision, series
from ._rattache import Atlas, RattacheError, Table, __version__, read_ipc, set_language, table
from .client import Client

__all__ = [
    "Atlas",
    "Client",
    "RattacheError",
    "Table",
    "__version__",
    "read_ipc",
    "revision",
    "series",
    "set_language",
    "table",
]
