"""A mail's HTML as plain text, by its structure.

selectolax parses, as a browser would; the walk over its tree is ours. Libraries that turn HTML into text pad the cells of a
table to its widest one (60 kB of HTML became 40 MB of text), drop what is nested deeply, or split words at tags.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_HTML = 600_000  # characters
# A parser that follows the standard looks through all open elements at many a tag, and opens formatting that was never
# closed again in every paragraph, and compares a tag's attributes each with each: without these limits 500 kB hold it for
# half a minute, or fill the memory.
_HARMLESS = 2_000  # characters that no trap fits into
_MOST_OPEN = 300
_MOST_REOPENED = 300_000
_MOST_ATTRIBUTES = 500
_MOST_TAGS = 50_000
_MOST_NESTED_CELLS = 15

_TAG_NAME = re.compile(r"<(/?)([a-z][a-z0-9]*)\b", re.I)
# As the standard reads a tag: a quote means something behind "=" only.
_WHOLE_TAG = re.compile(r"<[a-z](?:[^>\"'=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?|[\"'])*+", re.I)
_VALUE = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*')")
_ATTRIBUTE = re.compile(r"[^\s/=\"']+")


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_CLOSES_ITSELF = _names(
    "area base br col embed hr img input link meta param source track wbr p li td tr th dd dt tbody thead tfoot option body "
    "html head"
)
_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_DROPPED = _names(
    "script style head title meta link noscript template object embed svg math iframe frame frameset noframes noembed audio "
    "video canvas map select datalist input col colgroup -comment -doctype"
)
_BLOCKS = _names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form header hgroup hr html legend li main menu nav ol section summary table tbody tfoot thead tr ul pre listing xmp "
    "p h1 h2 h3 h4 h5 h6"
)
_APART = _names("p h1 h2 h3 h4 h5 h6")  # a blank line above and below
_CELLS = frozenset({"td", "th"})
_AS_WRITTEN = frozenset({"pre", "listing", "xmp", "textarea"})
_SPACE = re.compile(r"[ \t\r\n\f]+")
_TIGHT = re.compile(r"margin(?:-top|-bottom)?\s*:\s*0(?:px|cm|pt|in|em)?\s*(?:;|$|0|!)", re.I)
_WRAPS_AS_WRITTEN = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.I)
_MAY_HIDE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide|font-size\s*:\s*0|max-height\s*:\s*0|opacity\s*:\s*0|\shidden\b",
    re.I,
)
_HIDES = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.I)
_HIDES_IF_ALONE = re.compile(
    r"(?:^|[;\s])(?:font-size\s*:\s*0+(?:px|pt|em|%)?\s*(?:;|!|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|max-height\s*:\s*0(?:px|pt)?\s*(?:;|!|$)(?=.*overflow\s*:\s*hidden)|overflow\s*:\s*hidden.*max-height\s*:\s*0(?:px|pt)?\s*(?:;|!|$))",
    re.I | re.S,
)  # fmt: skip
_SHOWS_AGAIN = "[style*='font-size' i], [style*='opacity' i], [style*='max-height' i]"
_PICTURE_WRITTEN_OUT = re.compile(r"data:[a-z]{1,20}/[a-z0-9.+-]{1,60};base64,[A-Za-z0-9+/=\s%]*+", re.I)
_LINK_SCHEMES = ("http://", "https://", "mailto:", "tel:", "ftp://")
_LONGEST_LINK = 500
_LONGEST_STYLE = 2000
_DATA_ROW = 300  # characters: longer rows are layout


def html_to_text(html: str) -> str:
    """Return a mail's HTML as plain text: nothing hidden, no scripts, no styles; links with where they lead."""
    tree = parse_html(html)
    return words_only(html) if tree is None else tree_to_text(tree)


