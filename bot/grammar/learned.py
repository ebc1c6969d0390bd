"""What `teaching.py` learned, as its file tells it: lines are read when they are asked for.

Kept as text in one piece, its hundred thousand lines take 5 MB and are ready at once. As strings in a dictionary they would
take 22 MB and a tenth of a second, and few of them are ever asked for.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

_PAGE: Final = 512  # bytes that are looked through for a line: the fewer, the more first lines have to be kept


@dataclass(frozen=True, slots=True)
class Learned:
    """The lines of one language, sorted by their pieces."""

    language: str
    text: bytes  # the whole file, other languages with it
    firsts: list[bytes]
    """The first piece of each page."""
    starts: array[int]
    """Where each page begins, and where the last one ends: always at the end of a line."""

    @classmethod
    def of(cls, language: str, text: bytes) -> Self:
        """Divide the language's lines, which stand together, into pages."""
        mark = f"\n{language}\t".encode()
        at, last = text.find(mark), text.rfind(mark)
        firsts: list[bytes] = []
        starts = array("L")
        while 0 <= at <= last:
            starts.append(at)
            begin = at + len(mark)
            firsts.append(text[begin : text.index(b"\t", begin)])
            at = text.index(b"\n", min(at + _PAGE, last + 1))
        starts.append(max(at, 0))
        return cls(language, text, firsts, starts)

    def get(self, piece: str) -> str | None:
        """Return what is told of a piece: a label's place and weight in turn."""
        wanted = piece.encode("utf-8", "surrogatepass")  # letters that no file can hold may stand in a message
        page = bisect_right(self.firsts, wanted)
        if not page:
            return None
        line = b"\n%s\t%s\t" % (self.language.encode(), wanted)
        at = self.text.find(line, self.starts[page - 1], self.starts[page])
        if at < 0:
            return None
        begin = at + len(line)
        return self.text[begin : self.text.index(b"\n", begin)].decode()


def read(path: Path) -> tuple[list[str], dict[str, Learned]]:
    """Return the labels by their places, and what each language's pieces are worth."""
    text = path.read_bytes()
    _, labels, _ = text.split(b"\n", 2)
    return labels.decode().split("\t")[1:], {language: Learned.of(language, text) for language in ("zh", "en")}
