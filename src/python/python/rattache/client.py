"""A thin client of the service, for those who may not have the atlas: the same questions over HTTP."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

from ._rattache import RattacheError, Table, read_ipc, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._rattache import ArrowArray, ArrowStream

__all__ = ["Client"]

_ARROW = "application/vnd.apache.arrow.stream"


class Client:
    """Asks a service (`rattache serve`).

    Questions go in the body of a request, never in its address: neither logs nor proxies see where somebody lives. `token` is sent
    as `Authorization: Bearer`.
    """

    def __init__(self, url: str, *, token: str | None = None, timeout_s: float = 60.0, language: str = "fr") -> None:
        self.url = url.rstrip("/")
        self.timeout_s = timeout_s
        self._headers = {"Accept-Language": language}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"

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
        """The answer to one question."""
        asked = {
            "lat": lat,
            "lon": lon,
            "address": address,
            "postal_code": postal_code,
            "installation": installation,
            "as_of": None if as_of is None else str(as_of),
            "edition": edition,
            "uncertainty_m": uncertainty_m,
            "basis": basis,
        }
        question = {name: value for name, value in asked.items() if value is not None}
        body = json.dumps(question).encode()
        answer = self._ask("POST", "/v1/resolve", {}, body, "application/json")
        found: dict[str, Any] = json.loads(answer.read())
        return found

    def attach(
        self,
        data: ArrowStream | ArrowArray,
        *,
        lat: str | None = None,
        lon: str | None = None,
        address: str | None = None,
        postal_code: str | None = None,
        as_of_column: str | None = None,
        as_of: str | datetime.date | None = None,
        edition: str | None = None,
        columns: str | Sequence[str] | None = None,
        uncertainty_m: float | None = None,
    ) -> Table:
        """Adds the territory of every row, as `Atlas.attach` does."""
        chosen = columns if columns is None or isinstance(columns, str) else ",".join(columns)
        query = {
            "lat_column": lat,
            "lon_column": lon,
            "address_column": address,
            "postal_code_column": postal_code,
            "as_of_column": as_of_column,
            "as_of": None if as_of is None else str(as_of),
            "edition": edition,
            "columns": chosen,
            "uncertainty_m": None if uncertainty_m is None else str(uncertainty_m),
        }
        sent = data if isinstance(data, Table) else table(data)
        return read_ipc(self._ask("POST", "/v1/batch", query, sent.to_ipc(), _ARROW).read())

    def attach_file(
        self, source: str | os.PathLike[str], target: str | os.PathLike[str], **query: str | None
    ) -> None:
        """Adds the territory of every row of a CSV file, which is streamed. `query` as `POST /v1/batch` has it."""
        with open(source, "rb") as body, self._ask("POST", "/v1/batch", query, body, "text/csv") as answer:
            with open(target, "wb") as out:
                shutil.copyfileobj(answer, out)

    def editions(self) -> Any:
        """The editions that the service answers on."""
        return json.loads(self._ask("GET", "/v1/editions", {}, None, None).read())

    def _ask(self, method: str, path: str, query: dict[str, str | None], body: Any, kind: str | None) -> Any:
        given = {name: value for name, value in query.items() if value is not None}
        address = f"{self.url}{path}" + (f"?{urllib.parse.urlencode(given)}" if given else "")
        headers = dict(self._headers)
        if kind is not None:
            headers["Content-Type"] = kind
        request = urllib.request.Request(address, data=body, headers=headers, method=method)
        try:
            return urllib.request.urlopen(request, timeout=self.timeout_s)
        except urllib.error.HTTPError as refused:
            raise _refused(refused) from None


def _refused(refused: urllib.error.HTTPError) -> RattacheError:
    """What the service refuses, in its own words."""
    try:
        problem = json.loads(refused.read())
        words = str(problem.get("detail") or problem.get("title") or refused.reason)
    except (ValueError, AttributeError):
        words = f"{refused.code} {refused.reason}"
    error = RattacheError(words)
    error.french = error.english = words
    return error
