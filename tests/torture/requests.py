"""Reading along on a line that carries HTTP: what was asked, and how it was answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes


@dataclass
class Request:
    """target: path and query. status: of the answer; None while there is none, and where it was lost on the way."""

    target: str
    status: int | None = None

    @property
    def words(self) -> str:
        """The target with its percent signs undone; of UTF-16 the ASCII remains."""
        return unquote_to_bytes(self.target).replace(b"\0", b"").decode("utf-8", "replace")


@dataclass
class Requests:
    """`network.overheard = requests.overheard`. Requests follow one another on a connection, each head in one piece."""

    all: list[Request] = field(default_factory=list)
    _open: dict[int, Request] = field(default_factory=dict)

    def overheard(self, connection: int, by_server: bool, data: bytes) -> None:
        if by_server:
            request = self._open.pop(connection, None)
            if request is not None and data.startswith(b"HTTP/1.") and data[9:12].isdigit():
                request.status = int(data[9:12])
        elif data.startswith((b"GET ", b"POST ")):
            request = Request(data.split(b" ", 2)[1].decode("ascii", "replace"))
            self.all.append(request)
            self._open[connection] = request
