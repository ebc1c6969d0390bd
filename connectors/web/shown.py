"""Files of the core that a line of a conversation shows: `GET /chat/files/<seq of the line>/<which of its files>`.

Only the line itself lets anybody have one: whoever holds the conversation's secret, for as long as the core keeps the file.
It is served to be saved, never to be shown as a page of ours, whatever it holds.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from connectors.port import ConversationLog

_PLACE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")  # below the folder of files; the core names them so
_HEADERS = {
    "Content-Type": "application/octet-stream",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Shown:
    """What is shown of the core's files. directory: where it keeps them."""

    def __init__(self, channel: str, log: ConversationLog, directory: Path) -> None:
        self._channel = channel
        self._log = log
        self._directory = directory

    async def response(self, conversation: str, seq: int, position: int) -> web.StreamResponse:
        """Return a file of a line of this conversation. Raises HTTPNotFound where there is none, or none any more."""
        lines = await self._log.since(self._channel, conversation, seq - 1, limit=1)
        files = lines[0].files if lines and lines[0].seq == seq and lines[0].outgoing else ()
        if position >= len(files) or not _PLACE.fullmatch(files[position].handle):
            raise web.HTTPNotFound(text="There is no such file.\n")
        place = self._directory / files[position].handle
        if not place.is_file():  # it was forgotten, as its owner or the law wants it
            raise web.HTTPNotFound(text="This file is not kept any more.\n")
        saved_as = f"attachment; filename*=UTF-8''{quote(files[position].name, safe='')}"
        return web.FileResponse(place, headers=_HEADERS | {"Content-Disposition": saved_as})
