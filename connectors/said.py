"""What a person said in a conversation of ours: as it is stored, and as it is understood afterwards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from connectors.characters import Characters
from connectors.port import Attachment, Content, IncomingMessage, NotUnderstood, Party, RawMessage

_UNSAID = "/unsaid"  # no id of a message holds a slash
_CONTROLS = Characters({code: None for code in (*range(32), 127) if chr(code) not in "\n\t"})


def clean(text: str) -> str:
    """Return `text` as any store can hold it: no NUL, no control characters but newline and tab, no half characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()


def locale_of(value: object) -> str | None:
    """Return "zh" or "en" for any language tag of the two, else None."""
    tag = value.lower()[:2] if isinstance(value, str) else ""
    return tag if tag in ("zh", "en") else None


def store_said(
    channel: str,
    conversation: str,
    message_id: str,
    text: str,
    sent_at: datetime,
    *,
    locale: str | None,
    reply_to: str | None,
    files: Sequence[Attachment],
) -> RawMessage:
    """Return what is stored of a person's words. files: by their handles."""
    said: dict[str, object] = {"text": text, "locale": locale, "sent_at": sent_at.isoformat(), "reply_to": reply_to}
    if files:
        said["files"] = [{"name": f.name, "type": f.type, "size": f.size, "handle": f.handle} for f in files]
    raw = json.dumps(said, ensure_ascii=False).encode()
    return RawMessage(channel, f"{conversation}:{message_id}", conversation, raw)


def store_unsaid(channel: str, conversation: str, message_id: str, sent_at: datetime) -> RawMessage:
    """Return what is stored when a person takes back what they had said under that id."""
    raw = json.dumps({"unsay": message_id, "sent_at": sent_at.isoformat()}).encode()
    return RawMessage(channel, f"{conversation}:{message_id}{_UNSAID}", conversation, raw)


def parse_said(raw: RawMessage) -> IncomingMessage:
    """Understand what was stored. A pure function. Raises NotUnderstood."""
    try:
        said = json.loads(raw.raw)
    except (ValueError, RecursionError):
        raise NotUnderstood(f"{raw.channel}: the stored message is no JSON") from None
    if isinstance(said, dict) and isinstance(said.get("unsay"), str) and raw.conversation:
        return IncomingMessage(
            channel=raw.channel,
            external_id=raw.external_id,
            conversation=raw.conversation,
            sender=Party(address=raw.conversation),
            text="",
            visible_reply="",
            message_id=said["unsay"],
            deleted=True,
            sent_at=_moment(raw, said.get("sent_at")),
        )
    if not isinstance(said, dict) or not isinstance(said.get("text"), str):
        raise NotUnderstood(f"{raw.channel}: the stored message has no text")
    text, files = clean(said["text"]), _files_of(raw, said.get("files"))
    reply_to = said.get("reply_to")
    if not (text or files) or not raw.conversation:
        raise NotUnderstood(f"{raw.channel}: the stored message has no words or no sender")
    return IncomingMessage(
        channel=raw.channel,
        external_id=raw.external_id,
        conversation=raw.conversation,
        sender=Party(address=raw.conversation),
        text=text,
        visible_reply=text,
        attachments=files,
        content=_content_of(files),
        message_id=raw.external_id.rpartition(":")[2] or None,
        reply_to_message=reply_to if isinstance(reply_to, str) else None,
        pressed=isinstance(reply_to, str),  # a page answers a line by its buttons alone
        locale=locale_of(said.get("locale")),
        sent_at=_moment(raw, said.get("sent_at")),
    )


def _files_of(raw: RawMessage, stored: object) -> tuple[Attachment, ...]:
    """Return the files that were stored with a message, to be fetched by their handles."""
    files = []
    for each in stored if isinstance(stored, list) else ():
        match [each.get(key) for key in ("name", "type", "size", "handle")] if isinstance(each, dict) else None:
            case [str(name), str(type_), int(size), str(handle)]:
                files.append(Attachment(clean(name), clean(type_), size=size, handle=handle))
            case _:
                raise NotUnderstood(f"{raw.channel}: the stored message names a file that is none of ours")
    return tuple(files)


def _content_of(files: Sequence[Attachment]) -> Content:
    if not files:
        return Content.TEXT
    kind = files[0].type.partition("/")[0]
    return {"image": Content.PHOTO, "video": Content.VIDEO, "audio": Content.AUDIO}.get(kind, Content.DOCUMENT)


def _moment(raw: RawMessage, value: object) -> datetime | None:
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        if at is not None and at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise NotUnderstood(f"{raw.channel}: the stored message's sent_at is no moment with a zone")
