"""Encoded words (RFC 2047): `=?gb2312?B?v9W19w==?=`, as they should be and as clients write them."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from connectors.email.charsets import codec_for, decode

# Illegal and usual: blanks inside, question marks in quoted-printable, a last word whose end was cut off. Possessive, so
# that no text makes it try twice.
_WORD = re.compile(
    r"=\?(?P<charset>[^?\s=]{1,64})\?"
    r"(?:[bB]\?(?P<b>[^?]*+)|[qQ]\?(?P<q>(?:[^?=]++|=(?!\?[^=])|\?(?!=))*+))"
    r"(?:\?=|\?*$)"
)
_Q_HEX = re.compile(rb"=([0-9a-fA-F]{2})")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_SPACES = re.compile(r"\s+")
_Word = tuple[str, str, str]  # charset, "b" or "q", what is encoded


def tidy_line(text: str) -> str:
    """Return text as one line: controls, invisible marks and changes of direction dropped, white space collapsed."""
    return _SPACES.sub(" ", _CONTROL.sub("", text)).strip()


def decode_words(text: str) -> str:
    """Return text with its encoded words decoded; words side by side are joined before their bytes are decoded."""
    if "=?" not in text:
        return text
    out: list[str] = []
    position = 0
    run: list[_Word] = []
    for match in _WORD.finditer(text):
        gap = text[position : match.start()]
        if run and gap.strip():
            out.append(_decode_run(run))
            run = []
        if not run:
            out.append(gap)
        encoding = "q" if match["b"] is None else "b"
        run.append((match["charset"].partition("*")[0], encoding, match[encoding]))
        position = match.end()
    if run:
        out.append(_decode_run(run))
    out.append(text[position:])
    return "".join(out)


def _decode_run(words: list[_Word]) -> str:
    """Decode encoded words that stand side by side, those of one charset as one piece (trap 13)."""
    out: list[str] = []
    index = 0
    while index < len(words):
        charset = words[index][0]
        end = index
        while end < len(words) and words[end][0].lower() == charset.lower():
            end += 1
        data = b"".join(_word_bytes(words[index:end]))
        out.append(decode(data, charset) if codec_for(charset) else decode(data))
        index = end
    return "".join(out)


def _word_bytes(words: list[_Word]) -> Iterator[bytes]:
    pending: list[str] = []
    length = 0
    for position, (_, encoding, text) in enumerate(words):
        if encoding == "q":
            yield _from_q(text)
            continue
        piece = "".join(text.split())
        pending.append(piece)
        length += len(piece)
        last = position + 1 == len(words) or words[position + 1][1] == "q"
        if length % 4 and not last:
            continue  # some clients cut the base64 itself: the rest of this group is in the next word
        yield _from_base64("".join(pending))
        pending, length = [], 0


def _from_q(text: str) -> bytes:
    data = text.replace("_", " ").encode("utf-8", "surrogatepass")
    return _Q_HEX.sub(lambda match: bytes((int(match[1], 16),)), data)


def _from_base64(text: str) -> bytes:
    clean = _NOT_BASE64.sub("", text)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    if not clean and text:
        return text.encode("utf-8", "replace")
    return binascii.a2b_base64(clean + "=" * (-len(clean) % 4))
