"""The client asks the service and has the answers of the atlas."""

from __future__ import annotations

import socket
import subprocess
import time

import pyarrow as pa
import pytest
import rattache
from conftest import as_csv
from test_attach import arrow


@pytest.fixture(scope="module")
def service(program):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serving = subprocess.Popen(
        [program, "serve", "--bind", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    client = rattache.Client(f"http://127.0.0.1:{port}", language="en")
    for _ in range(300):
        if serving.poll() is not None:
            pytest.fail(serving.stderr.read().decode())
        try:
            client.editions()
            break
        except OSError:
            time.sleep(0.1)
    yield client
    serving.terminate()
    serving.wait()


def test_answers_are_those_of_the_atlas(atlas, service, places, tmp_path):
    assert service.resolve(lat=45.5088, lon=-73.5542) == atlas.resolve(lat=45.5088, lon=-73.5542)
    table = arrow(places)
    mine = atlas.attach(table, columns="status,reason,clsc_code,border_m", uncertainty_m=25).to_pyarrow()
    theirs = service.attach(table, columns=["status", "reason", "clsc_code", "border_m"], uncertainty_m=25).to_pyarrow()
    assert theirs.slice(0).drop_columns(["lat"]).to_pylist() == mine.drop_columns(["lat"]).to_pylist()
    (tmp_path / "in.csv").write_bytes(as_csv(["nom", "lat", "lon"], places))
    service.attach_file(tmp_path / "in.csv", tmp_path / "out.csv", columns="status")
    assert (tmp_path / "out.csv").read_text().count("\n") == len(places) + 1


def test_what_the_service_refuses_is_an_exception_with_its_words(service):
    with pytest.raises(rattache.RattacheError, match="swapped"):
        service.resolve(lat=-73.5, lon=45.5)
    with pytest.raises(rattache.RattacheError, match="taille"):
        service.attach(pa.table({"taille": [1]}))
