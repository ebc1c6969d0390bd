"""What a mail says, and the files it brings: its tree of parts read as one text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from connectors.characters import Characters
from connectors.email.attachments import attachment_of, file_name, safe_name
from connectors.email.charsets import decode
from connectors.email.headers import Header, split, split_part
from connectors.email.html import MAX_HTML, letters, parse_html, shortened, tree_to_text, words_only
from connectors.email.mime import MAX_PARTS, Part, is_mail, read_tree, undone, uuencoded
from connectors.email.quotes import cut_html_quotes, cuts_history
from connectors.email.winmail import TYPES as WINMAIL_TYPES
from connectors.email.winmail import open_winmail
from connectors.port import Attachment

# Characters. Longer texts are cut here and come along whole as a file: nobody reads them, and working on them would hold
# everything else up.
_MAX_TEXT = 200_000
_MOST_NESTED_MAILS = 3
_FILES = frozenset(
    {"text/calendar", "text/csv", "text/css", "text/directory", "text/javascript", "text/rfc822-headers", "text/rtf",
     "text/tab-separated-values", "text/vcard", "text/x-vcard", "text/xml"}
)  # fmt: skip
_OTHER_SCREENS = frozenset({"text/x-amp-html", "text/watch-html"})  # the same words again, for an app or a watch
_ENRICHED = frozenset({"text/enriched", "text/richtext"})
_SIGNED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_PLAIN_ENCODINGS = frozenset({"", "7bit", "8bit", "binary"})

# "Your mail program cannot show HTML": words that stand for others, which are in the HTML.
_STANDS_FOR_HTML = re.compile(
    r"\bhtml\b.{0,80}(?:client|viewer|reader|browser|program|support|display|view|format|version|"
    r"查看|显示|支持|阅读|浏览|格式)"
    r"|(?:support|show|display|read|view|use|enable)\w*.{0,40}\bhtml\b|(?:不支持|无法(?:显示|查看)|不能(?:显示|查看)|請使用|请使用|请用|支持|以)\s*.{0,10}html"
    r"|view (?:this|the) (?:e-?mail|message) (?:in|online)"
    r"|in (?:your|a) (?:web )?browser",
    re.I | re.S,
)
_LONGEST_STAND_IN = 600
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{2,40})", re.I)
_QUOTED_PRINTABLE = re.compile(rb"(?:=(?:[89A-F][0-9A-F])(?:=\r?\n)?){6}")
_BASE64_TEXT = re.compile(rb"[A-Za-z0-9+/\s]++={0,2}+\s*+")
_STRAY_ENCODING_MAX = 2_000_000
_OCTETS = re.compile(rb"\x04(?:\x82(?P<two>..)|\x83(?P<three>...)|\x84(?P<four>....))(?=[A-Za-z-]{4,40}:)", re.S)
_ENRICHED_TAG = re.compile(r"<param>[^<]{0,200}</param>|<[^<>]{0,60}>", re.I)
_CALENDAR_LINE = re.compile(r"^(SUMMARY|LOCATION|DESCRIPTION)(?:;[^:\n]{0,200})?:(.*)$", re.M)
_MANY_BLANK_LINES = re.compile(r"\n{4,}")
_ODD_CHARACTERS = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffc]"
)
_LINE_ENDS = Characters(str.maketrans("\f\v\x85\u2028\u2029\xa0", "\n\n\n\n\n "))


@dataclass(frozen=True, slots=True)
class Body:
    """text: all of it. said: the reading quotations are to be cut from. cut: some were cut already, by structure.
    embedded: the words are those of a mail inside this one, which has none of its own.
    """

    text: str
    said: str
    cut: bool = False
    attachments: tuple[Attachment, ...] = ()
    embedded: bool = False


@dataclass(slots=True)
class _Found:
    """What a tree holds: texts as (plain, html), one of them possibly empty, and files."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    named: list[tuple[str, str]] = field(default_factory=list)  # texts that have a file's name
    calendar: str = ""


def read_body(header: Header, raw: bytes, depth: int = 0) -> Body:
    """Read a mail's parts. raw: the mail, kept whole where it has more parts than anybody reads."""
    tree, complete = read_tree(header)
    found = _Found()
    _gather(tree, found, top=True)
    if not complete:
        found.files.append(Attachment("whole-mail.eml", "message/rfc822", raw, len(raw)))
    body = _assemble(found.texts or found.named[:1], found.files)
    if body.text or depth >= _MOST_NESTED_MAILS:
        return body
    if found.calendar:
        return _assemble([(found.calendar, "")], found.files)
    for file in found.files:
        if is_mail(file.type) and file.data:
            inner = read_body(split(file.data), file.data, depth + 1)
            if inner.text:
                return Body(inner.text, inner.said, inner.cut, body.attachments, embedded=True)
    return body


def plain_body(text: str) -> Body:
    """Return a body of which only its words could be read."""
    return _assemble([(text, "")], [])


# --- gathering -------------------------------------------------------------------------------------------------------