def parse_html(html: str) -> LexborHTMLParser | None:
    """Return the tree of a mail's HTML, None where it is nested so oddly that building it would hold everything up."""
    html = shortened(html)[:MAX_HTML]
    return None if len(html) > _HARMLESS and _is_a_trap(html) else LexborHTMLParser(html.replace("\0", ""))


def shortened(html: str) -> str:
    """Return HTML without the pictures that are written into it: they say nothing, and may weigh more than all the rest."""
    return _PICTURE_WRITTEN_OUT.sub("", html) if "data:" in html else html


def tree_to_text(tree: LexborHTMLParser) -> str:
    """Return a tree's text; what is hidden only where nothing else is said. Lines may carry trailing blanks."""
    root = tree.body or tree.root
    if root is None:
        return ""
    may_hide = _MAY_HIDE.search(tree.html or "") is not None
    text = _Walk(hides=may_hide).text_of(root)
    return _Walk(hides=False).text_of(root) if may_hide and not text.strip() else text


def letters(tree: LexborHTMLParser) -> int:
    """Return about how many characters a tree says, blanks not counted."""
    root = tree.body
    return 0 if root is None else len("".join(root.text().split()))


def _is_a_trap(html: str) -> bool:
    count: Counter[str] = Counter()
    depth = reopened = formatting = 0
    for number, match in enumerate(_TAG_NAME.finditer(html)):
        name = match[2].lower()
        if name in _CLOSES_ITSELF:
            reopened += formatting
        elif not match[1]:
            count[name] += 1
            depth += 1
            if name in _FORMATTING:
                formatting += 1
            else:
                reopened += formatting
        elif count[name]:
            count[name] -= 1
            depth -= 1
            formatting -= name in _FORMATTING
        if depth > _MOST_OPEN or reopened > _MOST_REOPENED or number > _MOST_TAGS:
            return True
    return any(
        len(_ATTRIBUTE.findall(_VALUE.sub(" ", match[0]))) > _MOST_ATTRIBUTES
        for match in _WHOLE_TAG.finditer(html)
        if match.end() - match.start() > 2 * _MOST_ATTRIBUTES
    )


# --- the walk --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Page:
    """Text as it grows. newlines: how many stand at its end; due: how many more, blank: a blank, prefix: a bullet, before
    the next word.
    """

    out: list[str] = field(default_factory=list)
    newlines: int = 2
    blank: bool = False
    due: int = 0
    prefix: str = ""

    def say(self, text: str) -> None:
        if not text:
            return
        words = _SPACE.sub(" ", text)
        if words == " ":
            self.blank = True
            return
        if (words[0] == " " or self.blank) and not self.newlines and not self.due:
            self.out.append(" ")
        self._flush()
        self.out.append(words.strip(" "))
        self.blank = words[-1] == " "

    def say_as_written(self, text: str) -> None:
        if text:
            self._flush()
            self.out.append(text)
            self.newlines = 1 if text.endswith("\n") else 0

    def line(self) -> None:
        """End the line, as <br> does."""
        self.due += 1
        self.blank = False

    def block(self, newlines: int) -> None:
        """See to it that so many line breaks stand before the next word."""
        if self.newlines + self.due < newlines:
            self.due = newlines - self.newlines
        self.blank = False

    def _flush(self) -> None:
        if self.due:
            self.out.append("\n" * self.due)
            self.due = 0
        if self.prefix:
            self.out.append(self.prefix)
            self.prefix = ""
        self.newlines = 0
        self.blank = False

    def text(self) -> str:
        return "".join(self.out)


@dataclass(slots=True)
class _Open:
    """An element being walked through: what must be done when it ends."""

    tag: str
    link: str = ""
    link_from: int = 0  # where in the page its words begin
    page: _Page | None = None  # the page around a table cell
    cells: list[str] | None = None  # of a row
    as_written: bool = False
    apart: int = 1


