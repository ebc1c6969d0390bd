"""The demo behind its page: state, the clock, who may ask, what is kept, and the story in the terminal."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import signal
import socket
import stat
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession

from bot.checking import check
from bot.clock import MovableClock
from bot.demo import cast, profiles
from bot.demo.cast import CAST, called
from bot.demo.moving import AlreadyMoving
from bot.demo.play import BEGINS, play
from bot.demo.service import Demo, demo_settings, running_demo, unused, wait_for_the_day, write_settings
from bot.settings import Locale, load_settings
from bot.storage.chat import ChatLog
from bot.storage.database import Database
from bot.storage.work import Work
from bot.winding import clock_of
from complaints import policy
from complaints.change import EventKind
from complaints.errors import ConfigError
from complaints.policy import When
from complaints.vocabulary import Flag, Kind, Stage
from connectors.port import RawMessage

HOUR = timedelta(hours=1)
LEAK = "我家厨房漏水三天了，没人管，6栋1202"
Notices = list[tuple[str, str, str]]


class Guest:
    """Somebody with a browser, and the three phones."""

    def __init__(self, demo: Demo, session: ClientSession) -> None:
        self.demo = demo
        self.session = session
        self.base = f"http://127.0.0.1:{demo.app.port}"
        self._said = 0

    async def says(self, part: str, text: str) -> None:
        self._said += 1
        conversation = _addresses(self.demo)[part]
        said = json.dumps({"text": text, "locale": self.demo.app.settings.service.locale}).encode()
        message = RawMessage("web", f"{conversation}:{self.demo.clock.now()}:{self._said}", conversation, said)
        await self.demo.app.inbox.store([message])
        await self.demo.machine.settled()

    async def state(self, reference: str = "") -> dict[str, Any]:
        async with self.session.get("/demo/api/state", params={"reference": reference}) as answer:
            assert answer.status == 200
            state: dict[str, Any] = await answer.json()
            return state

    async def life(self) -> dict[str, Any]:
        life: dict[str, Any] = (await self.state())["life"]
        return life

    async def moves(self, hours: int) -> int:
        async with self.session.post("/demo/api/clock", json={"hours": hours}, headers={"Origin": self.base}) as answer:
            return answer.status


@asynccontextmanager
async def guest(folder: Path, clock: MovableClock, lang: str = "zh") -> AsyncIterator[Guest]:
    async with (
        running_demo(port=0, lang=lang, data_dir=folder, clock=clock) as demo,
        ClientSession(f"http://127.0.0.1:{demo.app.port}") as session,
    ):
        yield Guest(demo, session)


def _addresses(demo: Demo) -> dict[str, str]:
    return {part.key: demo.phones.address(part) for part in CAST}


def notices(life: dict[str, Any], since: datetime = BEGINS) -> Notices:
    """(notice, to, hours since `since`) of every notice that time itself brought, in order."""
    kinds = ("reminder", "overdue", "escalation", "survey_reminder", "survey_unanswered", "closed_unrated")
    found = [n for n in life["notices"] if n["kind"] in kinds]
    assert all(n["state"] in ("sent", "delivered") for n in found)
    return [(n["kind"], n["to"], f"{(datetime.fromisoformat(n['at']) - since) / HOUR:.2f}") for n in found]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(BEGINS)


# What 24-hour handling says of a complaint that nobody touches: first contact in 2 h, findings in 6 h, acceptance and plan in
# 24 h; reminders at 50 % and 80 %, none between 22:00 and 07:00; each limit told once, then one chase a day.
async def test_a_day_of_silence_gives_exactly_the_notices_of_the_profile(tmp_path: Path, clock: MovableClock) -> None:
    async with guest(tmp_path, clock) as visitor:
        await visitor.says("customer", LEAK)
        assert await visitor.moves(24) == 200
        assert clock.now() == BEGINS + 24 * HOUR
        life = await visitor.life()
        told = notices(life)
        assert [(kind, at) for kind, to, at in told if to == "张伟"] == [
            ("reminder", "1.00"),
            ("reminder", "1.60"),
            ("overdue", "2.00"),
            ("reminder", "3.00"),
            ("reminder", "4.80"),
            ("overdue", "6.00"),
            ("reminder", "12.00"),  # for accepting and for the plan, which are due at the same moment
            ("reminder", "22.00"),
        ]
        assert [(kind, at) for kind, to, at in told if to == "王主管"] == [
            ("escalation", "2.00"),
            ("escalation", "6.00"),
        ]
        assert {deadline["clock"]: deadline["state"] for deadline in life["deadlines"]} == {
            "first_contact": "overdue",
            "investigate_feedback": "overdue",
            "accept": "running",
            "plan": "running",
        }


async def test_commands_are_pointed_at_its_data_and_go_by_its_clock(tmp_path: Path) -> None:
    folder, later = tmp_path / "demo data", MovableClock(standing_at=datetime.now(UTC) + 30 * HOUR)
    async with running_demo(port=0, lang="zh", data_dir=folder, clock=later) as demo:
        file = write_settings(port=demo.app.port, lang=Locale.ZH, data_dir=folder)
        settings, own = load_settings(file, {}), demo.app.settings
        sms = replace(own.connectors.sms, secret=settings.connectors.sms.secret)  # the demo's own hooks have none
        connectors = replace(own.connectors, sms=sms)
        assert settings == replace(own, http=replace(own.http, port=demo.app.port), connectors=connectors)
        async with Database(settings.database.url) as database:
            assert (await database.read(clock_of)).now() >= later.now()


async def test_moved_in_one_go_or_hour_by_hour_with_a_restart_between_it_is_the_same_life(tmp_path: Path) -> None:
    async with guest(tmp_path / "a", MovableClock(BEGINS)) as visitor:
        await visitor.says("customer", LEAK)
        for _ in range(3):
            assert await visitor.moves(24) == 200
        at_once = Counter(notices(await visitor.life()))
    async with guest(tmp_path / "b", MovableClock(BEGINS)) as visitor:
        await visitor.says("customer", LEAK)
        for _ in range(24):
            assert await visitor.moves(1) == 200
    # The clock begins where it was: a fresh one would stand at the beginning again.
    restarted = MovableClock(BEGINS)
    async with guest(tmp_path / "b", restarted) as visitor:
        assert restarted.now() == BEGINS + 24 * HOUR
        assert Counter(notices(await visitor.life())) <= at_once
        for _ in range(2):
            assert await visitor.moves(24) == 200
        assert Counter(notices(await visitor.life())) == at_once
        assert set(at_once.values()) <= {1, 2}  # two clocks of one length may be reminded of at one moment


async def test_the_survey_is_reminded_of_once_and_then_somebody_is_to_phone(
    tmp_path: Path, clock: MovableClock
) -> None:
    async with guest(tmp_path, clock) as visitor:
        await visitor.says("customer", LEAK)
        await visitor.says("customer", "王先生 13712345678")
        await visitor.says("assignee", "接单")
        await visitor.says("assignee", "办结 已更换水管")
        for _ in range(5):
            await visitor.moves(24)
        kinds = [kind for kind, _, _ in notices(await visitor.life())]
        assert kinds.count("survey_reminder") == 1
        assert kinds.count("survey_unanswered") == 3  # on the third, fourth and fifth day
        assert "overdue" not in kinds
        assert (await visitor.life())["closed_as"] == ""  # silence is never satisfaction
        await visitor.says("customer", "满意")
        before = (await visitor.life())["notices"]
        await visitor.moves(24)
        assert (await visitor.life())["notices"] == before
        assert (await visitor.life())["status"] == "closed"


async def test_a_second_move_waits_its_turn(tmp_path: Path, clock: MovableClock) -> None:
    async with guest(tmp_path, clock) as visitor:
        await visitor.says("customer", LEAK)
        gate = asyncio.Event()

        async def hold_up(_: Work) -> None:
            await gate.wait()

        held_up = asyncio.create_task(visitor.demo.app.database.write(hold_up))
        first = asyncio.create_task(visitor.demo.machine.move(24 * HOUR))
        await visitor.demo.news.beyond(visitor.demo.news.count, timeout_s=10)
        assert (await visitor.state())["moving"] is True
        assert await visitor.moves(1) == 409
        with pytest.raises(AlreadyMoving):
            await visitor.demo.machine.move(HOUR)
        gate.set()
        await held_up
        assert await first == BEGINS + 24 * HOUR
        assert await visitor.moves(1) == 200
        assert clock.now() == BEGINS + 25 * HOUR


async def test_the_state_tells_a_whole_life(tmp_path: Path, clock: MovableClock) -> None:
    async with guest(tmp_path, clock) as visitor:
        assert (await visitor.state())["life"] is None
        await visitor.says("customer", LEAK)
        await visitor.says("customer", "王先生 13712345678")
        await visitor.says("assignee", "接单")
        await visitor.says("assignee", "办结 已更换门锁")
        await visitor.says("customer", "不满意，还在漏水")
        state = await visitor.state()
        life = state["life"]
        assert state["now"] == BEGINS.isoformat()
        assert (life["status"], life["round"], life["severity"], life["owner"]) == ("working", 2, "S3", "张伟")
        [asked] = [d for d in life["deadlines"] if d["clock"] == "plan" and d["round"] == 2]
        assert (asked["state"], asked["limit"]) == ("running", "24h")
        assert asked["steps"] == ["2026-11-23 09:00:00 start", "+ 24h", "= 2026-11-24 09:00:00"]
        lanes = {event["kind"]: event["lane"] for event in life["events"]}
        assert lanes["received"] == lanes["rated"] == "customer"
        assert lanes["accepted"] == lanes["resolved"] == "assignee"
        assert lanes["dispatched"] == "clock"
        told = {(n["kind"], n["to"], n["channel"]) for n in life["notices"]}
        assert {("assigned", "张伟", "web"), ("assigned", "张伟", "sms"), ("dissatisfied", "王主管", "web")} <= told
        assert [timer["rule"] for timer in life["ahead"]].count("remind") >= 1
        await visitor.says("assignee", "办结 重新做了防水")
        await visitor.says("customer", "满意")
        await visitor.says("customer", "3栋电梯又停了")
        state = await visitor.state()
        assert [c["settled"] for c in state["complaints"]] == [False, True]
        assert state["life"]["reference"] == state["complaints"][0]["reference"]
        first = state["complaints"][1]["reference"]
        closed = (await visitor.state(first))["life"]
        assert (closed["status"], closed["closed_as"], closed["ahead"]) == ("closed", "satisfied", [])


async def test_waiting_ends_when_something_happens(tmp_path: Path, clock: MovableClock) -> None:
    async with guest(tmp_path, clock) as visitor:
        seq = (await visitor.state())["seq"]
        waiting = asyncio.create_task(_waited(visitor, seq))
        await visitor.says("customer", LEAK)
        assert await asyncio.wait_for(waiting, 10) != seq
        assert await asyncio.wait_for(_waited(visitor, "another-7"), 10)  # a page that outlived a restart


async def _waited(visitor: Guest, seq: str) -> str:
    async with visitor.session.get("/demo/api/wait", params={"since": seq}) as answer:
        return str((await answer.json())["seq"])


async def test_a_backup_can_be_given_the_work(tmp_path: Path, clock: MovableClock) -> None:
    async with guest(tmp_path, clock) as visitor:
        await visitor.says("customer", LEAK)
        assert (await visitor.life())["owner"] == "张伟"
        await visitor.says("supervisor", f"派单 {(await visitor.life())['reference']} @李娜")
        assert (await visitor.life())["owner"] == "李娜"
        await visitor.says("backup", "接单")
        assert (await visitor.life())["status"] == "working"


def test_the_assignee_has_a_backup_whom_an_alarm_can_reach() -> None:
    assert cast._entry(2, cast.ASSIGNEE, Locale.ZH).backup == cast.BACKUP.names[Locale.ZH]


async def test_everybody_changes_language_together(tmp_path: Path, clock: MovableClock) -> None:
    async with guest(tmp_path, clock) as visitor:
        headers = {"Origin": visitor.base}
        await visitor.says("customer", LEAK)
        async with visitor.session.post("/demo/api/lang", json={"lang": "en"}, headers=headers) as answer:
            assert answer.status == 200
        life = await visitor.life()
        assert life["owner"] == "Tom Baker"
        await visitor.says("assignee", "accept")
        assert (await visitor.life())["status"] == "working"
        async with visitor.session.post("/demo/api/lang", json={"lang": "fr"}, headers=headers) as answer:
            assert answer.status == 400
    # Started in Chinese again, the same people bear their Chinese names.
    async with guest(tmp_path, clock) as visitor:
        assert (await visitor.life())["owner"] == "张伟"


async def test_new_complaints_run_under_the_profile_that_was_chosen(tmp_path: Path, clock: MovableClock) -> None:
    async with guest(tmp_path, clock) as visitor:
        headers = {"Origin": visitor.base}
        async with visitor.session.get("/demo/api/phones") as answer:
            offered = {each["name"]: each for each in (await answer.json())["policies"]}
        assert offered.keys() == set(policy.available())
        assert ("plan", "3wd") in [(clock["clock"], clock["limit"]) for clock in offered["mingyuan"]["clocks"]]
        await visitor.says("customer", LEAK)
        async with visitor.session.post("/demo/api/policy", json={"policy": "mingyuan"}, headers=headers) as answer:
            assert answer.status == 200
        assert (await visitor.state())["policy"] == "mingyuan"
        assert (await visitor.life())["policy"] == "leyoujia-24h", "what began keeps its own"
        for wrong in ("../base", "", None, ["base"]):
            async with visitor.session.post("/demo/api/policy", json={"policy": wrong}, headers=headers) as answer:
                assert answer.status == 400
                assert "mingyuan" in (await answer.json())["error"]
        async with visitor.session.post("/demo/api/policy", json={"policy": "base"}) as answer:
            assert answer.status == 403
    async with guest(tmp_path, clock) as visitor:
        assert (await visitor.state())["policy"] == "mingyuan", "a restart forgets nothing"
        await visitor.moves(1)
        await visitor.says("customer", "投诉 3栋的电梯停了两天")
        life = await visitor.life()
        assert life["policy"] == "mingyuan"
        assert {deadline["clock"] for deadline in life["deadlines"]} >= {"plan", "complete"}


async def test_a_profile_of_ones_own_stands_among_those_to_choose_from(
    tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    ours = 'inherits = "base"\n[title]\nzh = "我们的"\nen = "Ours"\n[clocks.complete]\nlimit = "2d"\n'
    (own / "ours.toml").write_text(ours, "utf-8")
    (own / "packs").mkdir()
    room = '[ROOM]\nzh = "客房"\nen = "Room"\nkeywords = ["空调"]\n[OTHER]\nzh = "其他"\nen = "Other"\n'
    words = '[words]\nexample = { zh = "房间空调坏了", en = "No air conditioning" }\nplace = { zh = "房间号", en = "room" }\n'
    (own / "packs" / "hotel.toml").write_text(words + room, "utf-8")
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__PACK", "hotel")
    monkeypatch.setenv("COMPLAINTBOT_POLICIES__DIRECTORY", str(own))
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__POLICY", "ours")
    async with guest(tmp_path, clock) as visitor:
        headers = {"Origin": visitor.base}
        async with visitor.session.get("/demo/api/phones") as answer:
            offered = {each["name"]: each for each in (await answer.json())["policies"]}
        assert offered["ours"]["title"] == {"zh": "我们的", "en": "Ours"}
        assert ("complete", "2d") in [(each["clock"], each["limit"]) for each in offered["ours"]["clocks"]]
        assert (await visitor.state())["policy"] == "ours"
        await visitor.says("customer", "你好")
        await visitor.says("customer", "空调吹出来的风一股怪味，开了一晚上也没好")
        log = ChatLog(visitor.demo.app.database, visitor.demo.clock)
        read = "".join(each.text for each in await log.since("web", _addresses(visitor.demo)["customer"], 0))
        assert "“房间空调坏了”" in read
        assert "房间号" in read
        assert (await visitor.life())["category"]["zh"] == "客房"
        for name in ("base", "ours"):
            async with visitor.session.post("/demo/api/policy", json={"policy": name}, headers=headers) as answer:
                assert answer.status == 200
    async with guest(tmp_path, clock) as visitor:
        assert (await visitor.state())["policy"] == "ours", "a restart forgets nothing"


def test_a_profile_of_ones_own_is_tried_by_the_environment_that_reaches_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPLAINTBOT_POLICIES__DIRECTORY", str(tmp_path / "own"))
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__POLICY", "ours")
    monkeypatch.setenv("COMPLAINTBOT_DATABASE__URL", "postgresql+asyncpg://real/one")
    settings = demo_settings(port=0, lang=Locale.ZH, data_dir=tmp_path)
    written = write_settings(port=0, lang=Locale.ZH, data_dir=tmp_path)
    assert (settings.policies.directory, settings.service.policy) == (tmp_path / "own", "ours")
    assert "real" not in settings.database.url
    monkeypatch.delenv("COMPLAINTBOT_POLICIES__DIRECTORY")
    monkeypatch.delenv("COMPLAINTBOT_SERVICE__POLICY")
    assert load_settings(written, {}).service.policy == "ours"  # as it ran, whatever the next command's environment is
    assert load_settings(written, {}).policies.directory == tmp_path / "own"


def test_a_company_s_own_name_hours_and_numbers_are_tried_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {
        "SERVICE__TIMEZONE": "Europe/London",
        "SERVICE__NAME": "Fenwick Broadband",
        "SERVICE__HOTLINE": "0800 555 0199",
        "SERVICE__EMERGENCY_FIRE": "999",
        "SERVICE__LOCALE": "zh",
        "SERVICE__DATA_DIR": str(tmp_path / "elsewhere"),
        "SERVICE__SECRET": "0123456789abcdef0123456789abcdef",
        "CALENDAR__COUNTRY": "GB-ENG",
        "CALENDAR__SATURDAY": "09:00-13:00",
        "HTTP__HOST": "0.0.0.0",
    }
    for name, value in own.items():
        monkeypatch.setenv(f"COMPLAINTBOT_{name}", value)
    left = ["HTTP__HOST", "SERVICE__DATA_DIR", "SERVICE__LOCALE", "SERVICE__SECRET"]
    assert unused(os.environ) == [f"COMPLAINTBOT_{name}" for name in left]
    settings = demo_settings(port=0, lang=Locale.EN, data_dir=tmp_path)
    written = write_settings(port=0, lang=Locale.EN, data_dir=tmp_path)
    for found in (settings, load_settings(written, {})):
        service = found.service
        assert (service.timezone, service.name, service.hotline) == (
            "Europe/London",
            "Fenwick Broadband",
            "0800 555 0199",
        )
        assert set(called(service.name).values()) == {"Fenwick Broadband"}  # in the page's heading
        assert (service.emergency_fire, service.locale, service.data_dir) == ("999", Locale.EN, tmp_path)
        assert (found.calendar.country, found.calendar.saturday) == ("GB-ENG", ("09:00-13:00",))
        assert (found.http.host, service.secret) == ("127.0.0.1", "")


async def test_what_the_demo_wrote_down_passes_the_check(tmp_path: Path) -> None:
    file = write_settings(port=0, lang=Locale.ZH, data_dir=tmp_path)
    troubles = [trouble for name, trouble in await check(load_settings(file, {})) if name == "sms"]
    assert not any("secret" in trouble for trouble in troubles)


def test_the_table_of_clocks_leaves_nothing_out() -> None:
    shown = {each["name"]: each for each in profiles.shown()}
    clocks = {(name, clock["clock"]): clock for name, each in shown.items() for clock in each["clocks"]}
    other = {
        key: {code: one["limit"] for one in clock["other"] for code in one["only"]} for key, clock in clocks.items()
    }
    for name in policy.available():
        for clock in policy.load(name).clocks:
            assert other[name, clock.name] == {
                **{str(code): str(limit) for code, limit in clock.by_severity.items()},
                **{code: str(limit) for code, limit in clock.by_category.items()},
            }
            assert set(clocks[name, clock.name]["flags"]) == clock.flags
            assert set(clocks[name, clock.name]["stages"]) == clock.stages
    assert other["hongkelong", "severity_notice"] == {"S0": "0h", "S1": "0h"}
    assert shown["beijing-12345"]["categories"].keys() == {"UTILITY", "COMPLEX"}
    assert {flag for (name, _), clock in clocks.items() if name == "sinopec-sh" for flag in clock["flags"]} <= set(Flag)


@pytest.mark.parametrize("locale", Locale)
def test_the_page_has_a_word_for_every_condition_of_a_clock(locale: Locale) -> None:
    words = resources.files("bot.demo").joinpath("static", "words.js").read_text("utf-8")
    its = words.partition(f"  {locale}: {{")[2].partition("\n  },\n")[0]
    for key, codes in (("flag", Flag), ("stage", Stage), ("matter", Kind), ("when", When)):
        named = set(re.findall(r"(\w+):", its.partition(f"\n    {key}: {{")[2].partition("}")[0]))
        assert named >= {str(code) for code in codes}, key


@pytest.mark.parametrize("locale", Locale)
def test_the_page_has_a_word_for_everything_that_can_happen(locale: Locale) -> None:
    words = resources.files("bot.demo").joinpath("static", "words.js").read_text("utf-8")
    its = words.partition(f"  {locale}: {{")[2].partition("\n  },\n")[0]
    named = set(re.findall(r"(\w+):", its.partition("    event: {")[2].partition("\n    },\n")[0]))
    assert set(EventKind) <= named


# ── who may ask ───────────────────────────────────────────────────────────────────────────────────────────────────────


PATHS = ("/", "/demo", "/demo/demo.js", "/demo/api/phones", "/demo/api/state", "/demo/api/wait")
HOSTS = {
    "127.0.0.1:{port}": 200,
    "localhost:{port}": 200,
    "[::1]:{port}": 200,
    "evil.example": 421,
    "evil.example:{port}": 421,
    "127.0.0.1.evil.example": 421,
    "": 421,
}


async def test_the_demo_answers_to_its_own_names_only(shared_demo: Guest) -> None:
    for host, status in HOSTS.items():
        headers = {"Host": host.format(port=shared_demo.demo.app.port)}
        for path in PATHS:
            async with shared_demo.session.get(path, headers=headers, allow_redirects=False) as answer:
                assert answer.status == (302 if path == "/" and status == 200 else status), (host, path)
                if status == 421:
                    assert "secret" not in await answer.text()


@pytest.fixture
async def shared_demo(tmp_path: Path) -> AsyncIterator[Guest]:
    async with guest(tmp_path, MovableClock(BEGINS)) as visitor:
        yield visitor


async def test_no_other_page_moves_the_clock(shared_demo: Guest) -> None:
    for origin in (None, "null", "http://evil.example", "http://127.0.0.1:1"):
        headers = {} if origin is None else {"Origin": origin}
        for what, body in (("clock", {"hours": 24}), ("lang", {"lang": "en"})):
            async with shared_demo.session.post(f"/demo/api/{what}", json=body, headers=headers) as answer:
                assert answer.status == 403, origin
    assert shared_demo.demo.clock.now() == BEGINS


BODIES = (b"", b"[]", b"{", b'{"hours": 2}', b'{"hours": "1"}', b'{"hours": true}', b'{"hours": -1}', b"[" * 5000)


async def test_the_clock_takes_an_hour_or_a_day(shared_demo: Guest) -> None:
    headers = {"Origin": shared_demo.base, "Content-Type": "application/json"}
    for body in BODIES:
        async with shared_demo.session.post("/demo/api/clock", data=body, headers=headers) as answer:
            assert answer.status == 400, body
            assert "hours" in (await answer.json())["error"]
    assert shared_demo.demo.clock.now() == BEGINS


async def test_the_page_runs_nothing_but_its_own_files(shared_demo: Guest) -> None:
    async with shared_demo.session.get("/demo") as answer:
        policy, text = answer.headers["Content-Security-Policy"], await answer.text()
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=|https?://", text)
        etag = answer.headers["ETag"]
    async with shared_demo.session.get("/demo", headers={"If-None-Match": etag}) as answer:
        assert answer.status == 304


# ── what is kept ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_phones_are_kept_where_only_their_owner_reads_them(tmp_path: Path) -> None:
    async with guest(tmp_path, MovableClock(BEGINS)) as visitor:
        first = await (await visitor.session.get("/demo/api/phones")).json()
    kept = tmp_path / "demo-phones.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    async with guest(tmp_path, MovableClock(BEGINS)) as visitor:
        again = await (await visitor.session.get("/demo/api/phones")).json()
    assert again["phones"] == first["phones"]
    secrets = {phone["secret"] for phone in again["phones"].values() if phone["secret"]}
    assert len(secrets) == 6
    kept.write_text("{}")
    with pytest.raises(ConfigError, match=r"demo-phones\.json"):
        async with guest(tmp_path, MovableClock(BEGINS)):
            pass


async def test_a_taken_port_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1:{port}"):
            async with running_demo(port=port, lang="zh", data_dir=tmp_path):
                pass


@pytest.mark.parametrize(("lang", "said"), [("zh", "演示已就绪"), ("en", "The demo is up")])
async def test_it_says_where_it_is_and_stops_when_told(tmp_path: Path, lang: str, said: str) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path; from bot.demo.service import serve_demo;"
        "asyncio.run(serve_demo(port=0, lang=sys.argv[1], data_dir=Path(sys.argv[2])))"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, lang, str(tmp_path), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            line = (await process.stdout.readline()).decode()
        assert said in line
        url = re.search(r"http://127\.0\.0\.1:\d+/demo", line)
        assert url is not None
        async with ClientSession() as session, session.get(url[0]) as answer:
            assert answer.status == 200
            # A page that is waiting for news does not hold the service up.
            seq = (await (await session.get(f"{url[0]}/api/state")).json())["seq"]
            waiting = asyncio.create_task(session.get(f"{url[0]}/api/wait?since={seq}"))
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(30):
                assert await process.wait() == 0
            await asyncio.gather(waiting, return_exceptions=True)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


# ── the story in the terminal ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("lang", "beats"),
    [
        (
            "zh",
            [
                "客户 说 [聊天]\n    我家厨房漏水",
                "客户 收到 [聊天]\n    收到了",
                "张伟 收到 [短信]\n    派给您",
                "客户 说 [聊天]\n    王先生",
                "张伟 说 [短信]\n    1",
                "张伟 已经接手",
                "有新进展",
                "催一下",
                "时间过去 24 小时",
                "快到时间了",
                "已超时",
                "王主管 收到 [聊天]\n    请关注",
                "处理结果是什么",
                "您对结果满意吗",
                "不满意，还在漏水",
                "已经重新打开，这是第2次处理",
                "已进入第2次处理",
                "这次您满意吗",
                "再打扰您一次",
                "客户 说 [聊天]\n    满意",
                "已结案",
                "演示完：TS20261123-0001 经过 2 轮处理",
            ],
        ),
        (
            "en",
            [
                "Customer says [chat]\n    My kitchen",
                "Customer gets [chat]\n    Thank you for telling us",
                "Tom Baker gets [SMS]\n    For you",
                "Customer says [chat]\n    I am John Smith",
                "Tom Baker says [SMS]\n    1",
                "Tom Baker has taken up",
                "News on",
                "hurry up",
                "24 hours pass",
                "A reminder for",
                "overdue",
                "Helen Ward gets [chat]\n    Please have a look",
                "What is the result",
                "Are you satisfied with it",
                "not satisfied, still leaking",
                "is open again (round 2)",
                "it is in round 2",
                "Are you satisfied now",
                "Just once more",
                "Customer says [chat]\n    satisfied",
                "is closed",
                "The end: TS20261123-0001 took 2 rounds",
            ],
        ),
    ],
)
async def test_the_story_is_told_whole_and_in_order(lang: str, beats: list[str]) -> None:
    out = io.StringIO()
    await play(lang, out)
    text = out.getvalue()
    at = 0
    for beat in beats:
        found = text.find(beat, at)
        assert found >= 0, f"{beat!r} does not come after {text[max(0, at - 80) : at]!r}"
        at = found
    if lang == "en":
        assert not re.search(r"[\u3400-\u9fff]", text)
    again = io.StringIO()
    await play(lang, again)
    assert again.getvalue() == text


@pytest.mark.parametrize(
    ("at", "begins"),
    [
        pytest.param("2026-03-03 10:30", "2026-03-03 10:30", id="by day"),
        pytest.param("2026-03-03 22:10", "2026-03-04 09:00", id="in the evening"),
        pytest.param("2026-03-03 03:00", "2026-03-03 09:00", id="at night"),
    ],
)
def test_a_visitor_at_night_is_shown_the_next_morning(at: str, begins: str) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    clock = MovableClock(standing_at=datetime.fromisoformat(at).replace(tzinfo=shanghai))
    wait_for_the_day(clock, shanghai)
    assert clock.now() == datetime.fromisoformat(begins).replace(tzinfo=shanghai)
