"""Updates understood: every kind the Bot API documents, and whatever else may come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from connectors.port import Content, IncomingMessage, NotUnderstood
from connectors.telegram import parse_update, understand, updates_in
from connectors.telegram.updates import Ourselves, decoded, press_of, raw_of
from tests.unit.connectors.telegram import samples
from tests.unit.connectors.telegram.samples import (
    ANIMATION,
    ANONYMOUS,
    AS_CHANNEL,
    AT,
    CHANNEL,
    DOCUMENT,
    FORUM,
    GROUP,
    KEYBOARD,
    LI,
    OTHER_BOT,
    PLACE,
    PRIVATE,
    SIZES,
    STICKER,
    TELEGRAM,
    US,
    WANG,
    Json,
    event,
    file,
    member,
    message,
    press,
    reply,
    update,
)

OURSELVES = Ourselves(US["id"], US["username"])
OPTION = {"voter_count": 0, "persistent_id": "1"}
COMMAND = {"offset": 0, "length": 6, "type": "bot_command"}


def bytes_of(update: object) -> bytes:
    return json.dumps(update).encode()


def read(update: Json, us: Ourselves = OURSELVES) -> IncomingMessage:
    return parse_update(bytes_of(update), us=us)


# Each with what must be read of it.
PERSONS: dict[str, tuple[Json, dict[str, Any]]] = {
    "text": (message(text="电梯坏了三天 😤"), {"text": "电梯坏了三天 😤", "visible_reply": "电梯坏了三天 😤"}),
    "an English phone": (message(text="x", **{"from": {**LI, "language_code": "en-GB"}}), {"locale": "en"}),
    "Chinese on an English phone": (
        message(text="电梯坏了", **{"from": {**LI, "language_code": "en"}}), {"locale": None},
    ),
    "a phone in another language": (message(text="x", **{"from": {**LI, "language_code": "fr"}}), {"locale": None}),
    "a link with other words": (
        message(text="看😤这里和那里", entities=[
            {"type": "text_link", "offset": 3, "length": 2, "url": "https://a.example/1"},
            {"type": "text_link", "offset": 6, "length": 2, "url": "https://a.example/2"},
            {"type": "bold", "offset": 0, "length": 1},
        ]),
        {"text": "看😤这里 (https://a.example/1)和那里 (https://a.example/2)"},
    ),
    "markup stays words": (message(text="*a* <b>"), {"text": "*a* <b>"}),
    "photo": (
        message(photo=SIZES, caption="厨房漏水"),
        {"content": Content.PHOTO, "text": "厨房漏水", "files": [("photo.jpg", "image/jpeg", 1234, "large")]},
    ),
    "album": (message(photo=SIZES, media_group_id="13037"), {"album": "13037", "content": Content.PHOTO, "text": ""}),
    "voice": (
        message(voice=file(duration=3, mime_type="audio/ogg")),
        {"content": Content.VOICE, "files": [("voice.ogg", "audio/ogg", 1234, "F1")]},
    ),
    "video": (
        message(video=file(width=1, height=1, duration=3, file_name="漏水.mov", mime_type="video/quicktime")),
        {"content": Content.VIDEO, "files": [("漏水.mov", "video/quicktime", 1234, "F1")]},
    ),
    "video note": (message(video_note=file(length=240, duration=3)), {"content": Content.VIDEO}),
    "audio": (message(audio=file(duration=3)), {"content": Content.AUDIO}),
    "document": (
        message(document=DOCUMENT),
        {"content": Content.DOCUMENT, "files": [("合同.pdf", "application/pdf", 1234, "D")]},
    ),
    "animation, which comes as document too": (
        message(animation=ANIMATION, document=ANIMATION), {"content": Content.VIDEO, "files": 1},
    ),
    "sticker": (message(sticker=STICKER), {"content": Content.STICKER, "text": "", "files": []}),
    "own contact": (
        message(contact={"phone_number": "8613712345678", "first_name": "娜", "user_id": 1001}),
        {"content": Content.CONTACT, "contact_phone": "8613712345678"},
    ),
    "somebody's contact": (
        message(contact={"phone_number": "8613500000000", "first_name": "王", "last_name": "伟", "user_id": 7}),
        {"content": Content.CONTACT, "contact_phone": None, "text": "王 伟 8613500000000"},
    ),
    "a contact without Telegram": (
        message(contact={"phone_number": "10086", "first_name": "x"}), {"contact_phone": None, "text": "x 10086"},
    ),
    "location": (message(location=PLACE), {"content": Content.LOCATION, "text": "31.2304,121.4737"}),
    "venue, which comes as location too": (
        message(location=PLACE, venue={"location": PLACE, "title": "人民广场", "address": "黄浦区"}),
        {"content": Content.LOCATION, "text": "人民广场\n黄浦区\n31.2304,121.4737"},
    ),
    "poll": (
        message(poll={
            "id": "1", "question": "哪天修？", "options": [OPTION | {"text": "周一"}, OPTION | {"text": "周二"}],
            "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular",
            "allows_multiple_answers": False, "allows_revoting": True, "members_only": False,
        }),
        {"text": "哪天修？\n- 周一\n- 周二"},
    ),
    "dice": (message(dice={"emoji": "🎲", "value": 6}), {"text": "🎲"}),
    "story": (message(story={"chat": CHANNEL, "id": 3}), {"text": ""}),
    "paid media": (message(paid_media={"star_count": 1, "paid_media": []}, caption="看"), {"text": "看"}),
    "start with a code": (message(text="/start ABCD2345", entities=[COMMAND]), {"text": "/start ABCD2345"}),
    "command with our name": (message(text="/start@complainttestbot X"), {"text": "/start X"}),
    "forwarded from a person": (
        message(text="漏水", forward_origin={"type": "user", "date": AT, "sender_user": WANG}),
        {"forwarded_from": "Wang <1002>", "sender": ("1001", "娜 李")},
    ),
    "forwarded from somebody who hides": (
        message(text="漏水", forward_origin={"type": "hidden_user", "date": AT, "sender_user_name": "匿名 客户"}),
        {"forwarded_from": "匿名 客户"},
    ),
    "forwarded from a chat": (
        message(text="漏水", forward_origin={"type": "chat", "date": AT, "sender_chat": FORUM, "author_signature": "管"}),
        {"forwarded_from": "小区论坛 <-1001234567890>"},
    ),
    "forwarded from a channel": (
        message(text="漏水", forward_origin={"type": "channel", "date": AT, "chat": CHANNEL, "message_id": 3}),
        {"forwarded_from": "物业通知 <-1009876543210>"},
    ),
    "forwarded as it was written before 7.0": (
        message(text="漏水", forward_from=WANG, forward_date=AT), {"forwarded_from": "Wang <1002>"},
    ),
    "forwarded before 7.0 from a channel": (
        message(text="漏水", forward_from_chat=CHANNEL, forward_from_message_id=3, forward_date=AT),
        {"forwarded_from": "物业通知 <-1009876543210>"},
    ),
    "forwarded before 7.0 from somebody who hides": (
        message(text="漏水", forward_sender_name="匿名", forward_date=AT), {"forwarded_from": "匿名"},
    ),
    "reply": (
        message(text="没有", reply_to_message=reply()), {"reply_to_message": "40", "addressed": True, "pressed": False},
    ),
    "reply with a quotation": (
        message(text="没有", reply_to_message=reply(), quote={"text": "修好", "position": 2}), {"text": "没有"},
    ),
    "reply to another chat": (
        message(text="看", external_reply={
            "origin": {"type": "user", "date": AT, "sender_user": WANG}, "chat": GROUP, "message_id": 9,
        }),
        {"reply_to_message": None},
    ),
    "edited": (
        update("edited_message", text="电梯坏了四天", edit_date=AT + 60),
        {"edited": True, "message_id": "41", "sent_at": datetime.fromtimestamp(AT + 60, UTC)},
    ),
    "through another bot": (message(text="[地图]", via_bot=OTHER_BOT), {"text": "[地图]"}),
    "in a group, to others": (
        message(text="大家好", chat=GROUP),
        {"group": True, "addressed": False, "conversation": "-5001", "sender": ("1001", "娜 李"), "reply_address": None},
    ),
    "in a group, by name": (
        message(text="@ComplaintTestBot，电梯坏了", chat=GROUP),
        {"addressed": True, "visible_reply": "电梯坏了", "text": "@ComplaintTestBot，电梯坏了"},
    ),
    "in a group, a mail address": (message(text="x@ComplaintTestBot", chat=GROUP), {"addressed": False}),
    "in a group, another's name": (message(text="@ComplaintTestBots 电梯", chat=GROUP), {"addressed": False}),
    "in a group, a command": (
        message(text="/status@ComplaintTestBot", chat=GROUP), {"addressed": True, "visible_reply": "/status"},
    ),
    "in a group, answering us": (
        message(text="没有", chat=GROUP, reply_to_message=reply(chat=GROUP)), {"addressed": True, "reply_to_message": "40"},
    ),
    "in a group, answering another": (
        message(text="没有", chat=GROUP, reply_to_message=reply(chat=GROUP, **{"from": OTHER_BOT})), {"addressed": False},
    ),
    "in a group, a caption with our name": (
        message(photo=SIZES, caption="@ComplaintTestBot 漏水", chat=GROUP), {"addressed": True, "visible_reply": "漏水"},
    ),
    "in a topic": (
        message(text="电梯坏了", chat=FORUM, message_thread_id=17, is_topic_message=True, reply_to_message={
            "message_id": 17, "from": WANG, "chat": FORUM, "date": AT,
            "forum_topic_created": {"name": "维修", "icon_color": 7322096},
        }),
        {"conversation": "-1001234567890", "reply_to_message": None, "addressed": False},
    ),
    "in a topic, answering us": (
        message(text="没有", chat=FORUM, message_thread_id=17, is_topic_message=True, reply_to_message=reply(chat=FORUM)),
        {"reply_to_message": "40", "addressed": True},
    ),
    "an anonymous admin": (
        message(text="/status", chat=FORUM, sender_chat=FORUM, author_signature="管理员", **{"from": ANONYMOUS}),
        {"sender": ("-1001234567890", "小区论坛"), "reply_address": "-1001234567890", "group": True, "addressed": True},
    ),
    "somebody who speaks as a channel": (
        message(text="你好", chat=FORUM, sender_chat=CHANNEL, **{"from": AS_CHANNEL}),
        {"sender": ("-1009876543210", "物业通知"), "reply_address": "-1001234567890"},
    ),
    "a channel's post": (
        update("channel_post", text="停水通知", chat=CHANNEL, sender_chat=CHANNEL, author_signature="王", **{"from": None}),
        {"sender": ("-1009876543210", "物业通知"), "group": True, "addressed": False},
    ),
    "a channel's post, older": (
        update("channel_post", text="停水通知", chat=CHANNEL, **{"from": None}), {"sender": ("-1009876543210", "物业通知")},
    ),
    "a channel's edited post": (
        update("edited_channel_post", text="停水改期", chat=CHANNEL, edit_date=AT, **{"from": None}), {"edited": True},
    ),
    "a button": (
        press(),
        {
            "text": "满意 TS20261123-0001", "reply_to_message": "40", "message_id": "40", "sender": ("1001", "娜 李"),
            "pressed": True,
        },
    ),
    "a button with long words": (press("#button:1"), {"text": "还没修好", "pressed": True}),
    "a button in a group": (
        press(message={"message_id": 40, "from": US, "chat": GROUP, "date": AT, "text": "?"}),
        {"group": True, "conversation": "-5001", "sender": ("1001", "娜 李")},
    ),
    "a button of a message long gone": (
        press(message={"message_id": 40, "chat": PRIVATE, "date": 0}), {"text": "满意 TS20261123-0001"},
    ),
}  # fmt: skip

EVENTS: dict[str, tuple[Json, str]] = {
    "joined": (message(chat=GROUP, new_chat_members=[WANG]), "a service message: new chat members"),
    "left": (message(chat=GROUP, left_chat_member=WANG), "a service message: left chat member"),
    "title": (message(chat=GROUP, new_chat_title="新群名"), "a service message: new chat title"),
    "picture": (message(chat=GROUP, new_chat_photo=SIZES), "a service message: new chat photo"),
    "pinned": (message(chat=GROUP, pinned_message=reply(chat=GROUP)), "a service message: pinned message"),
    "group made": (message(chat=GROUP, group_chat_created=True), "a service message: group chat created"),
    "arrived": (message(chat=FORUM, migrate_from_chat_id=-5001), "a service message: migrate from chat id"),
    "topic": (
        message(chat=FORUM, forum_topic_created={"name": "维修", "icon_color": 7322096}),
        "a service message: forum topic created",
    ),
    "call": (message(chat=GROUP, video_chat_ended={"duration": 3}), "a service message: video chat ended"),
    "timer": (
        message(message_auto_delete_timer_changed={"message_auto_delete_time": 60}),
        "a service message: message auto delete timer changed",
    ),
    "may write": (message(write_access_allowed={}), "a service message: write access allowed"),
    "linked channel": (
        message(text="通知", chat=FORUM, sender_chat=CHANNEL, is_automatic_forward=True, **{"from": TELEGRAM}),
        "a post of the linked channel, which Telegram copies into the group",
    ),
    "Telegram itself": (message(text="Login code", **{"from": TELEGRAM}), "a notice of Telegram itself"),
    "another bot": (message(text="spam", chat=GROUP, **{"from": OTHER_BOT}), "written by a bot"),
    "ourselves": (message(text="已收到", chat=GROUP, **{"from": US}), "written by a bot"),
    "a command for another bot": (message(text="/status@GamesBot", chat=GROUP), "a command for @GamesBot"),
    "a place that moves": (
        update("edited_message", location={**PLACE, "live_period": 900}, edit_date=AT), "a live location that moved",
    ),
    "something not invented yet": (message(hologram={"x": 1}), "nothing in it that is understood: hologram"),
    "nothing": (message(), "nothing in it that is understood: it is empty"),
    "blocked": (member("kicked"), "the person has blocked the bot"),
    "unblocked": (member("member"), "the person lets the bot write to them again"),
    "thrown out": (member("left", GROUP), "the bot was removed from the chat"),
    "added": (member("member", GROUP), "the bot's place in the chat changed: member"),
    "member": (member("left", GROUP, "chat_member"), "no message of a person: chat member"),
    "a game's button": (press(None, game_short_name="x"), "a button without words: a game or a form"),
    "a button elsewhere": (press(message=None, inline_message_id="7"), "a button of a message that is not ours to answer"),
    "a button whose keyboard is gone": (
        press("#button:1", message={"message_id": 40, "chat": PRIVATE, "date": 0}), "a button of a keyboard that is gone",
    ),
    "reaction": (
        event("message_reaction", chat=PRIVATE, message_id=40, user=LI, date=AT, old_reaction=[],
              new_reaction=[{"type": "emoji", "emoji": "👍"}]),
        "no message of a person: message reaction",
    ),
    "reactions counted": (
        event("message_reaction_count", chat=CHANNEL, message_id=4, date=AT, reactions=[]),
        "no message of a person: message reaction count",
    ),
    "inline query": (event("inline_query", id="1", from_=LI, query="x", offset=""), "no message of a person: inline query"),
    "inline result": (
        event("chosen_inline_result", result_id="1", from_=LI, query="x"), "no message of a person: chosen inline result",
    ),
    "join request": (
        event("chat_join_request", chat=GROUP, from_=LI, user_chat_id=1001, date=AT),
        "no message of a person: chat join request",
    ),
    "poll": (
        event("poll", id="1", question="?", options=[], total_voter_count=0, is_closed=True, is_anonymous=True,
              type="regular", allows_multiple_answers=False, allows_revoting=True, members_only=False),
        "no message of a person: poll",
    ),
    "vote": (
        event("poll_answer", poll_id="1", user=LI, option_ids=[0], option_persistent_ids=[]),
        "no message of a person: poll answer",
    ),
    "shipping": (
        event("shipping_query", id="1", from_=LI, invoice_payload="x", shipping_address={
            "country_code": "CN", "state": "", "city": "x", "street_line1": "x", "street_line2": "", "post_code": "1",
        }),
        "no message of a person: shipping query",
    ),
    "checkout": (
        event("pre_checkout_query", id="1", from_=LI, currency="XTR", total_amount=1, invoice_payload="x"),
        "no message of a person: pre checkout query",
    ),
    "boost": (
        event("removed_chat_boost", chat=CHANNEL, boost_id="1", remove_date=AT, source={"source": "premium", "user": LI}),
        "no message of a person: removed chat boost",
    ),
    "business connection": (
        event("business_connection", id="1", user=LI, user_chat_id=1001, date=AT, can_reply=True, is_enabled=True),
        "no message of a person: business connection",
    ),
    "business message": (
        update("business_message", text="你好", business_connection_id="1"), "no message of a person: business message",
    ),
    "business message deleted": (
        event("deleted_business_messages", business_connection_id="1", chat=PRIVATE, message_ids=[1]),
        "no message of a person: deleted business messages",
    ),
    "a kind not invented yet": (event("hologram", chat=PRIVATE, from_=LI), "no message of a person: hologram"),
    "a kind that is no object": ({"update_id": 7, "hologram": 3}, "no message of a person: hologram"),
    "no kind": ({"update_id": 7}, "an update with nothing in it"),
}  # fmt: skip


def observed(understood: IncomingMessage, expected: dict[str, Any]) -> dict[str, Any]:
    """Return what is expected of a message as it was read."""
    found = {name: getattr(understood, name) for name in expected if name != "files"}
    if "sender" in expected:
        assert understood.sender is not None
        found["sender"] = (understood.sender.address, understood.sender.name)
    if "files" in expected:
        files = [(each.name, each.type, each.size, each.handle) for each in understood.attachments]
        found["files"] = len(files) if isinstance(expected["files"], int) else files
    return found


@pytest.mark.parametrize("name", PERSONS)
def test_a_message_of_a_person(name: str) -> None:
    update, expected = PERSONS[name]
    understood = read(update)
    assert observed(understood, expected) == expected
    assert understood.ignored is None
    assert (understood.channel, understood.external_id) == ("telegram", "10000")
    assert understood.sender is not None
    assert understood.conversation


@pytest.mark.parametrize("name", EVENTS)
def test_what_is_no_message_of_a_person_says_why(name: str) -> None:
    update, reason = EVENTS[name]
    understood = read(update)
    assert understood.ignored == reason
    assert understood.attachments == ()


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize(
    "name", [name for name in {**PERSONS, **EVENTS} if name not in ("a channel's post, older", "a game's button")]
)
def test_the_samples_are_updates_to_an_unmodified_library(name: str) -> None:
    """Who invents updates proves nothing: each of them must be one for PTB, too."""
    sample, _ = {**PERSONS, **EVENTS}[name]
    found = Update.de_json(json.loads(bytes_of(sample)), None)
    assert found is not None
    assert found.update_id == sample["update_id"]


def test_what_stays_the_same_without_knowing_who_we_are() -> None:
    """`inspect` has no token: whatever is said to a bot counts as said to us."""
    nobody = Ourselves()
    assert read(message(text="/start@SomeBot x"), nobody).text == "/start x"
    assert read(message(text="@SomeBot 电梯坏了", chat=GROUP), nobody).visible_reply == "电梯坏了"
    assert read(message(text="没有", chat=GROUP, reply_to_message=reply()), nobody).addressed
    assert not read(message(text="大家好", chat=GROUP), nobody).addressed


def test_a_huge_message_is_read_in_the_time_its_bytes_take() -> None:
    """No case of 1 MB may take long; what would take the square of it would not end here at all."""
    link = {"type": "text_link", "length": 1, "url": "https://a.example"}
    links = [{**link, "offset": at} for at in range(9_000)]
    understood = read(message(text="看" * 200_000, entities=links))
    assert understood.text.count("https://a.example") == len(links)
    for text in ("@" * 500_000, "@a" * 250_000, "a_" * 250_000, "/" * 500_000, " " * 500_000 + "x"):
        assert read(message(text=text, chat=GROUP)).text


def test_a_group_that_becomes_a_supergroup_says_where_it_went_trap_21() -> None:
    understood = read(message(chat=GROUP, migrate_to_chat_id=-1001234567890))
    assert (understood.conversation, understood.moved_to) == ("-5001", "-1001234567890")
    assert understood.ignored == "a service message: migrate to chat id"


def test_who_blocks_us_is_reported_trap_20() -> None:
    assert [read(member(status)).reachable for status in ("kicked", "member")] == [False, True]
    assert read(member("kicked", GROUP)).reachable is None


def test_an_edit_is_a_new_version_of_the_same_message_trap_18() -> None:
    first, edit = read(message(text="一")), read(update("edited_message", text="二", edit_date=AT + 1))
    assert (first.message_id, first.edited) == ("41", False)
    assert (edit.message_id, edit.edited) == ("41", True)


def test_a_group_can_be_a_service_chat_trap_19() -> None:
    understood = read(message(text="@ComplaintTestBot 电梯坏了", chat=GROUP))
    assert understood.ignored is None
    assert understood.sender is not None
    assert (understood.group, understood.sender.address, understood.conversation) == (True, "1001", "-5001")


def test_half_characters_and_controls_never_reach_the_core() -> None:
    assert parse_update(bytes_of(message(text="a\ud800b\u0000c"))).text == "a\ufffdbc"


# --- what is no update ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"null", b"[]", b'"text"', b"7", b"{}", b'{"update_id":null}', b'{"update_id":"7"}', b'{"update_id":true}',
        b'{"update_id":1.5}', b"\xff\xfe", b"[" * 100_000, b'{"update_id":' + b"9" * 5000 + b"}",
        bytes_of({"update_id": 10**30}),
        bytes_of({"update_id": 1, "message": 7}),
        bytes_of({"update_id": 1, "message": []}),
        bytes_of({"update_id": 1, "callback_query": "x"}),
        bytes_of(message(chat=7)),
        bytes_of(message(chat={"type": "private"})),
        bytes_of(message(chat={"id": "1001"})),
        bytes_of(message(text="x", message_id=None)),
        bytes_of(message(text="x", message_id="41")),
        bytes_of(message(text=["x"])),
        bytes_of(message(text="x", **{"from": None})),
        bytes_of(message(text="x", **{"from": {"first_name": "x"}})),
        bytes_of(message(text="x", date="today")),
        bytes_of(message(text="x", date=10**15)),
        bytes_of(message(photo=[])),
        bytes_of(message(photo="x")),
        bytes_of(message(photo=[{"width": 1, "height": 1}])),
        bytes_of(message(document={"file_name": "x"})),
        bytes_of(message(contact={"first_name": "x"})),
        bytes_of(message(location={"latitude": "x", "longitude": 1})),
        bytes_of(message(location={"latitude": 1e308, "longitude": 1})),
        bytes_of(message(text="x", entities=[{"type": "text_link", "offset": "0", "length": 1, "url": "u"}])),
        bytes_of(message(text="x", reply_to_message={})),
        bytes_of(message(text="x", forward_origin="x")),
        bytes_of(press(message={"message_id": 1})),
        bytes_of(event("my_chat_member", chat=PRIVATE)),
    ],
)  # fmt: skip
def test_what_is_malformed_is_not_understood(raw: bytes) -> None:
    with pytest.raises(NotUnderstood, match="telegram: "):
        parse_update(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "chat", "from", "message", "text", "date", "type"]), inner, max_size=4)
    ),
    max_leaves=20,
)
SAMPLES = [sample for sample, _ in [*PERSONS.values(), *EVENTS.values()]]


def paths(node: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to every value within JSON."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        yield (*path, key)
        yield from paths(value, (*path, key))


@st.composite
def spoiled(draw: st.DrawFn) -> Json:
    """A real update of which some values are gone or something else."""
    update: Any = json.loads(bytes_of(draw(st.sampled_from(SAMPLES))))
    for _ in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from(list(paths(update)) or [()]))
        if not way:
            break
        node = update
        for key in way[:-1]:
            node = node[key]
        if draw(st.booleans()):
            node[way[-1]] = draw(JSON)
        elif isinstance(node, dict):
            del node[way[-1]]
    result: Json = update
    return result


def holds(update: object) -> None:
    """Whatever an update is: it can be stored, it is understood or not, and a press is one or not."""
    raw = raw_of(update)
    assert json.loads(raw.raw) == update or update != update or "NaN" in repr(update) or "nan" in repr(update)
    assert raw.external_id
    assert len(raw.conversation) <= 20
    press_of(update)
    try:
        understood = parse_update(raw.raw)
    except NotUnderstood:
        return
    assert understood.external_id == raw.external_id
    assert understood.sent_at is None or understood.sent_at.tzinfo is UTC
    assert understood.ignored is not None or understood.sender is not None
    understood.text.encode()
    understood.visible_reply.encode()


@settings(max_examples=150)
@given(spoiled())
def test_a_spoiled_update_is_understood_or_not_and_nothing_else(update: Json) -> None:
    holds(update)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(["update_id", "message", "callback_query", "my_chat_member", "x"]), JSON) | JSON)
def test_any_json_is_understood_or_not_and_nothing_else(update: object) -> None:
    holds(update)


@given(st.binary(max_size=300))
def test_any_bytes_are_understood_or_not_and_nothing_else(raw: bytes) -> None:
    stored = raw_of(decoded(raw), raw)
    assert (stored.raw, bool(stored.external_id)) == (raw, True)
    with pytest.raises(NotUnderstood):
        parse_update(raw)


# --- what is stored ---------------------------------------------------------------------------------------------------


def test_an_update_is_stored_under_its_number_in_the_lane_of_its_chat() -> None:
    for sample, chat in (
        (message(text="x", chat=GROUP), "-5001"),
        (press(), "1001"),
        (member("kicked"), "1001"),
        (event("inline_query", id="1", from_=LI, query="", offset=""), "1001"),
        ({"update_id": 10_000, "message": {"chat": "x"}}, ""),
    ):
        stored = raw_of(sample)
        assert (stored.channel, stored.external_id, stored.conversation) == ("telegram", "10000", chat)
        assert json.loads(stored.raw) == sample


def test_what_has_no_number_is_stored_once_under_its_content() -> None:
    assert raw_of("x").external_id == raw_of("x").external_id != raw_of("y").external_id
    assert raw_of({"text": "\ud800"}).external_id.startswith("sha256:")


def test_a_press_names_what_is_to_be_shown() -> None:
    found = press_of(press("#button:1"))
    assert found is not None
    assert (found.chat, found.message, found.text, found.label) == (1001, 40, "修好了吗？", "还没修好")
    gone = press_of(press(message={"message_id": 40, "from": US, "chat": PRIVATE, "date": AT, "text": "修好了吗？"}))
    assert gone is not None
    assert gone.label == "", "a keyboard that is gone is not taken away twice"
    assert press_of(message(text="x")) is None
    assert press_of(press(message=None)) is None
    assert [row[0]["text"] for row in KEYBOARD["inline_keyboard"]] == ["满意"]


def test_a_file_holds_one_update_or_several() -> None:
    one, two = message(text="一"), message(text="二")
    for whole in ([one, two], {"ok": True, "result": [one, two]}):
        assert [understand(update).text for update in updates_in(bytes_of(whole))] == ["一", "二"]
    assert updates_in(bytes_of(one)) == [one]
    for empty in (b"", b"[]", b'{"ok":true,"result":[]}', b"null"):
        with pytest.raises(NotUnderstood):
            updates_in(empty)


def test_the_samples_stay_as_they_are() -> None:
    """Tests share them: nothing that reads them may change them."""
    before = bytes_of([vars(samples)[name] for name in ("LI", "GROUP", "KEYBOARD")])
    for sample in SAMPLES:
        understand(sample)
    assert bytes_of([vars(samples)[name] for name in ("LI", "GROUP", "KEYBOARD")]) == before
