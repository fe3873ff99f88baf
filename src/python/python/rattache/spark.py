"""Rattache inside Spark: the atlas goes once to every executor, and is opened once in each of its Python workers.

>>> from rattache import spark
>>> spark.attach(df, atlas="quebec.atlas", columns="status,clsc_code")
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from . import Atlas

__all__ = ["attach"]

_NUMBERS = {"score", "border_m", "lat", "lon", "uncertainty_m"}
_SENT = "_rattache_sent"


@lru_cache(maxsize=4)
def _opened(path: str | None) -> Atlas:
    """The atlas of a worker, which lives as long as the worker."""
    return Atlas.demo() if path is None else Atlas.open(path)


def _send(context: Any, path: str) -> str:
    """Sends an atlas to every executor, once for each context; the name by which they find it."""
    sent: dict[str, str] = context.__dict__.setdefault(_SENT, {})
    whole = os.path.abspath(path)
    name = os.path.basename(whole)
    if whole not in sent:
        if name in sent.values():
            raise ValueError(f"two atlases of the name {name!r}: rename one of them")
        context.addFile(whole)
        sent[whole] = name
    return sent[whole]


def attach(df: Any, atlas: str | os.PathLike[str] | None = None, **options: Any) -> Any:
    """Adds the territory of every row of a Spark DataFrame.

    `atlas` is the path of an atlas on the driver; the embedded demo without one. `options` are those of `Atlas.attach`. The added
    columns are text (numbers: double), the same values as the command line gives row by row.
    """
    from pyspark.sql.types import DoubleType, StringType, StructField, StructType

    session = df.sparkSession
    name = None if atlas is None else _send(session.sparkContext, os.fspath(atlas))
    settings = {"workers": 1, **options, "dictionaries": False}
    added = _added_columns(df, settings, None if atlas is None else os.fspath(atlas))
    kind = {column: DoubleType() if column in _NUMBERS else StringType() for column in added}
    fields = [StructField(f"rattache_{column}", kind[column], True) for column in added]
    schema = StructType(df.schema.fields + fields)

    def work(batches: Iterator[Any]) -> Iterator[Any]:
        from pyspark import SparkFiles

        opened = _opened(None if name is None else SparkFiles.get(name))
        for batch in batches:
            yield from opened.attach(batch, **settings).to_pyarrow().to_batches()

    return df.mapInArrow(work, schema)


def _added_columns(df: Any, settings: dict[str, Any], path: str | None) -> list[str]:
    """The names of the added columns; what can not be served is refused here, before any job starts."""
    import pyarrow
    from pyspark.sql.pandas.types import to_arrow_schema

    empty = to_arrow_schema(df.schema).empty_table()
    own = len(df.schema.fields)
    answered = _opened(path).attach(pyarrow.table(empty), **settings)
    return [column.removeprefix("rattache_") for column in answered.column_names[own:]]
