"""What a file is, by its first bytes: its sender may call it anything."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

PROGRAM: Final = "application/x-executable"
SCRIPT: Final = "text/x-script"
UNKNOWN: Final = "application/octet-stream"

_BEGINS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", PROGRAM),  # a Windows shortcut: it starts what it likes
    (b"#!", SCRIPT),
)
_BOXES: Final = (
    (b"heic", "image/heic"), (b"heix", "image/heic"), (b"mif1", "image/heif"), (b"avif", "image/avif"),
    (b"qt  ", "video/quicktime"), (b"M4A ", "audio/mp4"), (b"", "video/mp4"),
)  # fmt: skip
_MARKUP: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,200}+(?:<\?xml[^>]{0,200}+>\s{0,50}+)?(?:<!--|<!doctype|<html|<head|<body|<script|<svg)",
    re.I,
)
# What a program behind a double click would run, or a browser would carry out as a page of ours.
_RUN_BY_NAME: Final = re.compile(
    r"app|apk|bat|chm|cmd|com|cpl|dll|exe|hta|img|iso|jar|jse?|lnk|mht|mhtml|ms[ip]|pif|ps1|reg|scr|sys|url|vb[es]?|vhd"
    r"|ws[fh]|[sx]?html?|xht|svgz?|xll|docm|dotm|pptm|xlsm|xlam|ppam|ppsm|potm|xltm|xlsb"
    r"|py[cdowz]?|pyzw|[bckz]?sh|fish|pl|pm|php\d?|phtml|phar|rb|lua|tcl|awk|cgi|jsp|aspx?|[mc]js|class|ps[dm]1|ps1xml"
    r"|command|desktop|dmg|pkg|deb|rpm|run|bin|elf|so|dylib|appimage|ipa|aab|appx|msix|msc|inf|gadget|scf|scpt|workflow"
    r"|application|vhdx|hlp|appref-ms|settingcontent-ms|(?:search|searchconnector|library)-ms|jnlp|diagcab|website|[doir]qy|slk"
    r"|one|onepkg|rdp|theme(?:pack)?|appinstaller|ppkg|msu|udl|wsc|sct|xbap|shb|shs|xla|xlm|accd[ear]|ad[ep]|md[aew]|osd|grp|pcd"
    r"|vsto|(?:msix|appx)bundle|(?:web|inet|file)loc|terminal|tool|action|mobileconfig|diagcfg|deskthemepack|crt|cer|xnk|vbscript"
    r"|ws|wll|mst|swf"
)
# Kinds that programs take for one another's without harm: what the sender says of them may stand.
_FAMILIES: Final = {"application/zip": ("application/",), "video/mp4": ("audio/", "video/"), UNKNOWN: ("",)}


def type_of(data: bytes, declared: str) -> str:
    """Return the MIME type of a file by what it holds, else the declared one as far as that promises nothing that runs."""
    found = _seen(data[:1024])
    if any(declared.startswith(family) for family in _FAMILIES.get(found, ())) and not _acts(declared):
        return declared or found
    return found


def is_harmful(name: str, type: str) -> bool:
    """Say whether opening a file could carry something out: it is listed, and not put into a colleague's hands."""
    # As systems read it that would open it: full-width characters folded, nothing behind a colon, no dots at the end.
    plain = unicodedata.normalize("NFKC", name).partition(":")[0].rstrip(" ./\\")
    extension = plain.rpartition(".")[2].lower()
    return _acts(type) or _RUN_BY_NAME.fullmatch(extension) is not None


def accepted(name: str, declared: str, head: bytes) -> str | None:
    """Return the MIME type of a file that a page sends us, by its first bytes; None where it could carry something out."""
    found = type_of(head, declared)
    return None if is_harmful(name, found) else found


def _acts(type: str) -> bool:
    return (
        type in (PROGRAM, SCRIPT)
        or re.search(r"html|svg|script|executable|msdownload|x-msdos|java-archive", type) is not None
    )


def _seen(head: bytes) -> str:
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return next(type for brand, type in _BOXES if head[8:12].startswith(brand))
    if found := next((type for begins, type in _BEGINS if head.startswith(begins)), None):
        return found
    return "text/html" if _MARKUP.match(head) else UNKNOWN
