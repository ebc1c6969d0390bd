"""The menu of commands that a chat shows: by role and state, as data; and how the one for everybody reaches Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.app import build_connectors
from bot.clock import SystemClock
from bot.dialogue.hints import hinted
from bot.dialogue.refusing import ACT_OF
from bot.grammar import Meaning, Pending, Speaker, Verb, understand
from bot.grammar.conduct import Said, about_conduct
from bot.grammar.owed import Said as Owed
from bot.grammar.owed import about_owed
from bot.menus import EVERYBODY, GIVEN, OPEN, PAUSING, PLAN, RATING, WORKING, changed_menu, menus, spelled_out
from bot.people import Person
from bot.settings import load_settings
from bot.storage.models import AddressRow
from bot.storage.work import Work
from bot.words import LOCALES
from complaints.complaint import Complaint
from complaints.errors import ConfigError
from complaints.permissions import PERMISSIONS, Act, Errand, Step
from complaints.vocabulary import Role
from connectors.port import Command, TryAgainLater
from connectors.telegram import TelegramConnector
from tests.fakes import MemoryLog
from tests.unit.bot.desk_kit import CHAT, STAFF, FakeChannel, Kit, entry, open_desk

TOKEN = "4242:AAtest-token_that-opens-nothing"


SPEAKERS = {
    **dict.fromkeys(("customer", "customer_open", "customer_plan", "customer_rating"), Speaker.CUSTOMER),
    **dict.fromkeys(("handler", GIVEN, WORKING, PAUSING), Speaker.HANDLER),
    "employee": Speaker.EMPLOYEE,
}
ROLES = {"centre": Role.AGENT, **dict.fromkeys((GIVEN, WORKING, PAUSING), Role.HANDLER)}
ACTS: dict[tuple[Verb, str], Act] = {
    (Verb.LIST, "queue"): Errand.QUEUE,
    (Verb.LIST, "tasks"): Errand.TASKS,
    (Verb.LIST, "entered"): Errand.ENTERED,
    (Verb.LIST, "own"): Errand.MINE,
    (Verb.RATES, ""): Errand.RATES,
    (Verb.BOARD, ""): Errand.BOARD,
    (Verb.PHRASE, ""): Errand.PHRASES,
    (Verb.FORM, ""): Step.FILE,
    (Verb.COMPLAIN, ""): Step.FILE,
    (Verb.URGE, ""): Step.URGE,
    (Verb.ADD, ""): Step.SUPPLEMENT,
    (Verb.WITHDRAW, ""): Step.WITHDRAW,
    (Verb.RATE, ""): Step.RATE,
    (Verb.AGREE, ""): Step.AGREE,
    (Verb.DISAGREE, ""): Step.REFUSE,
    **{(verb, ""): act for verb, act in ACT_OF.items() if verb is not Verb.LIST},
}
FOR_ALL = frozenset({Verb.HELP, Verb.PERSON, Verb.LEAVE, Verb.ON_DUTY})


def meant(menu: str, words: str) -> Meaning:
    pending = {RATING: Pending.RATING, PLAN: Pending.PLAN}.get(menu, Pending.NONE)
    return understand(words, SPEAKERS.get(menu, Speaker.SUPERVISOR), pending)


def every_command() -> list[tuple[str, str]]:
    return [(menu, command.name) for menu, commands in menus("zh").items() for command in commands]


def command_of(menu: str, name: str, locale: str) -> Command:
    return next(command for command in menus(locale)[menu] if command.name == name)


@pytest.mark.parametrize(("menu", "name"), every_command())
def test_a_command_is_understood_alike_in_both_languages_and_as_it_is_typed(menu: str, name: str) -> None:
    if name == "requests":
        return  # what is said of data requests is asked before the grammar, by words of its own
    zh, en = (command_of(menu, name, locale) for locale in LOCALES)
    if name == "conduct":  # asked by words of its own, too
        said = [about_conduct(words) for words in (zh.says, en.says, spelled_out(f"/{name}"))]
        assert [each and each.said for each in said] == [Said.LIST] * 3
        return
    if name == "reports":
        owing = [about_owed(words) for words in (zh.says, en.says, spelled_out(f"/{name}"))]
        assert [each and each.said for each in owing] == [Owed.REPORTS] * 3
        return
    verbs = {meant(menu, words).verb for words in (zh.says, en.says, spelled_out(f"/{name}"), spelled_out(f"/{name} "))}
    assert len(verbs) == 1
    assert verbs != {Verb.UNCLEAR}


@pytest.mark.parametrize(("menu", "name"), every_command())
def test_a_menu_offers_nothing_that_its_reader_may_not_do(menu: str, name: str) -> None:
    own: dict[str, Act] = {"requests": Errand.DATA_REQUESTS, "conduct": Errand.CONDUCT, "reports": Errand.SEND_REPORT}
    if name in own:
        act = own[name]
    else:
        found = meant(menu, command_of(menu, name, "zh").says)
        if found.verb in FOR_ALL:
            return
        act = ACTS[found.verb, found.said("of")] if found.verb is Verb.LIST else ACTS[found.verb, ""]
    role = Role.CUSTOMER if menu.startswith("customer") else ROLES.get(menu) or Role(menu)
    roles = {role} if role is Role.CUSTOMER else {role, Role.EMPLOYEE}
    assert roles & PERMISSIONS[act].keys()


def test_every_role_that_is_told_words_of_its_own_has_a_menu() -> None:
    named = {hinted({role}) for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM)} | {
        EVERYBODY,
        OPEN,
        PLAN,
        RATING,
        GIVEN,
        WORKING,
        PAUSING,
    }
    assert named | {"employee"} == menus("zh").keys()


def test_the_menus_offer_the_same_in_words_of_their_own() -> None:
    zh, en = (menus(locale) for locale in LOCALES)
    for menu, commands in zh.items():
        assert [each.name for each in commands] == [each.name for each in en[menu]]
        assert not any(each.shown.isascii() for each in commands)
        assert all(each.shown.isascii() for each in en[menu])
        assert all(each.says != each.shown for each in (*commands, *en[menu]))  # what it does is said beside it


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/giveback 不是我们的", "退单 不是我们的"),
        ("/GIVEBACK not ours", "Give back not ours"),
        ("/form", "Phone complaint"),
        ("/start ABCD2345", "/start ABCD2345"),
        ("/service on", "/service on"),
        ("/formless", "/formless"),
        ("see /form", "see /form"),
        ("", ""),
    ],
)
def test_what_is_typed_of_a_menu_is_said_in_its_words(typed: str, words: str) -> None:
    assert spelled_out(typed) == words


# ── which one a chat shows ────────────────────────────────────────────────────────────────────────────────────────────

PEOPLE = (
    *STAFF,
    entry("郑总", Role.LEADER, line=4),
    entry("冯媒体", Role.MEDIA_OFFICER, line=5),
    entry("孙经理", Role.DEPT_HEAD, line=6),
    entry("何员工", Role.EMPLOYEE, line=7),
    entry("管理员", Role.ADMIN, line=8),
    entry("周调度", Role.DISPATCHER, line=9),
)
ADDRESSES = {
    "张伟": "handler", "王主管": "centre", "郑总": "leader", "冯媒体": "media_officer", "孙经理": "dept_head",
    "何员工": "employee", "管理员": "admin", "周调度": "dispatcher",
}  # fmt: skip


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    chat = FakeChannel("chat", replace(CHAT, menu=True))
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, channels=[chat], chats=ADDRESSES) as kit:
        yield kit


def brought(kit: Kit, who: str) -> list[tuple[Command, ...]]:
    """Return the menus that messages brought to a chat, oldest first."""
    return [message.menu for message in kit.chat.sent if message.address == who and message.menu is not None]


async def exchange(kit: Kit, text: str, who: str) -> list[tuple[Command, ...]]:
    kit.chat.sent.clear()
    await kit.says(text, who)
    await kit.deliver()
    return brought(kit, who)


@pytest.mark.parametrize("who", [each for each in ADDRESSES.values() if each != "handler"])
async def test_a_colleague_gets_the_menu_of_their_role_once(kit: Kit, who: str) -> None:
    assert await exchange(kit, "帮助", who) == [menus("zh")[who]]
    assert await exchange(kit, "帮助", who) == []


async def test_a_customers_menu_follows_their_complaint(kit: Kit) -> None:
    assert await exchange(kit, "帮助", "c1") == []  # what everybody's chat shows
    assert await exchange(kit, "4栋1202厨房漏水，李娜13712345678", "c1") == [menus("zh")[OPEN]]
    assert await exchange(kit, "进度", "c1") == []
    assert brought(kit, "handler") == []
    await exchange(kit, "接单", "handler")
    await exchange(kit, "办结 换了阀门", "handler")
    assert brought(kit, "c1") == [menus("zh")[RATING]]
    assert await exchange(kit, "满意", "c1") == [()]
    assert await exchange(kit, "帮助", "c1") == []


async def test_an_assignees_menu_follows_their_work(kit: Kit) -> None:
    assert await exchange(kit, "帮助", "handler") == [menus("zh")["handler"]]
    await exchange(kit, "4栋1202厨房漏水，李娜13712345678", "c1")
    assert brought(kit, "handler") == [menus("zh")[GIVEN]]
    assert await exchange(kit, "接单", "handler") == [menus("zh")[PAUSING]]
    assert await exchange(kit, "进展 师傅在路上", "handler") == []
    assert await exchange(kit, "办结 换了阀门", "handler") == [menus("zh")["handler"]]


async def test_the_word_for_taking_on_stays_while_something_waits_for_it(kit: Kit) -> None:
    await exchange(kit, "4栋1202厨房漏水，李娜13712345678", "c1")
    await exchange(kit, "投诉 3栋的电梯停了两天", "c1")
    assert await exchange(kit, "接单 0001", "handler") == []  # the other waits
    assert await exchange(kit, "接单 0002", "handler") == [menus("zh")[PAUSING]]


async def test_a_profile_without_pauses_offers_none(fresh_sqlite_url: str) -> None:
    chat = FakeChannel("chat", replace(CHAT, menu=True))
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, channels=[chat], policy="leyoujia-24h") as kit:
        await kit.address("张伟", "chat", "handler")
        await exchange(kit, "4栋1202厨房漏水，李娜13712345678", "c1")
        assert await exchange(kit, "接单", "handler") == [menus("zh")[WORKING]]
        assert not {"accept", "hold"} & {each.name for each in menus("zh")[WORKING]}


async def test_a_second_open_complaint_keeps_the_menu(kit: Kit) -> None:
    await exchange(kit, "4栋1202厨房漏水，李娜13712345678", "c1")
    await exchange(kit, "投诉 3栋的电梯停了两天", "c1")
    assert await exchange(kit, "撤销 0002", "c1") == []
    assert await exchange(kit, "是", "c1") == []
    assert await exchange(kit, "撤销 0001", "c1") == []
    assert await exchange(kit, "是", "c1") == [()]


async def test_a_menu_speaks_the_language_of_its_chat(kit: Kit) -> None:
    await exchange(kit, "帮助", "leader")
    assert await exchange(kit, "English", "leader") == [menus("en")["leader"]]
    assert await exchange(kit, "help", "leader") == []


async def test_who_has_not_shown_to_be_staff_gets_no_menu_of_theirs(kit: Kit) -> None:
    await kit.address("郑总", "chat", "somewhere", proven=False)
    assert await exchange(kit, "帮助", "somewhere") == []


async def test_what_is_sent_again_brings_its_menu_again(kit: Kit) -> None:
    kit.chat.outcomes.append(TryAgainLater("busy"))
    assert await exchange(kit, "帮助", "leader") == []
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=5))
    await kit.deliver()
    assert brought(kit, "leader") == [menus("zh")["leader"]]


async def test_whoever_opens_the_chat_anew_gets_their_menu_anew(kit: Kit) -> None:
    assert await exchange(kit, "帮助", "leader") == [menus("zh")["leader"]]
    assert await exchange(kit, "/start", "leader") == [menus("zh")["leader"]]
    assert await exchange(kit, "/start", "c1") == []
    await exchange(kit, "4栋1202厨房漏水，李娜13712345678", "c1")
    assert await exchange(kit, "/start", "c1") == [menus("zh")[OPEN]]


async def test_who_would_not_be_named_has_no_menu_of_their_own(kit: Kit) -> None:
    assert await exchange(kit, "匿名投诉 4栋1202厨房漏水", "c1") == []
    assert kit.chat.texts("c1")


async def test_a_channel_without_menus_is_brought_none(kit: Kit) -> None:
    kit.chat.capabilities = CHAT
    assert await exchange(kit, "帮助", "leader") == []
    assert {row.menu for row in await kit.rows(AddressRow)} == {""}


class _Asked(Exception):
    """The database was asked."""


class _NothingToAsk:
    """A unit of work that knows one complaint and may be asked nothing else."""

    def __init__(self, complaint: Complaint) -> None:
        self._complaint = complaint

    def known_complaint(self, reference: str) -> Complaint | None:
        return self._complaint if reference == self._complaint.reference else None

    async def complaints_of(self, _person: str) -> list[Complaint]:
        raise _Asked

    async def tasks_of(self, _person: str) -> list[Complaint]:
        raise _Asked


async def _never(_complaint: Complaint) -> bool:
    return False


@pytest.mark.parametrize(
    ("who", "shown", "about", "asked"),
    [
        pytest.param("c1", f"{OPEN}@zh#1", True, False, id="an open complaint, and the menu for it"),
        pytest.param("c1", f"{OPEN}@zh#1", False, False, id="help, beside an open complaint"),
        pytest.param("c1", "#1", False, False, id="nothing open"),
        pytest.param("c1", f"{RATING}@zh#1", False, True, id="the question is answered"),
        pytest.param("handler", f"{GIVEN}@zh#1", True, False, id="a task to take on"),
        pytest.param("handler", f"{GIVEN}@zh#1", False, False, id="help, with a task in hand"),
        pytest.param("handler", "", False, True, id="a chat that has no menu yet"),
        pytest.param("leader", "leader@zh#1", True, False, id="a role whose menu knows no states"),
    ],
)
async def test_nothing_is_looked_up_where_nothing_changed(
    kit: Kit, who: str, shown: str, about: bool, asked: bool
) -> None:
    await kit.says("4栋1202厨房漏水，李娜13712345678", "c1")
    complaint = await kit.the_complaint()

    async def read(work: Work) -> tuple[AddressRow, Person]:
        row = await work.address("chat", who)
        assert row is not None
        person = await work.person(row.person)
        assert person is not None
        return row, person

    row, person = await kit.database.read(read)
    row.menu, row.pending = shown, ""
    work = cast(Work, _NothingToAsk(complaint))
    looking = changed_menu(work, row, person, "zh", [complaint.reference] if about else [], 7, _never)
    if asked:
        with pytest.raises(_Asked):
            await looking
    else:
        assert await looking is None
        assert row.menu == shown


# ── the settings ──────────────────────────────────────────────────────────────────────────────────────────────────────


def telegram_of(**changes: Any) -> TelegramConnector:
    keys = {"enabled": "true", "token": TOKEN, **changes}
    environ = {
        f"COMPLAINTBOT_CONNECTORS__TELEGRAM__{key.upper()}": value for key, value in keys.items() if key != "http"
    }
    environ |= {f"COMPLAINTBOT_HTTP__{key.upper()}": value for key, value in changes.get("http", {}).items()}
    connectors = build_connectors(load_settings(None, environ), MemoryLog(), SystemClock())
    telegram = connectors["telegram"]
    assert isinstance(telegram, TelegramConnector)
    return telegram


async def test_the_settings_make_a_connector() -> None:
    polling = telegram_of(username="OurBot")
    assert polling.capabilities.start_link == "https://t.me/OurBot?start={code}"
    webhook = telegram_of(mode="webhook", http={"public_url": "https://chat.example.com"})
    assert [route.path for route in webhook.routes()] == ["/hooks/telegram/update"]
    for connector in (polling, webhook):
        await connector.close()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        pytest.param({"token": ""}, "connectors.telegram.token is empty", id="no token"),
        pytest.param({"token": "nonsense"}, "connectors.telegram.token is no bot token", id="no token of Telegram's"),
        pytest.param({"mode": "webhook"}, "set http.public_url", id="nowhere to call"),
    ],
)
def test_what_cannot_work_is_named(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        telegram_of(**changes)


def test_the_example_names_the_official_server(monkeypatch: pytest.MonkeyPatch) -> None:
    example = Path(__file__).parents[3] / "config.example.toml"
    monkeypatch.chdir(example.parent)
    assert load_settings(example, {}).connectors.telegram.base_url == "https://api.telegram.org"


async def test_while_a_plan_waits_for_a_word_the_menu_has_the_answers(kit: Kit) -> None:
    await kit.says("4栋1202厨房漏水，李娜13712345678", "c1")
    await kit.says("接单 0001", "handler")
    await kit.says("方案 0001 明天上午换水管，不收费", "handler")
    await kit.deliver()
    assert brought(kit, "c1")[-1] == menus("zh")[PLAN]
    await kit.says("接受", "c1")
    await kit.deliver()
    assert brought(kit, "c1")[-1] == menus("zh")[OPEN]
