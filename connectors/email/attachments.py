"""What came along with a mail: files, pictures, mails inside the mail. Names are made safe to keep."""

from __future__ import annotations

import re

from connectors.email.headers import split
from connectors.email.mime import Part, is_mail
from connectors.email.words import tidy_line
from connectors.port import Attachment

_LONGEST_NAME = 150
_EXTENSIONS = {
    "application/gzip": "gz", "application/json": "json", "application/msword": "doc", "application/pdf": "pdf",
    "application/pgp-encrypted": "asc", "application/pgp-signature": "asc", "application/pkcs7-mime": "p7m",
    "application/pkcs7-signature": "p7s", "application/rtf": "rtf", "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt", "application/x-pkcs7-mime": "p7m", "application/x-pkcs7-signature": "p7s",
    "application/x-rar-compressed": "rar", "application/x-zip-compressed": "zip", "application/xml": "xml",
    "application/zip": "zip", "application/ms-tnef": "dat", "application/vnd.ms-tnef": "dat",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "audio/aac": "aac", "audio/amr": "amr", "audio/mp4": "m4a", "audio/mpeg": "mp3", "audio/ogg": "ogg", "audio/wav": "wav",
    "audio/x-wav": "wav", "image/bmp": "bmp", "image/gif": "gif", "image/heic": "heic", "image/heif": "heif",
    "image/jpeg": "jpg", "image/jpg": "jpg", "image/pjpeg": "jpg", "image/png": "png", "image/svg+xml": "svg",
    "image/tiff": "tif", "image/webp": "webp", "message/delivery-status": "txt", "message/disposition-notification": "txt",
    "text/calendar": "ics", "text/csv": "csv", "text/directory": "vcf", "text/html": "html", "text/plain": "txt",
    "text/rfc822-headers": "txt", "text/rtf": "rtf", "text/vcard": "vcf", "text/x-vcard": "vcf", "text/xml": "xml",
    "video/3gpp": "3gp", "video/mp4": "mp4", "video/quicktime": "mov", "video/x-msvideo": "avi",
}  # fmt: skip
_MADE_UP = {"text/calendar": "invite", "text/x-vcard": "contact", "text/vcard": "contact"}
_FORBIDDEN = re.compile(r'[<>:"|?*/\\]')
_SEEMS_A_NAME = re.compile(r"[^\s/\\]{1,100}\.[A-Za-z0-9]{2,5}")
_LOST = re.compile(r"[?_\ufffd\s]*(?:\.\w{1,5})?")


def attachment_of(part: Part, number: int, data: bytes | None = None) -> Attachment:
    """Return a part as a file. number: how many there are already, for a name where it has none."""
    data = part.data() if data is None else data
    name = file_name(part) or (_mail_name(data) if is_mail(part.type) else "") or _made_up_name(part, number)
    return Attachment(name, part.type, data, len(data))


def file_name(part: Part) -> str:
    """Return the name a part is given, made safe; `""` where it has none. Of two names the readable one counts."""
    given = [part.disposition_parameters.get("filename", ""), part.parameters.get("name", "")]
    given = [name for name in given if name.strip()]
    readable = [name for name in given if "\ufffd" not in name and not _LOST.fullmatch(name)]
    return safe_name((readable or given)[0]) if given else ""


def safe_name(name: str) -> str:
    """Return a file name that is only a name: no path, no control characters, no blanks around, at most 150 characters."""
    name = tidy_line(name).replace("\\", "/").rstrip("/").rpartition("/")[2].strip().strip(".") or "attachment"
    name = "".join(c if c.isprintable() else "_" for c in _FORBIDDEN.sub("_", name))
    stem, dot, extension = name.rpartition(".")
    if len(name) > _LONGEST_NAME:
        kept = _LONGEST_NAME - 1 - len(extension)
        return f"{stem[:kept]}{dot}{extension}" if dot and len(extension) <= 10 else name[:_LONGEST_NAME]
    return name


def _mail_name(data: bytes) -> str:
    subject = split(data[:100_000]).text("subject")
    return safe_name(_FORBIDDEN.sub("_", subject)) + ".eml" if subject else "message.eml"


def _made_up_name(part: Part, number: int) -> str:
    for field in ("content-location", "content-description", "content-id"):
        written = (part.header.text(field) or "").strip("<>").rpartition("/")[2]
        named = written.partition("@")[0] if field == "content-id" else written
        if _SEEMS_A_NAME.fullmatch(named) and named.rpartition(".")[2].lower() in _KNOWN:
            return safe_name(named)
    stem = _MADE_UP.get(part.type) or f"attachment-{number + 1}"
    return f"{stem}.{_EXTENSIONS.get(part.type) or ('txt' if part.main == 'text' else 'bin')}"


_KNOWN = frozenset(_EXTENSIONS.values()) | {"jpeg", "tiff", "htm", "wmz", "emz", "emf", "wmf", "7z"}
