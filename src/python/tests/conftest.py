"""What the tests share: the demo, the program beside the package, and tables of odd places."""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
import rattache

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def atlas() -> rattache.Atlas:
    return rattache.Atlas.demo()


@pytest.fixture(scope="session")
def program() -> str:
    """The program: `RATTACHE`, else what this tree built last, else the one installed."""
    named = os.environ.get("RATTACHE")
    built = [ROOT / "target" / profile / "rattache" for profile in ("tests", "debug", "release")]
    there = sorted((path for path in built if path.is_file()), key=lambda path: path.stat().st_mtime)
    found = named or (str(there[-1]) if there else shutil.which("rattache"))
    if not found:
        pytest.skip("no program rattache to compare with: build it, or set RATTACHE")
    return found


@pytest.fixture(scope="session")
def run(program: str):
    """Runs the program and gives what it writes; exit code 1 (not every row resolved) is an answer."""

    def call(*arguments: str, **options) -> bytes:
        done = subprocess.run([program, *arguments], capture_output=True, **options)
        assert done.returncode in (0, 1), done.stderr.decode()
        return done.stdout

    return call


@pytest.fixture(scope="session")
def places() -> list[tuple[str, float | None, float | None]]:
    """Numbers, latitudes and longitudes: all over Québec, around Montréal, off it, and what is no place."""
    chance = random.Random(7)
    odd = [
        (None, -73.5),
        (45.5, None),
        (None, None),
        (0.0, 0.0),
        (45.5, 73.5),
        (-73.5, 45.5),
        (91.0, -73.5),
        (45.42, -75.69),
        (float("inf"), -73.5),
        (float("nan"), -73.5),
    ]
    rows = []
    for row in range(600):
        if row % 10 == 0:
            lat, lon = chance.choice(odd)
        elif row % 2:
            lat, lon = round(chance.uniform(44, 63), 6), round(chance.uniform(-81, -56), 6)
        else:
            lat, lon = round(chance.uniform(45.4, 45.7), 6), round(chance.uniform(-73.95, -73.45), 6)
        rows.append((f"{row:04}", lat, lon))
    return rows


def as_csv(names, rows) -> bytes:
    """A table as the program reads it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    for row in rows:
        writer.writerow(["" if value is None or value != value else value for value in row])
    return out.getvalue().encode()


def read_csv(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode())))


def as_text(value) -> str:
    """A value as CSV has it: whole numbers without their point."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)
