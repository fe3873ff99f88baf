"""What is written in Rust."""

import datetime
import os
from collections.abc import Sequence
from typing import Any, Protocol

__version__: str

class ArrowStream(Protocol):
    """A table that speaks the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class ArrowArray(Protocol):
    """A record batch that speaks the Arrow PyCapsule interface."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

class RattacheError(ValueError):
    """What Rattache refuses, in the words of its command line."""

    french: str
    english: str

class Table:
    """A table of Arrow: hand it to pandas, polars, DuckDB or pyarrow, or call one of its methods."""

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in order."""
    @property
    def summary(self) -> dict[str, int] | None:
        """Rows, and rows by status, where rows were attached."""
    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...
    def to_pyarrow(self) -> Any:
        """The table as a pyarrow.Table, without a copy."""
    def to_pandas(self) -> Any:
        """The table as a pandas.DataFrame (by way of pyarrow); codes and names are categories."""
    def to_polars(self) -> Any:
        """The table as a polars.DataFrame."""
    def to_geopandas(self) -> Any:
        """The table as a geopandas.GeoDataFrame, where it has outlines."""
    def to_ipc(self) -> bytes:
        """The table as an Arrow IPC stream."""

class Atlas:
    """An atlas: what answers questions. It can be pickled, and is opened again where it comes to."""

    @staticmethod
    def open(path: str | os.PathLike[str]) -> Atlas:
        """Opens an atlas that `rattache atlas build` made."""
    @staticmethod
    def demo() -> Atlas:
        """The embedded model of Québec: its limits are imaginary."""
    @property
    def path(self) -> str | None:
        """Where it was opened; None for the demo."""
    @property
    def has_addresses(self) -> bool:
        """Whether it answers addresses and postal codes."""
    @property
    def editions(self) -> list[dict[str, Any]]:
        """Its editions, in order of date."""
    def attach(
        self,
        data: ArrowStream | ArrowArray,
        *,
        lat: str | None = None,
        lon: str | None = None,
        address: str | None = None,
        street: str | None = None,
        city: str | None = None,
        province: str | None = None,
        postal_code: str | None = None,
        as_of_column: str | None = None,
        as_of: str | datetime.date | None = None,
        edition: str | None = None,
        columns: str | Sequence[str] | None = None,
        uncertainty_m: float | None = None,
        fill_ambiguous: bool = False,
        trust_coordinates: bool = False,
        dictionaries: bool = True,
        workers: int | None = None,
    ) -> Table:
        """Adds the territory of every row, or the reason why it has none.

        `lat`, `lon`, `address`, `street`, `city`, `province`, `postal_code` and `as_of_column` name columns; those that are left
        out are found by their usual names. `columns` chooses what is added (`status,clsc_code`). With `dictionaries=False`, codes
        and names are plain text.
        """
    def resolve(
        self,
        *,
        lat: float | None = None,
        lon: float | None = None,
        address: str | None = None,
        postal_code: str | None = None,
        installation: str | None = None,
        as_of: str | datetime.date | None = None,
        edition: str | None = None,
        uncertainty_m: float | None = None,
        basis: str | None = None,
    ) -> dict[str, Any]:
        """The answer to one question: what `rattache resolve --format json` writes."""
    def territories(
        self,
        level: str = "clsc",
        *,
        edition: str | None = None,
        as_of: str | datetime.date | None = None,
        geometry: bool = True,
    ) -> Table:
        """The territories of a level (da, clsc, rls, rts, rss, ruisss), with their outlines as GeoArrow (well-known binary)."""
    def crosswalk(
        self, from_edition: str, to_edition: str, *, level: str = "clsc", weights: str = "population"
    ) -> Table:
        """Weighted pairs between the territories of two editions; the weights of a source add up to 1."""

def set_language(language: str) -> None:
    """The language of messages: "fr" or "en"."""

def table(data: ArrowStream | ArrowArray) -> Table:
    """A table of whatever speaks the Arrow PyCapsule interface."""

def read_ipc(data: bytes) -> Table:
    """The table of an Arrow IPC stream."""

def check(
    atlas: Atlas,
    data: ArrowStream | ArrowArray | bytes | str | os.PathLike[str],
    *,
    to: str | None = None,
    editions: str | None = None,
    level: str | None = None,
    measure: str | None = None,
) -> Table: ...
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
) -> Table: ...
def simulate(
    atlas: Atlas, revision: str | os.PathLike[str], *, base: str | None = None
) -> tuple[dict[str, Any], Table]: ...
