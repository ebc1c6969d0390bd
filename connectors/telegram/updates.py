"""From one update of the Bot API, as raw JSON, to our message: a pure function that needs neither network nor library.

Every kind of update can be read: what is no message of a person is `ignored` and says why, kinds that did not exist when
this was written included. What has the wrong shape is NotUnderstood; nothing else is ever raised.

Who speaks: the person. Where somebody writes in the name of a chat (an anonymous admin, a channel), nobody can tell who it
was, so that chat is the speaker, and answers go where the words were said.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from connectors.port import Attachment, Content, IncomingMessage, NotUnderstood, Party, RawMessage
from connectors.said import clean, locale_of

CHANNEL = "telegram"

ALLOWED = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
)
"""The kinds of update we ask for; all others are understood, but carry nothing for us."""

# A button whose words are longer than the 64 bytes of its callback_data carries this and its place; the words are then
# those on the button, read from the keyboard that comes along with the press.
PLACE = "#button:"

_TELEGRAM_ITSELF = 777000
_LARGEST = 2**63
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})@([A-Za-z0-9_]{3,32})(?![A-Za-z0-9_])")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ANY_BOT = r"[A-Za-z0-9_]{1,29}bot"

Json = Mapping[str, object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ourselves:
    """The bot as others name it. Where it is not known, whatever is said to a bot is taken as said to us."""

    id: int | None = None
    username: str = ""


ANY_BOT = Ourselves()


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: what is needed to show that it was heard. label: "" where the keyboard is gone already."""

    query: str
    chat: int
    message: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class _Body:
    """What a message consists of."""

    content: Content = Content.TEXT
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    phone: str | None = None


# --- what the connector stores ----------------------------------------------------------------------------------------


def decoded(body: bytes) -> object:
    """Return the JSON that a webhook call carries, None where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def updates_in(raw: bytes) -> list[object]:
    """Return the updates of a file: one alone, a list of them, or an answer of `getUpdates` with its `result`.

    Raises NotUnderstood where there is none.
    """
    held = decoded(raw)
    if isinstance(held, dict) and "update_id" not in held and isinstance(held.get("result"), list):
        held = held["result"]
    if held is None or held == []:
        raise NotUnderstood("telegram: there is no update in it")
    return held if isinstance(held, list) else [held]


def raw_of(update: object, body: bytes | None = None) -> RawMessage:
    """Return an update as it is stored, under its number: nothing that Telegram could send makes this fail.

    body: the bytes it came in, if it came alone.
    """
    if body is None:
        body = json.dumps(update, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    number = number_of(update)
    # Without a number the content is the identity, so that the same thing sent again is still one message.
    identity = str(number) if number is not None else f"sha256:{hashlib.sha256(body).hexdigest()}"
    return RawMessage(CHANNEL, identity, _lane(update), body)


def number_of(update: object) -> int | None:
    """Return the `update_id`, or None where there is none."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if _is_number(number) else None


def _lane(update: object) -> str:
    """Return the chat whose order counts, "" where none can be told."""
    for event in _objects(update):
        for node in (event, event.get("message")):
            chat = _id_in(node, "chat")
            if chat is not None:
                return str(chat)
        person = _id_in(event, "from")
        if person is not None:
            return str(person)
    return ""


def _id_in(node: object, key: str) -> int | None:
    inner = node.get(key) if isinstance(node, dict) else None
    number = inner.get("id") if isinstance(inner, dict) else None
    return number if _is_number(number) else None


def _objects(update: object) -> Iterator[Json]:
    if isinstance(update, dict):
        yield from (value for value in update.values() if isinstance(value, dict))


def press_of(update: object) -> Press | None:
    """Return the press of a button that an update is, if it is one whose message can be reached."""
    query = update.get("callback_query") if isinstance(update, dict) else None
    try:
        if not isinstance(query, dict) or (message := _get(query, "message", dict)) is None:
            return None
        return Press(
            query=_needed(query, "id", str),
            chat=_needed(_needed(message, "chat", dict), "id", int),
            message=_needed(message, "message_id", int),
            text=_get(message, "text", str) or "",
            label=_label(message, _get(query, "data", str) or ""),
        )
    except NotUnderstood:
        return None


