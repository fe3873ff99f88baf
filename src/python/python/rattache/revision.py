"""Revisions of the territories: what one does at every level."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _rattache

if TYPE_CHECKING:
    from ._rattache import Atlas, Table

__all__ = ["Simulation", "simulate"]


@dataclass(frozen=True)
class Simulation:
    """What a revision does."""

    dossier: dict[str, Any]
    """What `rattache revision simulate --format json` writes."""
    units: Table
    """The units that change territory at any level: people, and their codes before and after."""


def simulate(atlas: Atlas, revision: str | os.PathLike[str], *, base: str | None = None) -> Simulation:
    """The effects of a revision at every level.

    `revision` is the name of a file (.toml, .csv), or the text of a revision in TOML.
    """
    if isinstance(revision, str) and "\n" in revision:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "revision.toml"
            path.write_text(revision, encoding="utf-8")
            return Simulation(*_rattache.simulate(atlas, path, base=base))
    return Simulation(*_rattache.simulate(atlas, revision, base=base))
