"""Bytes into text when the label may be wrong."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# What clients write, squashed to letters and digits, and the codec that really reads it. Mail labelled gb2312 really is GBK
# or GB18030 (trap 13); where a vendor extended a standard, text under the standard's name uses the extension.
_MEANT = {
    **dict.fromkeys(("gbk", "xgbk", "cp936", "ms936", "windows936", "ansi", "gb", "gb18030", "euccn", "cngb"), "gb18030"),
    **dict.fromkeys(("hz", "hzgb2312", "hzgb"), "hz"),
    **dict.fromkeys(("iso88591", "latin1", "l1", "windows1252", "cp1252", "usascii", "ascii", "ansix341968"), "cp1252"),
    **dict.fromkeys(("big5", "big5hkscs", "cnbig5", "xbig5", "big5eten", "cp950", "ms950", "xxbig5"), "big5hkscs"),
    **dict.fromkeys(("euckr", "ksc56011987", "ksc5601", "ksc56011989", "ks_c_5601", "korean", "windows949"), "cp949"),
    **dict.fromkeys(("shiftjis", "xsjis", "sjis", "mskanji", "windows31j", "cp932"), "cp932"),
    **dict.fromkeys(("xeucjp", "eucjp"), "euc_jp"),
    **dict.fromkeys(("iso2022jp", "csiso2022jp", "iso2022jp1", "iso2022jpms", "cp50220", "cp50221"), "iso2022_jp_ext"),
    **dict.fromkeys(("iso88599", "latin5"), "cp1254"),
    **dict.fromkeys(("iso885911", "tis620", "windows874"), "cp874"),
    **dict.fromkeys(("utf8mb4", "cp65001", "unicode11utf8", "unicode20utf8", "xunicode20utf8", "utf8bom"), "utf-8"),
    **dict.fromkeys(("unicode11utf7", "xunicode20utf7", "csunicode11utf7"), "utf-7"),
}  # fmt: skip
# Text encodings of Python that no mail means by such a name, and that would interpret instead of decode.
_NOT_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
_LATIN = frozenset({"cp1252"})
_ENDS_NAME = re.compile(r"[;,\s]")
_SQUASH = re.compile(r"[^a-z0-9]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_UTF8_CHARACTER = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_UTF8_HANZI = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2})+")
_GB_HANZI = re.compile(rb"(?:[\xa1-\xf7][\xa1-\xfe])+")
_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}")
_SHORT = 1000  # bytes: a broken character in so little text says that it is no UTF-8
_SAMPLE = 20_000  # bytes that are looked at to judge a text


@lru_cache(maxsize=256)
def codec_for(declared: str) -> str | None:
    """Return the codec a declared charset really means, or None where the name says nothing."""
    name = _ENDS_NAME.split(declared.strip().strip("'\"").lower()[:64])[0].strip("'\"")
    squashed = _SQUASH.sub("", name)
    if squashed.startswith("gb2312"):
        return "gb18030"
    for candidate in (
        _MEANT.get(squashed),
        name,
        name.removesuffix("-i").removesuffix("-e"),
        name.replace("x-", "", 1),
    ):
        try:
            info = codecs.lookup(candidate or "")
        except (LookupError, ValueError):
            continue
        if getattr(info, "_is_text_encoding", True) and info.name.replace("-", "_") not in _NOT_CHARSETS:
            return candidate if candidate == _MEANT.get(squashed) else info.name
    return None


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of `data`, never failing: the declared charset, then UTF-8, then GB18030, then Latin-1.

    A label is overruled where the bytes are plainly UTF-8, or plainly Chinese under a Latin label: programs that put a
    constant label on any text are common, and such bytes do not happen by chance.
    """
    codec = codec_for(declared) if declared else None
    if data.isascii() and not _is_stateful(codec, data):
        return data.decode("ascii")
    for name in _readings(data, codec, declared or ""):
        try:
            text = data.decode(name).removeprefix("\ufeff")
            return text.encode(errors="replace").decode() if name == "utf-7" else text  # it may hold half a character
        except (UnicodeError, ValueError, LookupError):
            continue
    if codec is not None and codec not in ("utf-8", "utf-7", *_LATIN):
        # Mostly right with a broken character somewhere (a text cut in the middle): better than all wrong.
        return data.decode(codec, "replace")
    return _least_broken(data)


def _is_stateful(codec: str | None, data: bytes) -> bool:
    """Tell whether plain ASCII bytes may stand for something else."""
    if codec is not None and codec.startswith(("utf-16", "utf-32")):
        return b"\0" in data  # else the label lies
    return codec == "utf-7" or b"\x1b" in data or b"~{" in data


def _readings(data: bytes, codec: str | None, declared: str) -> tuple[str, ...]:
    if codec is None:
        if b"\x1b$" in data:
            return ("iso2022_jp_ext", "iso2022_kr", "utf-8", "gb18030")
        return ("hz",) if data.isascii() and _HZ.search(data) else ("utf-8", "gb18030")
    if codec in _LATIN:
        chinese = "ascii" in declared.lower() or _is_plainly_gb(data)
        return ("utf-8", "gb18030", codec) if chinese else ("utf-8", codec)
    if codec.startswith("iso2022"):
        return (codec, "iso2022_jp_3") if b"\x1b" in data else (codec, "utf-8", "gb18030")
    if codec.startswith(("utf-16", "utf-32", "utf-7", "hz")):
        lies = b"\0" not in data and _is_plainly_utf8(data)
        return ("utf-8",) if lies else (codec, "utf-8", "gb18030")
    if codec == "big5hkscs":
        codec_and_kin: tuple[str, ...] = (codec, "cp950")
    else:
        codec_and_kin = (codec,)
    return ("utf-8", *codec_and_kin) if _is_plainly_utf8(data) else (*codec_and_kin, "utf-8", "gb18030")


def _is_plainly_utf8(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    if len(sample) < _SHORT:
        try:
            sample.decode("utf-8")
        except UnicodeDecodeError:
            return False
    high = sum(map(len, _HIGH.findall(sample)))
    hanzi = sum(map(len, _UTF8_HANZI.findall(sample)))
    if hanzi >= 6 and hanzi == high:
        return True
    return len(_UTF8_CHARACTER.findall(sample)) >= 3 and high - sum(map(len, _UTF8_CHARACTER.findall(sample))) <= 2


def _is_plainly_gb(data: bytes) -> bool:
    """Tell whether the bytes beyond ASCII all come in pairs of the GB2312 set, as no Western text's do."""
    sample = data[:_SAMPLE]
    runs = _HIGH.findall(sample)
    pairs = sum(len(run) for run in runs if _GB_HANZI.fullmatch(run))
    return pairs >= 4 and pairs >= 0.9 * sum(map(len, runs))


def _least_broken(data: bytes) -> str:
    """Return the reading with the fewest replaced characters, Latin-1 where each would be mostly replaced.

    UTF-8 with a few broken bytes is UTF-8: nothing else reads as such by chance, while GB18030 reads almost anything.
    """
    sample = data[:_SAMPLE]
    if sum(map(len, _UTF8_CHARACTER.findall(sample))) > 2 * sample.decode("utf-8", "replace").count("\ufffd"):
        return data.decode("utf-8", "replace")
    best = min((data.decode(name, "replace") for name in ("utf-8", "gb18030")), key=lambda text: text.count("\ufffd"))
    return best if best.count("\ufffd") * 4 <= len(best) else data.decode("latin-1")
