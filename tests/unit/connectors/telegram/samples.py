"""Updates as the Bot API documents them, one of every kind."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

AT = 1_795_000_000
LI: Json = {
    "id": 1001,
    "is_bot": False,
    "first_name": "娜",
    "last_name": "李",
    "username": "lina",
    "language_code": "zh-hans",
}
WANG: Json = {"id": 1002, "is_bot": False, "first_name": "Wang"}
US: Json = {"id": 4242, "is_bot": True, "first_name": "Complaints", "username": "ComplaintTestBot"}
OTHER_BOT: Json = {"id": 99, "is_bot": True, "first_name": "Games", "username": "GamesBot"}
PRIVATE: Json = {"id": 1001, "type": "private", "first_name": "娜", "last_name": "李", "username": "lina"}
GROUP: Json = {"id": -5001, "type": "group", "title": "6栋业主群", "all_members_are_administrators": True}
FORUM: Json = {"id": -1001234567890, "type": "supergroup", "title": "小区论坛", "is_forum": True}
CHANNEL: Json = {"id": -1009876543210, "type": "channel", "title": "物业通知", "username": "wuye"}
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
AS_CHANNEL: Json = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
TELEGRAM: Json = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


def message(**fields: Any) -> Json:
    """Return an update with a message of 李 娜 in a private chat; a field that is None is left out."""
    return update("message", **fields)


def update(kind: str, **fields: Any) -> Json:
    """Return an update with a message under `kind`."""
    whole = {"message_id": 41, "from": LI, "chat": PRIVATE, "date": AT, **fields}
    return {"update_id": 10_000, kind: {key: value for key, value in whole.items() if value is not None}}


def event(kind: str, **fields: Any) -> Json:
    """Return an update of any other kind; `from_` is written `from`."""
    return {"update_id": 10_000, kind: {key.rstrip("_"): value for key, value in fields.items()}}


def file(id: str = "F1", **fields: Any) -> Json:
    return {"file_id": id, "file_unique_id": f"u{id}", "file_size": 1234, **fields}


def reply(**fields: Any) -> Json:
    """Return a message of ours that was answered."""
    return {"message_id": 40, "from": US, "chat": PRIVATE, "date": AT, "text": "电梯修好了吗？", **fields}


SIZES = [
    file("small", width=90, height=67),
    file("large", width=1280, height=960),
    file("middle", width=320, height=240),
]
STICKER = file(type="regular", width=512, height=512, is_animated=False, is_video=False, emoji="👍", set_name="Animals")
DOCUMENT = file("D", file_name="合同.pdf", mime_type="application/pdf")
ANIMATION = file("A", width=320, height=240, duration=3, file_name="x.gif.mp4", mime_type="video/mp4")
PLACE: Json = {"longitude": 121.4737, "latitude": 31.2304}
KEYBOARD: Json = {
    "inline_keyboard": [
        [{"text": "满意", "callback_data": "满意 TS20261123-0001"}, {"text": "还没修好", "callback_data": "#button:1"}]
    ]
}


def press(data: str | None = "满意 TS20261123-0001", **fields: Any) -> Json:
    """Return the press of a button of ours."""
    shown = {"message_id": 40, "from": US, "chat": PRIVATE, "date": AT, "text": "修好了吗？", "reply_markup": KEYBOARD}
    whole = {"id": "4382bfdwdsb323b2d9", "from": LI, "chat_instance": "-7", "message": shown, "data": data, **fields}
    return {"update_id": 10_000, "callback_query": {key: value for key, value in whole.items() if value is not None}}


def member(status: str, chat: Json = PRIVATE, kind: str = "my_chat_member") -> Json:
    """Return that the bot's (or with `chat_member` somebody's) place in a chat changed to `status`."""
    user = US if kind == "my_chat_member" else WANG
    new: Json = {"user": user, "status": status}
    if status == "kicked":
        new["until_date"] = 0
    return event(
        kind, chat=chat, from_=LI, date=AT, old_chat_member={"user": user, "status": "member"}, new_chat_member=new
    )