@dataclass(slots=True)
class _Walk:
    hides: bool
    page: _Page = field(default_factory=_Page)
    open: list[_Open] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)  # the next number of each list around us, 0 for one without numbers
    as_written: int = 0
    cells: int = 0

    def text_of(self, root: LexborNode) -> str:
        """Walk the tree below `root` without recursion: it may be deep."""
        node: LexborNode | None = root
        depth = 0
        while node is not None:
            child = self._enter(node)
            if child is not None:
                node = child
                depth += 1
                continue
            while node is not None:
                self._leave(node.tag)
                if not depth:
                    return self.page.text()
                sibling = node.next
                if sibling is not None:
                    node = sibling
                    break
                node = node.parent
                depth -= 1
        return self.page.text()

    def _enter(self, node: LexborNode) -> LexborNode | None:
        """Begin an element, or say a text. Return its first child, None where there is nothing below to walk."""
        tag = node.tag
        if tag == "-text":
            text = node.text_content or ""
            if self.as_written:
                self.page.say_as_written(text)
            else:
                self.page.say(text)
            return None
        if tag == "br":
            self.page.line()
            return None
        if tag == "img":
            self.page.say(_emoji(node.attributes.get("alt") or ""))
            return None
        if tag in _DROPPED or (tag is None):
            return None
        attributes = node.attributes
        style = (attributes.get("style") or "")[:_LONGEST_STYLE]
        if self.hides and ("hidden" in attributes or (style and _is_hidden(node, style))):
            return None
        child = node.child
        if child is None:
            if tag in _BLOCKS:
                self.page.block(1)
            return None
        opened = _Open(tag)
        if tag in _BLOCKS:
            self._begin_block(opened, attributes, style)
        elif tag in _CELLS:
            self._begin_cell(opened)
        elif tag == "a":
            href = (attributes.get("href") or "").strip()
            if href.lower().startswith(_LINK_SCHEMES):
                opened.link, opened.link_from = href, len(self.page.out)
        if tag in _AS_WRITTEN or (style and _WRAPS_AS_WRITTEN.search(style)):
            opened.as_written = True
            self.as_written += 1
        self.open.append(opened)
        return child

    def _begin_block(self, opened: _Open, attributes: dict[str, str | None], style: str) -> None:
        tag = opened.tag
        if tag in _APART and not (_TIGHT.search(style) or (attributes.get("class") or "").startswith("Mso")):
            opened.apart = 2
        self.page.block(opened.apart)
        if tag in ("ul", "ol", "menu", "dir"):
            start = attributes.get("start") or "1"
            number = int(start) if start.isdecimal() and len(start) < 6 else 1
            self.lists.append(number if tag == "ol" else 0)
        elif tag == "li":
            self.page.prefix = "  " * max(0, min(len(self.lists), 8) - 1) + self._bullet()
        elif tag == "tr" and self.cells < _MOST_NESTED_CELLS:
            opened.cells = []

    def _bullet(self) -> str:
        if not self.lists or not self.lists[-1]:
            return "* "
        self.lists[-1] += 1
        return f"{self.lists[-1] - 1}. "

    def _begin_cell(self, opened: _Open) -> None:
        if self.open and self.open[-1].cells is not None:
            opened.page, self.page = self.page, _Page()
            self.cells += 1
        else:
            self.page.block(1)

    def _leave(self, tag: str | None) -> None:
        if not self.open or self.open[-1].tag != tag:
            return  # nothing was begun with it
        opened = self.open.pop()
        if opened.as_written:
            self.as_written -= 1
        if opened.link:
            self._end_link(opened)
        if opened.page is not None:
            text = self.page.text()
            self.page = opened.page
            self.cells -= 1
            cells = self.open[-1].cells if self.open else None
            if cells is not None:
                cells.append(text.strip(" \n"))
        elif tag in _CELLS:
            self.page.block(1)
        elif opened.cells is not None:
            self._end_row(opened.cells)
        if tag == "li":
            self.page.prefix = ""
        if tag in _BLOCKS:
            self.page.block(opened.apart)
        if tag in ("ul", "ol", "menu", "dir") and self.lists:
            self.lists.pop()

    def _end_row(self, cells: list[str]) -> None:
        """Write a row of data on one line; a row that is layout as blocks below each other."""
        said = [cell for cell in cells if cell.strip()]
        if sum(map(len, said)) <= _DATA_ROW and not any("\n" in cell for cell in said):
            self.page.say_as_written("  ".join(said))
            return
        for cell in said:
            self.page.block(1)
            self.page.say_as_written(cell)

    def _end_link(self, opened: _Open) -> None:
        said = "".join(self.page.out[opened.link_from :])
        target = _target(opened.link)
        if said.strip() and target and not _says(said, target):
            self.page.say_as_written(f" <{target}>")


