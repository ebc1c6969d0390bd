"""Bytes into text when the label may be wrong."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# Mail labelled gb2312 really is GBK or GB18030 (trap 13); the other names are what Chinese clients have been seen to write.
_GB_NAMES = frozenset(
    {"gb2312", "gb23121980", "gbk", "xgbk", "cp936", "ms936", "windows936", "ansi", "gb", "gb18030", "hz"}
)
_LATIN_NAMES = frozenset({"iso88591", "latin1", "windows1252", "cp1252", "usascii", "ascii"})
# Text encodings of Python that no mail means by such a name, and that would interpret instead of decode.
_NOT_CHARSETS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "utf-7"}
)
_THREE_BYTE_UTF8 = re.compile(rb"[\xe1-\xef][\x80-\xbf]{2}")
_SQUASH = re.compile(r"[^a-z0-9]")


@lru_cache(maxsize=256)
def codec_for(declared: str) -> str | None:
    """Return the codec a declared charset really means, or None where the name says nothing."""
    name = declared.strip().strip("'\"").lower()[:64]
    squashed = _SQUASH.sub("", name)
    if squashed in _GB_NAMES or squashed.startswith("gb2312"):
        return "hz" if squashed == "hz" else "gb18030"
    if squashed in _LATIN_NAMES:
        return "cp1252"
    if squashed in ("big5", "big5hkscs", "cnbig5", "xbig5"):
        return "big5hkscs"
    if squashed in ("hzgb2312",):
        return "hz"
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if (
        not getattr(info, "_is_text_encoding", True)
        or info.name.replace("-", "_") in _NOT_CHARSETS
        or info.name in _NOT_CHARSETS
    ):
        return None
    return info.name


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of `data`, never failing: the declared charset, then UTF-8, then GB18030, then Latin-1.

    A label of the GB family or of the Latin ones is overruled where the bytes are plainly UTF-8: programs that take a
    constant label for any text are common, and a run of valid UTF-8 that long does not happen by chance in either.
    """
    if data.isascii() and b"\x1b" not in data and b"~" not in data:
        codec = codec_for(declared) if declared else None
        if codec is None or not codec.startswith(("utf-16", "utf-32", "cp037", "cp500")):
            return data.decode("ascii")
    codec = codec_for(declared) if declared else None
    if codec == "gb18030" and len(_THREE_BYTE_UTF8.findall(data)) >= 3:
        order: tuple[str, ...] = ("utf-8", "gb18030")
    elif codec == "cp1252":
        order = ("utf-8", "cp1252") if declared and "ascii" not in declared.lower() else ("utf-8", "gb18030")
    elif codec is None:
        order = ("utf-8", "gb18030")
    else:
        order = (codec, "utf-8", "gb18030")
    for name in order:
        try:
            return data.decode(name)
        except (UnicodeError, ValueError, LookupError):
            continue
    if codec is not None and codec not in ("utf-8", "cp1252"):
        # Mostly right with a broken character somewhere (a text cut in the middle): better than all wrong.
        return data.decode(codec, "replace")
    return _least_broken(data)


def _least_broken(data: bytes) -> str:
    """Return the reading with the fewest replaced characters, Latin-1 where each would be mostly replaced.

    UTF-8 with a few broken bytes is UTF-8: nothing else reads as such by chance, while GB18030 reads almost anything.
    """
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(char > "\x7f" for char in text) - broken > broken:
        return text
    best = min((data.decode(name, "replace") for name in ("utf-8", "gb18030")), key=lambda text: text.count("\ufffd"))
    return best if best.count("\ufffd") * 4 <= len(best) else data.decode("latin-1")