def _gather(part: Part, found: _Found, *, top: bool = False) -> None:
    """Collect what a part and those below it hold, in order."""
    if part.children:
        if part.type == "multipart/alternative":
            _gather_alternative(part, found)
        else:
            for child in part.children:
                _gather(child, found)
    elif part.type in WINMAIL_TYPES or file_name(part).lower() == "winmail.dat":
        _gather_winmail(part, found)
    elif part.type in _SIGNED and (signed := _signed_content(part)):
        tree, _ = read_tree(split_part(signed))
        _gather(tree, found)
    elif part.main != "text" or part.type in _FILES or part.disposition == "attachment":
        _gather_file(part, found, top=top)
    elif part.type not in _OTHER_SCREENS:
        name = file_name(part)
        if name and not top:
            found.named.append(_text_of(part, found))
            found.files.append(attachment_of(part, len(found.files)))
        else:
            found.texts.append(_text_of(part, found))


def _gather_alternative(part: Part, found: _Found) -> None:
    """Read the alternatives as one text: the plain one is shown, the HTML one knows where quotations begin."""
    plain: list[str] = []
    html = ""
    for child in part.children:
        branch = _Found(files=found.files)
        _gather(child, branch)
        found.calendar = found.calendar or branch.calendar
        found.named.extend(branch.named)
        for text, _ in branch.texts:
            if text.strip() and _squashed(text) not in _squashed("".join(plain)):
                plain.append(text)
        html = "\n".join(inner for _, inner in branch.texts if inner.strip()) or html
    if plain or html:
        found.texts.append(("\n\n".join(plain), html))


def _gather_file(part: Part, found: _Found, *, top: bool) -> None:
    data = part.data()
    if part.type == "text/calendar" and not found.calendar:
        found.calendar = _from_calendar(decode(data, part.parameters.get("charset")))
    if part.main == "text" and part.type not in _FILES and (top or part.disposition != "attachment"):
        found.named.append(_text_of(part, found))
    found.files.append(attachment_of(part, len(found.files), data))


def _gather_winmail(part: Part, found: _Found) -> None:
    data = part.data()
    opened = open_winmail(data)
    if opened is None:
        found.files.append(attachment_of(part, len(found.files), data))
        return
    if opened.text or opened.html:
        found.texts.append((opened.text, opened.html))
    for name, content in opened.files[:MAX_PARTS]:
        name = safe_name(name) if name.strip() else f"attachment-{len(found.files) + 1}.bin"
        found.files.append(Attachment(name, "application/octet-stream", content, len(content)))


def _signed_content(part: Part) -> bytes:
    """Return the mail inside an opaque signature (S/MIME signed-data), b"" where there is none to be seen."""
    data = part.data()
    match = _OCTETS.search(data[:2000])
    out = bytearray()
    while match is not None:
        size = int.from_bytes(match["two"] or match["three"] or match["four"] or b"", "big")
        out += data[match.end() : match.end() + size]
        end = match.end() + size
        match = _NEXT_OCTETS.match(data, end)
    return bytes(out)


_NEXT_OCTETS = re.compile(rb"\x04(?:\x82(?P<two>..)|\x83(?P<three>...)|\x84(?P<four>....))", re.S)


# --- one part's text -------------------------------------------------------------------------------------------------


def _text_of(part: Part, found: _Found) -> tuple[str, str]:
    """Return a part's text as (plain, html), one of them empty. Files uuencoded inside it are taken out."""
    data = part.data()
    if part.encoding in _PLAIN_ENCODINGS:
        data = _without_stray_encoding(data)
    charset = part.parameters.get("charset")
    if part.type == "text/html":
        return "", _decoded_html(data, charset)
    if b"begin" in data:
        data = _without_uuencoded(data, found)
    text = decode(data, charset)
    if part.type != "text/plain" and _is_html(text):
        return "", text
    if part.type in _ENRICHED and len(text) <= 5 * _MAX_TEXT:
        return _unenriched(text), ""
    if part.parameters.get("format", "").lower() == "flowed" and len(text) <= 5 * _MAX_TEXT:
        text = _unflowed(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    return text, ""


def _decoded_html(data: bytes, charset: str | None) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return decode(data, name)
    if not charset and (match := _META_CHARSET.search(data[:4096])):
        charset = match[1].decode("ascii")
    return decode(data, charset)


def _without_stray_encoding(data: bytes) -> bytes:
    """Undo a transfer encoding that was applied and not declared; text that people write does not look like that."""
    if len(data) > _STRAY_ENCODING_MAX or not data.isascii():
        return data
    if b"=" in data and _QUOTED_PRINTABLE.search(data):
        return undone(data, "quoted-printable", text=True)
    if b" " not in data.strip() and len(data) >= 24 and _BASE64_TEXT.fullmatch(data):
        decoded = undone(data, "base64", text=True)
        try:
            text = decoded.decode("utf-8")
        except UnicodeDecodeError:
            return data
        if not decoded.isascii() and all(char.isprintable() or char in "\r\n\t" for char in text):
            return decoded
    return data


def _without_uuencoded(data: bytes, found: _Found) -> bytes:
    kept: list[bytes] = []
    position = 0
    for name, content, start, end in uuencoded(data):
        if len(found.files) >= MAX_PARTS:
            break
        kept.append(data[position:start])
        position = end
        found.files.append(Attachment(safe_name(decode(name)), "application/octet-stream", content, len(content)))
    kept.append(data[position:])
    return b"".join(kept)


def _is_html(text: str) -> bool:
    return text.lstrip()[:200].lower().startswith(("<html", "<!doctype html", "<body", "<div"))


def _unenriched(text: str) -> str:
    """Take the marks of text/enriched (RFC 1896) away."""
    text = re.sub(r"\n(\n*)", lambda match: match[1] or " ", text.replace("\r\n", "\n"))
    return "<".join(_ENRICHED_TAG.sub("", piece) for piece in text.split("<<"))


def _unflowed(text: str, *, delete_space: bool) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676)."""
    paragraphs: list[tuple[int, list[str]]] = []
    open_depth: int | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        said = line.lstrip(">")
        depth = len(line) - len(said)
        said = said[1:] if said.startswith(" ") else said
        soft = said.endswith(" ") and said != "-- "
        if open_depth != depth or said in ("-- ", ""):
            paragraphs.append((depth, []))
        paragraphs[-1][1].append(said[:-1] if soft and delete_space else said)
        open_depth = depth if soft else None
    return "\n".join(">" * depth + (" " if depth else "") + "".join(said) for depth, said in paragraphs)


def _from_calendar(text: str) -> str:
    """Return what an invitation says."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text[:_MAX_TEXT])
    said = {match[1].upper(): match[2].strip() for match in reversed(list(_CALENDAR_LINE.finditer(unfolded[:100_000])))}
    lines = [said.get(name, "") for name in ("SUMMARY", "LOCATION", "DESCRIPTION")]
    return "\n".join(re.sub(r"\\[nN]", "\n", line).replace("\\,", ",").replace("\\;", ";") for line in lines if line)


