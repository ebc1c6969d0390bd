"""Reading what a stranger sends, and no more of it than we take."""

from __future__ import annotations

from aiohttp import web


async def read_body(request: web.Request, most: int) -> bytes | None:
    """Return the body, or None as soon as it is known to be longer than `most` bytes."""
    if (request.content_length or 0) > most:
        return None
    body = bytearray()
    async for chunk in request.content.iter_chunked(most):
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)