# --- understanding ----------------------------------------------------------------------------------------------------


def parse_update(raw: bytes, *, us: Ourselves = ANY_BOT) -> IncomingMessage:
    """Understand an update as `getUpdates` or a webhook gives it. Raises NotUnderstood, nothing else."""
    try:
        update = json.loads(raw)
    except (ValueError, RecursionError):
        raise NotUnderstood("telegram: the update is no JSON") from None
    return understand(update, us=us)


def understand(update: object, *, us: Ourselves = ANY_BOT) -> IncomingMessage:
    """Understand an update that is JSON already. Raises NotUnderstood, nothing else."""
    number = number_of(update)
    if not isinstance(update, dict) or number is None:
        raise NotUnderstood("telegram: this is no update: it has no update_id")
    kinds = [kind for kind in update if kind != "update_id"]
    kind = next((kind for kind in kinds if kind in _READERS), kinds[0] if kinds else "")
    event = update.get(kind)
    if not isinstance(event, dict):
        if kind in _READERS:
            raise NotUnderstood(f"telegram: {kind} is no object")
        event = {}
    empty = IncomingMessage(
        channel=CHANNEL, external_id=str(number), conversation="", sender=None, text="", visible_reply=""
    )
    return _READERS.get(kind, _nothing_for_us)(kind, event, us, empty)


def _nothing_for_us(kind: str, event: Json, _us: Ourselves, empty: IncomingMessage) -> IncomingMessage:
    """Read an update of a kind that says nothing to us, known or not."""
    chat = _get(event, "chat", dict)
    person = _get(event, "from", dict) or _get(event, "user", dict)
    sender = _person(person) if person is not None else None
    conversation = str(_needed(chat, "id", int)) if chat is not None else sender.address if sender else ""
    name = " ".join(clean(kind).replace("_", " ").split())[:60]
    reason = f"no message of a person: {name}" if name else "an update with nothing in it"
    return replace(empty, conversation=conversation, sender=sender, ignored=reason)


def _membership(_kind: str, event: Json, _us: Ourselves, empty: IncomingMessage) -> IncomingMessage:
    """Read what became of the bot in a chat: blocked and unblocked by a person, added to a group or thrown out."""
    chat = _needed(event, "chat", dict)
    status = _get(_needed(event, "new_chat_member", dict), "status", str) or "changed"
    away = status in ("kicked", "left")
    private = not _is_group(chat)
    if private:
        reason = "the person has blocked the bot" if away else "the person lets the bot write to them again"
    else:
        reason = (
            "the bot was removed from the chat" if away else f"the bot's place in the chat changed: {clean(status)}"
        )
    return replace(
        empty,
        conversation=str(_needed(chat, "id", int)),
        sender=_person(_needed(event, "from", dict)),
        group=not private,
        reachable=not away if private else None,
        ignored=reason,
        sent_at=_moment(event, "date"),
    )


def _press(_kind: str, event: Json, _us: Ourselves, empty: IncomingMessage) -> IncomingMessage:
    """Read the press of a button: the words it stands for, said in answer to the message that showed it."""
    person = _needed(event, "from", dict)
    sender = _person(person)
    message = _get(event, "message", dict)
    said = _get(event, "data", str) or ""
    understood = replace(empty, conversation=sender.address, sender=sender, locale=_locale(person))
    if message is None:
        return replace(understood, ignored="a button of a message that is not ours to answer")
    chat = _needed(message, "chat", dict)
    number = str(_needed(message, "message_id", int))
    understood = replace(
        understood,
        conversation=str(_needed(chat, "id", int)),
        group=_is_group(chat),
        message_id=number,
        reply_to_message=number,
        pressed=True,
    )
    if said.startswith(PLACE):
        said = _label(message, said)
        if not said:
            return replace(understood, ignored="a button of a keyboard that is gone")
    text = clean(said)
    return replace(
        understood, text=text, visible_reply=text, ignored=None if text else "a button without words: a game or a form"
    )


