"""Tables of characters for `str.translate`, as the channels use them."""

from __future__ import annotations

_KEPT = 20_000  # characters that are remembered to stay as they are: more than people use


class Characters(dict[int, "int | str | None"]):
    """What becomes of characters; any other stays. Of one that a plain dict lacks `str.translate` hears by an error, made and
    caught for each: for Chinese words that takes ten times as long.
    """

    def __missing__(self, code: int) -> int:
        if len(self) < _KEPT:
            self[code] = code
        return code