def _is_hidden(node: LexborNode, style: str) -> bool:
    if _HIDES.search(style):
        return True
    # Layouts set these on an outer element and undo them on the inner ones.
    return _HIDES_IF_ALONE.search(style) is not None and node.css_first(f":is({_SHOWS_AGAIN})") in (None, node)


def _emoji(alt: str) -> str:
    """Return an image's word where the image stands for a character; any other is a picture."""
    return alt if 0 < len(alt) <= 8 and all(ord(char) > 0x2000 and not char.isalnum() for char in alt) else ""


def _target(href: str) -> str:
    """Return where a link leads, the scanner in front of it taken away."""
    if href.lower().startswith(("mailto:", "tel:")):
        return unquote(href.partition(":")[2].partition("?")[0]).strip()[:_LONGEST_LINK]
    try:
        parts = urlsplit(href)
        if parts.hostname and parts.hostname.endswith(".safelinks.protection.outlook.com"):
            href = parse_qs(parts.query).get("url", [href])[0]
    except ValueError:
        pass
    href = "".join(href.split())
    return href if len(href) <= _LONGEST_LINK else href[:_LONGEST_LINK] + "…"


def _says(said: str, target: str) -> bool:
    """Tell whether a link's words already say where it leads."""
    said, target = (re.sub(r"^https?://(?:www\.)?|[/\s]+$|\s", "", text.strip().lower()) for text in (said, target))
    if target and target in said:
        return True
    digits = re.sub(r"\D", "", target)
    return bool(said) and (said == target or (len(digits) >= 5 and re.sub(r"\D", "", said).endswith(digits[-8:])))


# --- without a tree --------------------------------------------------------------------------------------------------

_BREAKING = _BLOCKS | {"br", "td", "th"}
_SILENT = ("script", "style", "head", "title", "noscript")


def words_only(html: str) -> str:
    """Return the words of HTML of which no tree can be built: tags away, in linear time."""
    html = shortened(html)[:MAX_HTML]
    lower = html.lower()
    out: list[str] = []
    position = 0
    never: set[str] = set()  # what was looked for and does not come any more
    while (start := html.find("<", position)) >= 0:
        out.append(unescape(_SPACE.sub(" ", html[position:start])))
        if html.startswith("<!--", start):
            end = _after("-->", lower, start, never)
            position = end if end > 0 else start + 4
            continue
        match = _TAG_NAME.match(html, start)
        end = _after(">", lower, start, never)
        if end < 0 or (match is None and html[start + 1 : start + 2] not in ("!", "?", "/")):
            out.append("<")
            position = start + 1
            continue
        position = end
        name = match[2].lower() if match else ""
        if name in _BREAKING:
            out.append("\n")
        elif name in _SILENT and match is not None and not match[1]:
            end = _after(f"</{name}", lower, position, never)
            position = end - len(name) - 2 if end > 0 else position
    out.append(unescape(_SPACE.sub(" ", html[position:])))
    return "".join(out)


def _after(mark: str, text: str, start: int, never: set[str]) -> int:
    """Return the position behind the next `mark`, -1 where none comes."""
    found = -1 if mark in never else text.find(mark, start)
    if found < 0:
        never.add(mark)
        return -1
    return found + len(mark)
