"""Statistical series: which values still compare, and what they would have been on one edition."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from . import _rattache

if TYPE_CHECKING:
    from ._rattache import ArrowArray, ArrowStream, Atlas, Table

__all__ = ["bridge", "check"]


def check(
    atlas: Atlas,
    data: ArrowStream | ArrowArray | bytes | str | os.PathLike[str],
    *,
    to: str | None = None,
    editions: str | None = None,
    level: str | None = None,
    measure: str | None = None,
) -> Table:
    """A verdict for every value of a table: does it still compare?

    `data` is a table that speaks Arrow, the bytes of a file or the name of one: long (period, level, code, value) or wide. Numbers
    stand in `value`; what stands for a value that is withheld (`x`, `<5`), in `value_text`.
    """
    return _rattache.check(atlas, data, to=to, editions=editions, level=level, measure=measure)


def bridge(
    atlas: Atlas,
    data: ArrowStream | ArrowArray | bytes | str | os.PathLike[str],
    *,
    to: str,
    editions: str | None = None,
    level: str | None = None,
    measure: str | None = None,
    weights: str = "population",
    rate_per: float | None = None,
) -> Table:
    """The whole table on one edition, with an interval where a value can only be estimated."""
    return _rattache.bridge(
        atlas, data, to=to, editions=editions, level=level, measure=measure, weights=weights, rate_per=rate_per
    )