def _label(message: Json, data: str) -> str:
    """Return what stands on the button with this data in the message's keyboard, "" where there is none."""
    keyboard = _get(_get(message, "reply_markup", dict) or {}, "inline_keyboard", list) or []
    for row in keyboard:
        for button in row if isinstance(row, list) else ():
            if isinstance(button, dict) and button.get("callback_data") == data:
                return _get(button, "text", str) or ""
    return ""


def _message(kind: str, event: Json, us: Ourselves, empty: IncomingMessage) -> IncomingMessage:
    """Read a message or a channel's post, new or edited."""
    chat = _needed(event, "chat", dict)
    person, speaking_as = _get(event, "from", dict), _get(event, "sender_chat", dict)
    if kind.endswith("channel_post") and speaking_as is None:
        speaking_as = chat
    edited = kind.startswith("edited_")
    sender = _chat(speaking_as) if speaking_as is not None else _person(person) if person is not None else None
    understood = replace(
        empty,
        conversation=str(_needed(chat, "id", int)),
        sender=sender,
        message_id=str(_needed(event, "message_id", int)),
        edited=edited,
        group=_is_group(chat),
        sent_at=(_moment(event, "edit_date") if edited else None) or _moment(event, "date"),
        locale=_locale(person or {}),
    )
    moved_to = _get(event, "migrate_to_chat_id", int)
    reason = _no_person(event, person, speaking_as, edited)
    if reason is not None:
        return replace(understood, moved_to=None if moved_to is None else str(moved_to), ignored=reason)
    if sender is None:
        raise NotUnderstood("telegram: the message does not say who sent it")
    body = _body(event)
    if body is None:
        left = sorted(clean(key) for key in event if key not in _FRAME)
        return replace(
            understood, ignored=f"nothing in it that is understood: {', '.join(left)[:100] or 'it is empty'}"
        )
    if speaking_as is not None:
        understood = replace(understood, reply_address=understood.conversation)
    if understood.locale == "en" and _HAN.search(body.text):
        # Many write Chinese on a phone set to English: then their words tell more than the phone does.
        understood = replace(understood, locale=None)
    return _addressed(
        replace(
            understood,
            content=body.content,
            text=clean(body.text),
            attachments=body.attachments,
            contact_phone=body.phone,
            forwarded_from=_forwarded_from(event),
            album=_get(event, "media_group_id", str),
            reply_to_message=_answered(event),
        ),
        event,
        us,
    )


def _no_person(event: Json, person: Json | None, speaking_as: Json | None, edited: bool) -> str | None:
    """Say why a message is none of a person, or None where it is."""
    service = next((key for key in event if key in _SERVICE), None)
    if service is not None:
        return f"a service message: {service.replace('_', ' ')}"
    if event.get("is_automatic_forward") is True:
        return "a post of the linked channel, which Telegram copies into the group"
    if speaking_as is None and person is not None:
        if person.get("id") == _TELEGRAM_ITSELF:
            return "a notice of Telegram itself"
        if person.get("is_bot") is True:
            return "written by a bot"
    # A live location is edited every few seconds: a track, not new versions of what somebody said.
    return "a live location that moved" if edited and "location" in event else None


