"""`complaintbot inspect`: what intake understands of a file, without a database."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from complaints.grading_rules import by_words_alone
from complaints.policy import Grading
from complaints.vocabulary import Severity
from connectors.email import parse_mail
from connectors.port import ConnectorError, IncomingMessage
from connectors.sms import INSPECTING, inspected
from connectors.sms import understand as understand_sms
from connectors.telegram import understand, updates_in


def _mail(raw: bytes, own_domains: Sequence[str]) -> Iterator[Callable[[], IncomingMessage]]:
    yield lambda: parse_mail(raw, own_domains=own_domains)


def _updates(raw: bytes, _own_domains: Sequence[str]) -> Iterator[Callable[[], IncomingMessage]]:
    for update in updates_in(raw):
        yield partial(understand, update)


def _callbacks(raw: bytes, _own_domains: Sequence[str]) -> Iterator[Callable[[], IncomingMessage]]:
    for message in inspected(raw):
        yield partial(understand_sms, message, INSPECTING)


# What is to be understood of a file's bytes, one by one: a message that fails leaves its neighbours alone.
_READERS: Mapping[str, Callable[[bytes, Sequence[str]], Iterator[Callable[[], IncomingMessage]]]] = {
    "email": _mail,
    "telegram": _updates,
    "sms": _callbacks,
}
CHANNELS = tuple(_READERS)


def inspect_files(
    files: Iterable[str], own_domains: Sequence[str], channel: str = "email", grading: Grading | None = None
) -> Iterator[str]:
    """Yield one JSON line for each message: one for each file, for each update where a file holds several.

    grading: rules of a profile; with them each line says, under "grading", how grave its words make it and why.

    A folder stands for the files in it and below it, in order of their names. What cannot be understood gives
    {"file", "error"} and stops nobody.
    """
    for file in _with_folders_opened(files):
        name = os.fsencode(file).decode(errors="replace")
        for understood in _understood(file, own_domains, channel):
            if grading is not None and "error" not in understood:
                understood["grading"] = graded(str(understood["visible_reply"] or understood["text"] or ""), grading)
            yield json.dumps({"file": name} | understood, ensure_ascii=False)


def graded(text: str, grading: Grading) -> dict[str, object]:
    """Return how grave a text makes a new complaint, and by which rules: what counts at once, and what a
    person has to confirm."""
    found = by_words_alone(text, grading)
    decides = {each.rule.name for each in found if each.rule.decides and each.rule.case.of_words}
    acting = [  # danger counts before anybody has looked
        each.rule.at_least for each in found if each.rule.name in decides or each.rule.at_least is Severity.S0
    ]
    asked = [each.rule.at_least for each in found]
    rules = [
        {
            "rule": each.rule.name,
            "at_least": each.rule.at_least,
            "decides": each.rule.name in decides,
            "because": each.detail,
            "source": each.rule.source,
        }
        for each in found
    ]
    return {
        "severity": min(acting, default=Severity.S4),
        "proposed": min(asked, default=None),
        "rules": rules,
    }


def _with_folders_opened(files: Iterable[str]) -> Iterator[str]:
    for file in files:
        inside = sorted(path for path in Path(file).rglob("*") if path.is_file()) if "\0" not in file else []
        yield from map(str, inside) if inside else (file,)


def _understood(file: str, own_domains: Sequence[str], channel: str) -> Iterator[dict[str, object]]:
    try:
        for read in _READERS[channel](Path(file).read_bytes(), own_domains):
            try:
                yield described(read())
            except ConnectorError as error:
                yield {"error": str(error)}
            except Exception as error:  # a fault of ours: the next file may still be read
                yield {"error": f"{type(error).__name__}: {error}"}
    except OSError as error:
        yield {"error": f"cannot be read: {error.strerror or error}"}
    except ValueError as error:  # no name that a file could have
        yield {"error": f"cannot be read: {error}"}
    except ConnectorError as error:
        yield {"error": str(error)}


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
