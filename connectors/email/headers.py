"""The header of a mail, read from its bytes: lines, encoded words, addresses, ids.

Own code because the standard library's reading gives up, raises or garbles on what real clients send: raw 8-bit text,
characters split across encoded words (trap 13), addresses without brackets.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connectors.email.charsets import codec_for, decode
from connectors.port import Party

_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_LINE_BREAK = re.compile(rb"\r\n|\n|\r")
_WORD = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?([^?]*)\?=")
_WORD_GAP = re.compile(r"\s*")
_Q_HEX = re.compile(rb"=([0-9a-fA-F]{2})")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff]")
_SPACES = re.compile(r"\s+")
_ID = re.compile(r"<\s*([^<>\s\x00-\x1f\x7f]{1,900})\s*>")
_BARE_ID = re.compile(r"^[^<>\s@\x00-\x1f\x7f]{1,400}@[^<>\s@\x00-\x1f\x7f]{1,400}$")
_ADDRESS_CHARS = r"[^\s<>@,;:()\"\[\]\\（），；：＜＞]"
_ADDRESS = re.compile(rf"({_ADDRESS_CHARS}+@{_ADDRESS_CHARS}+)")
_ANGLE = re.compile(r"<([^<>]*)>")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_COMMENT = re.compile(r"\(([^()]*)\)")
_QUOTED_LOCAL = re.compile(r'"(?:[^"\\\s<>]|\\.| )*"@[^\s@<>,;]+')
MISSING_ID_DOMAIN = "missing.invalid"


@dataclass(frozen=True, slots=True)
class Header:
    """A mail's header: fields in order, names lower-cased, values raw and unfolded. body: all after the blank line."""

    fields: tuple[tuple[str, bytes], ...]
    body: bytes

    def raw(self, name: str) -> list[bytes]:
        """Return every value of a field, in order."""
        return [value for field, value in self.fields if field == name]

    def text(self, name: str) -> str | None:
        """Return the first value of a field as a line of text, or None where there is no such field."""
        for field, value in self.fields:
            if field == name:
                return tidy_line(decode_words(decode(value)))
        return None

    def plain(self, name: str) -> str:
        """Return the first value of a field undecoded, `""` where there is none: for tokens and addresses."""
        for field, value in self.fields:
            if field == name:
                return decode(value).strip()
        return ""


def from_first_field(raw: bytes) -> bytes:
    """Return a mail without the blank lines and the byte order mark that some programs put in front."""
    return raw.lstrip(b"\r\n\t \xef\xbb\xbf") if raw[:1] in (b"\r", b"\n", b"\t", b" ", b"\xef") else raw


def split(raw: bytes) -> Header:
    """Split a mail into header and body. Whatever comes before the first line that can be no header is the header."""
    data = from_first_field(raw)
    gap = _BLANK_LINE.search(data)
    head, body = (data[: gap.start()], data[gap.end() :]) if gap else (data, b"")
    fields: list[tuple[str, bytes]] = []
    lines = _LINE_BREAK.split(head)
    for number, line in enumerate(lines):
        if line[:1] in (b" ", b"\t"):
            if fields:
                name, value = fields[-1]
                fields[-1] = (name, value + b" " + line.strip())
            continue
        match = _FIELD.fullmatch(line)
        if match is not None:
            fields.append((match[1].decode("ascii").lower(), match[2].strip()))
        elif not line.strip() or (number == 0 and line.startswith(b"From ")) or line.startswith(b">From "):
            continue  # the envelope line of an mbox file
        elif not fields:
            return Header((), data)  # no header at all: a text somebody saved as a file
        else:
            # A broken header: the rest is text, the more useful mistake than dropping a line somebody wrote.
            rest = b"\n".join(lines[number:])
            if number + 1 < len(lines) and _looks_like_more_header(lines[number + 1 :]):
                continue
            return Header(tuple(fields), rest + (b"\n\n" + body if gap else b""))
    return Header(tuple(fields), body)


