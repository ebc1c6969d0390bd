"""`complaintbot inspect`: what intake understands of a file, without a database."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from connectors.email import parse_mail
from connectors.port import ConnectorError, IncomingMessage

CHANNELS = ("email",)


def inspect_files(files: Iterable[str], own_domains: Sequence[str]) -> Iterator[str]:
    """Yield one JSON line for each file; one that cannot be understood gives {"file", "error"} and stops nobody."""
    for file in files:
        try:
            understood = described(parse_mail(Path(file).read_bytes(), own_domains=own_domains))
        except OSError as error:
            understood = {"error": f"cannot be read: {error.strerror or error}"}
        except ValueError as error:  # no name that a file could have
            understood = {"error": f"cannot be read: {error}"}
        except ConnectorError as error:
            understood = {"error": str(error)}
        name = os.fsencode(file).decode(errors="replace")
        yield json.dumps({"file": name} | understood, ensure_ascii=False)


def described(message: IncomingMessage) -> dict[str, object]:
    """Return a message as the command prints it; what a channel lacks is null."""
    sender = message.sender
    return {
        "channel": message.channel,
        "external_id": message.external_id,
        "conversation": message.conversation,
        "from": {"name": sender.name, "address": sender.address} if sender else None,
        "reply_to": message.reply_address,
        "subject": message.subject,
        "text": message.text,
        "visible_reply": message.visible_reply,
        "attachments": [{"name": a.name, "type": a.type, "size": a.size} for a in message.attachments],
        "message_id": message.message_id,
        "in_reply_to": message.in_reply_to,
        "references": list(message.references),
        "automatic": message.automatic,
        "automatic_reason": message.automatic_reason,
        "content": message.content,
        "edited": message.edited,
        "forwarded_from": message.forwarded_from,
        "contact_phone": message.contact_phone,
        "album": message.album,
        "reply_to_message": message.reply_to_message,
        "ignored": message.ignored,
    }