# --- putting together ------------------------------------------------------------------------------------------------


def _assemble(texts: list[tuple[str, str]], files: list[Attachment]) -> Body:
    whole: list[str] = []
    said: list[str] = []
    cut = False
    paired = _paired(texts)
    for index, (plain, html) in enumerate(paired):
        if whole and sum(map(len, whole)) + len(plain) > _MAX_TEXT:
            rest = "\n".join(plain or html for plain, html in paired[index:]).encode("utf-8", "replace")
            files.append(Attachment("text.txt", "text/plain", rest, len(rest)))
            break
        html = shortened(html)
        for text, most, name, kind in (
            (plain, _MAX_TEXT, "text.txt", "text/plain"),
            (html, MAX_HTML, "text.html", "text/html"),
        ):
            if len(text) > most:
                data = text.encode("utf-8", "replace")
                files.append(Attachment(name, kind, data, len(data)))
        text, reading, by_structure = _read_both(_tidy(plain[:_MAX_TEXT]), html)
        text, reading = text[:_MAX_TEXT], reading[:_MAX_TEXT]
        whole.append(text)
        said.append(reading)
        cut = cut or by_structure
    return Body(_join(whole)[:_MAX_TEXT], _join(said)[:_MAX_TEXT], cut, tuple(files))


def _paired(texts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join a plain text and the HTML right behind it that says the same: alternatives, not declared as such."""
    paired: list[tuple[str, str]] = []
    for plain, html in texts:
        if html and not plain and paired and paired[-1][0].strip() and not paired[-1][1]:
            tree = parse_html(html)
            if tree is not None and _squashed(tree_to_text(tree)) == _squashed(paired[-1][0]):
                paired[-1] = (paired[-1][0], html)
                continue
        paired.append((plain, html))
    return paired


def _read_both(plain: str, html: str) -> tuple[str, str, bool]:
    """Return the text, the reading to cut quotations from, and whether some were cut from it by structure."""
    if not html.strip():
        return plain, plain, False
    tree = parse_html(html)
    if tree is None:
        text = plain or _tidy(words_only(html))
        return text, text, False
    text = plain
    if not plain or _is_less(plain, letters(tree)):
        flat = _tidy(tree_to_text(tree))
        if not plain or _is_less(plain, len(_squashed(flat))):
            text = flat
    if text == plain and plain and cuts_history(plain):
        return text, text, False
    if not cut_html_quotes(tree):
        return text, text, False
    return text, _tidy(tree_to_text(tree)), True


def _is_less(plain: str, letters_in_html: int) -> bool:
    """Tell whether a plain alternative only stands for the HTML, or is a piece of it."""
    if not letters_in_html:
        return False
    if len(plain) <= _LONGEST_STAND_IN and _STANDS_FOR_HTML.search(plain):
        return True
    return letters_in_html > 2 * len(_squashed(plain)) + 60


def _squashed(text: str) -> str:
    return "".join(text.split())


def _join(texts: list[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def _tidy(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LINE_ENDS)
    text = _ODD_CHARACTERS.sub("", text)
    # "-- " keeps its blank: it is how a signature begins.
    lines = [line if line == "-- " else line.rstrip() for line in text.split("\n")]
    return _MANY_BLANK_LINES.sub("\n\n\n", "\n".join(lines)).strip()