def _looks_like_more_header(lines: Sequence[bytes]) -> bool:
    return any(_FIELD.fullmatch(line) and b" " not in line.split(b":", 1)[0].strip() for line in lines[:3])


def tidy_line(text: str) -> str:
    """Return text as one line: controls dropped, white space collapsed."""
    return _SPACES.sub(" ", _CONTROL.sub("", text)).strip()


def decode_words(text: str) -> str:
    """Return text with its encoded words decoded; words side by side are joined before their bytes are decoded."""
    if "=?" not in text:
        return text
    out: list[str] = []
    position = 0
    run: list[tuple[str, str, str]] = []
    for match in _WORD.finditer(text):
        gap = text[position : match.start()]
        if run and not _WORD_GAP.fullmatch(gap):
            out.append(_decode_run(run))
            run = []
            out.append(gap)
        elif not run:
            out.append(gap)
        run.append((match[1].partition("*")[0], match[2].lower(), match[3]))
        position = match.end()
    if run:
        out.append(_decode_run(run))
    out.append(text[position:])
    return "".join(out)


def _decode_run(words: list[tuple[str, str, str]]) -> str:
    """Decode encoded words that stand side by side, those of one charset as one piece."""
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


def _word_bytes(words: list[tuple[str, str, str]]) -> Iterable[bytes]:
    pending = ""
    for position, (_, encoding, text) in enumerate(words):
        if encoding == "q":
            yield _from_q(text)
            continue
        pending += "".join(text.split())
        last = position + 1 == len(words) or words[position + 1][1] == "q"
        if len(pending) % 4 and not last:
            continue  # some clients cut the base64 itself: the rest of this group is in the next word
        yield _from_base64(pending)
        pending = ""


def _from_q(text: str) -> bytes:
    data = text.replace("_", " ").encode("utf-8", "surrogatepass")
    return _Q_HEX.sub(lambda match: bytes((int(match[1], 16),)), data)


def _from_base64(text: str) -> bytes:
    clean = re.sub(r"[^A-Za-z0-9+/]", "", text)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    try:
        return binascii.a2b_base64(clean + "=" * (-len(clean) % 4))
    except (binascii.Error, ValueError):
        return text.encode("utf-8", "replace")


# --- ids -------------------------------------------------------------------------------------------------------------


def message_ids(values: Iterable[bytes], limit: int = 100) -> tuple[str, ...]:
    """Return the message ids named in some fields, with angle brackets, each once, in order."""
    found: dict[str, None] = {}
    for value in values:
        text = decode(value)
        ids = [f"<{match}>" for match in _ID.findall(text)]
        if not ids and _BARE_ID.match(text.strip()):
            ids = [f"<{text.strip()}>"]
        found.update(dict.fromkeys(ids))
    ids = list(found)
    # The oldest opens the thread, the newest say where we are; a list of thousands is an attack or a fault.
    return tuple(ids if len(ids) <= limit else [ids[0], *ids[1 - limit :]])


def message_id(header: Header) -> str:
    """Return the mail's Message-ID, or one made of its content where there is not exactly one (trap 4).

    A mail made of the same bytes gives the same id again. Fields that differ from copy to copy of one mail (Received,
    Delivered-To) do not count, unless there is no Date to tell two mails with the same words apart.
    """
    ids = message_ids(header.raw("message-id"))
    if len(ids) == 1:
        return ids[0]
    digest = hashlib.sha256()
    dated = any(name == "date" for name, _ in header.fields)
    for name, value in header.fields:
        if not dated or name in ("from", "to", "cc", "date", "subject", "message-id", "in-reply-to", "references"):
            digest.update(name.encode() + b":" + value + b"\n")
    digest.update(b"\n" + header.body)
    return f"<{digest.hexdigest()[:40]}@{MISSING_ID_DOMAIN}>"