def _addressed(understood: IncomingMessage, event: Json, us: Ourselves) -> IncomingMessage:
    """Take our name out of the words, and say whether a group's message is meant for us."""
    text, addressed = understood.text, False
    if command := _COMMAND.match(text):
        if us.username and command[2].lower() != us.username.lower():
            return replace(understood, visible_reply=text, addressed=False, ignored=f"a command for @{command[2]}")
        text = f"/{command[1]}{text[command.end() :]}"
    visible = text
    if understood.group:
        name = re.compile(
            rf"(?<![A-Za-z0-9_.])@(?:{re.escape(us.username) or _ANY_BOT})(?![A-Za-z0-9_])[ \t]*[,，:：]?[ \t]*", re.I
        )
        visible, named = name.subn("", text)
        addressed = bool(named) or text.startswith("/") or _answers_us(event, us)
    return replace(understood, text=text, visible_reply=visible.strip(), addressed=addressed or not understood.group)


def _answers_us(event: Json, us: Ourselves) -> bool:
    answered = _get(event, "reply_to_message", dict) or {}
    author = _get(answered, "from", dict) or {}
    return (
        author.get("is_bot") is True and (us.id is None or author.get("id") == us.id) and _answered(event) is not None
    )


def _answered(event: Json) -> str | None:
    """Return the id of the message that is answered, if it is one of this chat."""
    answered = _get(event, "reply_to_message", dict)
    if answered is None:
        return None
    number = _needed(answered, "message_id", int)
    # In a topic everything "answers" the message that opened it.
    opened_topic = "forum_topic_created" in answered and number == event.get("message_thread_id")
    return None if opened_topic else str(number)


def _forwarded_from(event: Json) -> str | None:
    """Return whom the sender forwards, `Name <id>` or only a name; the fields of before Bot API 7.0 count too."""
    origin = _get(event, "forward_origin", dict)
    if origin is None:
        origin = {
            "sender_user": event.get("forward_from"),
            "chat": event.get("forward_from_chat"),
            "sender_user_name": event.get("forward_sender_name"),
        }
    if (user := _get(origin, "sender_user", dict)) is not None:
        return _shown(_person(user))
    chat = _get(origin, "sender_chat", dict) or _get(origin, "chat", dict)
    if chat is not None:
        return _shown(_chat(chat))
    return _line(_get(origin, "sender_user_name", str) or "") or None


def _shown(party: Party) -> str:
    return f"{party.name} <{party.address}>".lstrip()


# --- bodies -----------------------------------------------------------------------------------------------------------


def _body(event: Json) -> _Body | None:
    """Return what a message consists of, or None where it holds nothing that we know."""
    body = next((read(event) for key, read in _BODIES.items() if event.get(key) is not None), None)
    text, entities = _get(event, "text", str), "entities"
    if text is None:
        text, entities = _get(event, "caption", str), "caption_entities"
    if text is None:
        return body
    return replace(body or _Body(), text=_with_links(text, _get(event, entities, list) or []))


def _with_links(text: str, entities: list[object]) -> str:
    """Return the text with the address behind each link that shows other words. Entities count in UTF-16 units."""
    links = []
    for entity in entities:
        if isinstance(entity, dict) and entity.get("type") == "text_link":
            end = _needed(entity, "offset", int) + _needed(entity, "length", int)
            links.append((end, _needed(entity, "url", str)))
    if not links:
        return text
    units, pieces, done = text.encode("utf-16-le", "surrogatepass"), list[bytes](), 0
    for end, url in sorted(links):
        at = 2 * max(0, end)
        pieces += (units[done:at], f" ({url})".encode("utf-16-le", "surrogatepass"))
        done = max(done, at)
    return b"".join((*pieces, units[done:])).decode("utf-16-le", "replace")


def _photo(event: Json) -> _Body:
    sizes = _needed(event, "photo", list)
    if not sizes or not all(isinstance(size, dict) for size in sizes):
        raise NotUnderstood("telegram: photo holds no sizes")
    largest = max(sizes, key=lambda size: (_get(size, "width", int) or 0) * (_get(size, "height", int) or 0))
    return _Body(Content.PHOTO, attachments=(_file(largest, "photo.jpg", "image/jpeg"),))