def external_id(header: Header) -> str:
    """Return a mail's identity: its id and a mark of its body.

    One mail found in two mailboxes, or fetched again, is one (trap 9); two mails that carry the same id are two.
    """
    return f"{message_id(header)}#{hashlib.sha256(header.body).hexdigest()[:16]}"


# --- addresses -------------------------------------------------------------------------------------------------------


def first_address(value: bytes | str) -> Party | None:
    """Return the first address of a From or Reply-To field, in any form, legal or not; None where there is none."""
    text = decode(value) if isinstance(value, bytes) else value
    if "@" not in text and "=?" in text:
        text = decode_words(text)  # the whole field was encoded, address and all
    text = text.replace("＜", "<").replace("＞", ">").replace("＠", "@")
    return _bracketed(text) or _naked(text)


def _bracketed(text: str) -> Party | None:
    # Names first: `"a <x@y>" <b@z>` is written by z.
    masked = _QUOTED.sub(lambda match: '"' + "\0" * (len(match[0]) - 2) + '"', text)
    for source in (masked, text):
        for match in _ANGLE.finditer(source):
            address = clean_address(text[match.start(1) : match.end(1)])
            if address:
                name = (
                    text[: match.start()].rpartition(",")[2]
                    if "," in masked[: match.start()]
                    else text[: match.start()]
                )
                return Party(address, display_name(name) or _trailing_comment(text[match.end() :]))
    return None


def _trailing_comment(text: str) -> str:
    match = _COMMENT.match(text.strip())
    return display_name(match[1]) if match else ""


def _naked(text: str) -> Party | None:
    quoted = _QUOTED_LOCAL.search(text)
    if quoted is not None:
        return Party(clean_address(quoted[0]))
    comment = _COMMENT.search(text)
    for source in (_COMMENT.sub(" ", text), text):
        match = _ADDRESS.search(source.replace("mailto:", " "))
        if match is not None:
            address = clean_address(match[1])
            if address:
                rest = source.replace("mailto:", " ").replace(match[1], " ", 1)
                return Party(address, display_name(comment[1] if comment else rest.split(",")[0]))
    return None


def display_name(text: str) -> str:
    """Return a readable name: unquoted, decoded, one line."""
    text = text.strip().strip("<>;,: ")
    text = _QUOTED.sub(lambda match: re.sub(r"\\(.)", r"\1", match[1]), text)
    return tidy_line(decode_words(text)).strip("\"' <>[]").strip()[:200]


def clean_address(text: str) -> str:
    """Return an address with its domain in lower case, `""` where the text is none."""
    text = decode_words(text).strip().removeprefix("mailto:").strip().strip("'") if text else ""
    if _QUOTED_LOCAL.fullmatch(text):
        local, _, domain = text.rpartition("@")
        return f"{local}@{domain.lower()}"
    match = _ADDRESS.search("".join(_CONTROL.sub("", text).split()))
    if match is None:
        return ""
    local, _, domain = match[1].rpartition("@")
    domain = domain.strip(".").lower()
    return f"{local}@{domain}" if local and domain and len(local) + len(domain) < 320 else ""


def addresses(values: Iterable[bytes], limit: int = 200) -> tuple[str, ...]:
    """Return every address named in some fields, each once, in order."""
    found: dict[str, None] = {}
    for value in values:
        text = _QUOTED.sub(_keep_quoted_local, decode(value)[:65536]).replace("＜", "<").replace("＞", ">")
        if "@" not in text and "=?" in text:
            text = decode_words(text)
        for match in _ADDRESS.findall(text):
            address = clean_address(match)
            if address:
                found[address] = None
    return tuple(found)[:limit]


def _keep_quoted_local(match: re.Match[str]) -> str:
    # `"a@b" <c@d>`: what stands in quotes is a name, unless an @ follows directly.
    return match[0] if match.string[match.end() : match.end() + 1] == "@" else " "


def sent_at(header: Header) -> datetime | None:
    """Return the moment of the Date field in UTC, None where it is missing or unreadable."""
    text = header.plain("date")
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text[:200])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