def _media(key: str, content: Content, name: str, kind: str) -> Callable[[Json], _Body]:
    def read(event: Json) -> _Body:
        return _Body(content, attachments=(_file(_needed(event, key, dict), name, kind),))

    return read


def _file(node: Json, name: str, kind: str) -> Attachment:
    return Attachment(
        name=_line(_get(node, "file_name", str) or "") or name,
        type=_line(_get(node, "mime_type", str) or "") or kind,
        size=max(0, _get(node, "file_size", int) or 0),
        handle=_needed(node, "file_id", str),
    )


def _sticker(event: Json) -> _Body:
    # Out of a shop, not from a camera: there is nothing to keep.
    _needed(event, "sticker", dict)
    return _Body(Content.STICKER)


def _contact(event: Json) -> _Body:
    contact = _needed(event, "contact", dict)
    number = _needed(contact, "phone_number", str)
    sender = _get(event, "from", dict) or {}
    owner = _get(contact, "user_id", int)
    if owner is not None and owner == sender.get("id"):
        return _Body(Content.CONTACT, phone=_line(number))
    return _Body(Content.CONTACT, text=f"{_name(contact)} {number}")


def _location(event: Json) -> _Body:
    return _Body(Content.LOCATION, text=_place(_needed(event, "location", dict)))


def _venue(event: Json) -> _Body:
    venue = _needed(event, "venue", dict)
    lines = [_get(venue, "title", str), _get(venue, "address", str), _place(_needed(venue, "location", dict))]
    return _Body(Content.LOCATION, text="\n".join(line for line in lines if line))


def _place(location: Json) -> str:
    """Return a place as any map finds it."""
    at = [location.get("latitude"), location.get("longitude")]
    if not all(isinstance(degrees, int | float) and -180 <= degrees <= 180 for degrees in at):
        raise NotUnderstood("telegram: a location without latitude and longitude")
    return f"{at[0]},{at[1]}"


def _poll(event: Json) -> _Body:
    poll = _needed(event, "poll", dict)
    return _Body(text=_listed(_get(poll, "question", str), _get(poll, "options", list)))


def _checklist(event: Json) -> _Body:
    checklist = _needed(event, "checklist", dict)
    return _Body(text=_listed(_get(checklist, "title", str), _get(checklist, "tasks", list)))


def _listed(heading: str | None, entries: list[object] | None) -> str:
    lines = [f"- {_get(entry, 'text', str) or ''}" for entry in entries or [] if isinstance(entry, dict)]
    return "\n".join([heading or "", *lines])


def _dice(event: Json) -> _Body:
    return _Body(text=_get(_needed(event, "dice", dict), "emoji", str) or "")


def _titled(key: str) -> Callable[[Json], _Body]:
    def read(event: Json) -> _Body:
        return _Body(text=_get(_needed(event, key, dict), "title", str) or "")

    return read


# The first that fits counts: an animation comes as a document too, a venue as a location.
_BODIES: Mapping[str, Callable[[Json], _Body]] = {
    "photo": _photo,
    "animation": _media("animation", Content.VIDEO, "animation.mp4", "video/mp4"),
    "video": _media("video", Content.VIDEO, "video.mp4", "video/mp4"),
    "video_note": _media("video_note", Content.VIDEO, "video.mp4", "video/mp4"),
    "voice": _media("voice", Content.VOICE, "voice.ogg", "audio/ogg"),
    "audio": _media("audio", Content.AUDIO, "audio.mp3", "audio/mpeg"),
    "document": _media("document", Content.DOCUMENT, "document", "application/octet-stream"),
    "sticker": _sticker,
    "contact": _contact,
    "venue": _venue,
    "location": _location,
    "poll": _poll,
    "dice": _dice,
    "checklist": _checklist,
    "game": _titled("game"),
    "invoice": _titled("invoice"),
    "story": lambda _: _Body(),  # only says whose it is
    "paid_media": lambda _: _Body(),  # nothing that a bot could fetch
}

_READERS: Mapping[str, Callable[[str, Json, Ourselves, IncomingMessage], IncomingMessage]] = {
    "message": _message,
    "edited_message": _message,
    "channel_post": _message,
    "edited_channel_post": _message,
    "callback_query": _press,
    "my_chat_member": _membership,
}

# Fields that every message may have, whatever it says.
_FRAME = frozenset(
    {
        "message_id", "message_thread_id", "from", "sender_chat", "sender_boost_count", "sender_business_bot", "sender_tag",
        "date", "chat", "edit_date", "has_protected_content", "is_from_offline", "author_signature", "is_topic_message",
        "reply_to_message", "external_reply", "quote", "reply_to_story", "via_bot", "effect_id", "reply_markup",
        "link_preview_options", "entities", "caption_entities", "media_group_id", "forward_origin", "forward_from",
        "forward_from_chat", "forward_sender_name", "forward_date", "forward_signature", "forward_from_message_id",
        "business_connection_id", "show_caption_above_media", "has_media_spoiler", "paid_star_count",
    }
)  # fmt: skip

_SERVICE = frozenset(
    {
        "new_chat_members", "new_chat_member", "new_chat_participant", "left_chat_member", "left_chat_participant",
        "new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created", "supergroup_chat_created",
        "channel_chat_created", "message_auto_delete_timer_changed", "migrate_to_chat_id", "migrate_from_chat_id",
        "pinned_message", "successful_payment", "refunded_payment", "users_shared", "user_shared", "chat_shared", "gift",
        "unique_gift", "gift_upgrade_sent", "connected_website", "write_access_allowed", "passport_data",
        "proximity_alert_triggered", "boost_added", "chat_background_set", "checklist_tasks_done", "checklist_tasks_added",
        "direct_message_price_changed", "forum_topic_created", "forum_topic_edited", "forum_topic_closed",
        "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden", "giveaway_created", "giveaway",
        "giveaway_winners", "giveaway_completed", "paid_message_price_changed", "suggested_post_approved",
        "suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded",
        "video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited",
        "voice_chat_scheduled", "voice_chat_started", "voice_chat_ended", "voice_chat_participants_invited",
        "web_app_data", "chat_owner_left", "chat_owner_changed",
    }
)  # fmt: skip


# --- reading JSON -----------------------------------------------------------------------------------------------------


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -_LARGEST < value < _LARGEST


def _get(node: Json, key: str, kind: type[T]) -> T | None:
    """Return a field, or None where it is not there. Raises NotUnderstood where it is of another type."""
    value = node.get(key)
    if value is None:
        return None
    if not isinstance(value, kind) or (kind is int and not _is_number(value)):
        raise NotUnderstood(f"telegram: {key} is of the wrong type, {type(value).__name__}")
    return value


def _needed(node: Json, key: str, kind: type[T]) -> T:
    value = _get(node, key, kind)
    if value is None:
        raise NotUnderstood(f"telegram: {key} is missing")
    return value


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _name(node: Json) -> str:
    return _line(f"{_get(node, 'first_name', str) or ''} {_get(node, 'last_name', str) or ''}")


def _person(node: Json) -> Party:
    return Party(str(_needed(node, "id", int)), _name(node) or _line(_get(node, "username", str) or ""))


def _chat(node: Json) -> Party:
    name = _line(_get(node, "title", str) or "") or _name(node) or _line(_get(node, "username", str) or "")
    return Party(str(_needed(node, "id", int)), name)


def _is_group(chat: Json) -> bool:
    """Say whether several people read the chat."""
    kind = _get(chat, "type", str)
    return kind != "private" if kind is not None else _needed(chat, "id", int) < 0


def _locale(person: Json) -> str | None:
    return locale_of(person.get("language_code"))


def _moment(node: Json, key: str) -> datetime | None:
    seconds = _get(node, key, int)
    if not seconds:  # 0: a message that cannot be looked at any more
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise NotUnderstood(f"telegram: {key} is no moment") from None
