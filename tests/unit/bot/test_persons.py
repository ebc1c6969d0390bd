"""One customer: what is kept of them is handed out, held and erased, each by who may, each on record."""

from __future__ import annotations

import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.erasure import InTheWay
from bot.persons import (
    Leave,
    erase_again,
    erase_person,
    erased,
    export,
    hold,
    hold_lines,
    lift,
    look_ahead,
    meant,
    shown,
)
from bot.settings import DatabaseSection, ServiceSection, Settings
from bot.storage import holds
from bot.storage.models import ActRow, AddressRow, DataRequestRow, MessageRow, PersonRow
from bot.storage.work import Work
from complaints.errors import ComplaintError
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import SECRET, STAFF, Kit, entry, known_customer, open_desk

PHONE = "13912345678"
BY_HAND = Leave(by="赵管理", reason="欧阳翠花来信要求")


@pytest.fixture
async def kit(fresh_sqlite_url: str, tmp_path: Path) -> AsyncIterator[Kit]:
    staff = [*STAFF, entry("陈隐私", Role.PRIVACY_OFFICER), entry("赵管理", Role.ADMIN)]
    async with open_desk(
        fresh_sqlite_url,
        staff=staff,
        files=tmp_path / "files",
        chats={"张伟": "handler", "王主管": "lead", "陈隐私": "privacy"},
        before=told,
    ) as kit:
        yield kit


async def told(kit: Kit) -> None:
    await kit.says(f"电梯坏了三天，我是欧阳翠花，电话{PHONE}")
    await kit.deliver()


@pytest.fixture
def settings(kit: Kit, tmp_path: Path) -> Settings:
    service = ServiceSection(secret=SECRET, data_dir=tmp_path)
    return Settings(service=service, database=DatabaseSection(url=kit.database.url))


async def withdrawn(kit: Kit) -> None:
    await kit.says("撤销投诉")
    await kit.says("是")
    await kit.deliver()


async def erase_seen(kit: Kit, settings: Settings, who: str, leave: Leave) -> None:
    """Erase a customer after a look at what would go."""
    ahead = await look_ahead(kit.database, who)
    await erase_person(kit.database, settings, kit.clock, who, leave, seen=ahead.code)


async def acts(kit: Kit) -> list[str]:
    return [row.kind for row in await kit.rows(ActRow) if row.kind.startswith(("person", "hold", "data"))]


@pytest.mark.parametrize("who", [PHONE, "+8613912345678", "139 1234 5678", "c1", "欧阳翠花", "TS20260302-0001", "0001"])
async def test_a_customer_is_found_by_whatever_names_them(kit: Kit, who: str) -> None:
    row = await kit.database.read(lambda work: meant(work, who))
    assert row.id == await known_customer(kit)
    with pytest.raises(ComplaintError, match="no customer is '张伟'"):  # colleagues are none
        await kit.database.read(lambda work: meant(work, "张伟"))


async def test_all_that_is_kept_is_handed_out_to_read_and_for_machines(
    kit: Kit, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "theirs.zip"
    await export(kit.database, settings, kit.clock, PHONE, file, BY_HAND)
    assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as archive:
        data = json.loads(archive.read("data.json"))
        said = archive.read("summary.txt").decode()
        assert any(name.startswith("raw/") for name in archive.namelist())
    assert [row["name"] for row in data["people"]] == ["欧阳翠花"]
    assert data["complaints"][0]["record"]["summary"] in said
    assert {"addresses", "messages", "events", "outbox", "deliveries", "inbox"} <= {k for k, v in data.items() if v}
    assert "欧阳翠花" in said
    assert "2026-03-02 10:00 来信" in said
    assert "派给您" not in said  # what colleagues were told of it is in the tables alone
    colleague = (await kit.person("张伟")).id
    of_the_case = json.dumps([data["complaints"], data["events"]], ensure_ascii=False)
    assert colleague in of_the_case
    assert "张伟" not in of_the_case
    assert await acts(kit) == ["person_exported"]
    with pytest.raises(ComplaintError, match="is there already"):
        await export(kit.database, settings, kit.clock, PHONE, file, BY_HAND)


async def test_nothing_is_handed_out_before_somebody_made_sure_who_asked(
    kit: Kit, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "theirs.zip"
    await kit.says("删除我的数据")
    await kit.says("数据 1 核实 回拨了档案里的电话", "privacy")  # that is no request for a copy
    await kit.says("我的数据")
    for leave, why in (
        (Leave(), "name the request"),
        (Leave(request=9), "not theirs"),
        (Leave(request=1), "asks for no copy"),
        (Leave(request=2), "数据 2 核实"),
        (Leave(by="赵管理"), "--reason says why"),
        (Leave(by="王主管", reason="他要求的"), "name the request"),
    ):
        with pytest.raises(ComplaintError, match=why):
            await export(kit.database, settings, kit.clock, PHONE, file, leave)
    assert not file.exists()
    assert await acts(kit) == []
    await kit.says("数据 2 核实 回拨了档案里的电话", "privacy")
    await export(kit.database, settings, kit.clock, PHONE, file, Leave(request=2))
    await kit.says("数据 2 已答复 资料已寄出", "privacy")
    with pytest.raises(ComplaintError, match="was answered"):
        await export(kit.database, settings, kit.clock, PHONE, tmp_path / "again.zip", Leave(request=2))
    [act] = await kit.rows(ActRow, ActRow.kind == "person_exported")
    assert (act.by, json.loads(act.facts)["request"]) == ((await kit.person("陈隐私")).id, "2")


async def test_nobody_is_erased_before_what_would_go_was_looked_at(kit: Kit, settings: Settings) -> None:
    await withdrawn(kit)
    ahead = await look_ahead(kit.database, PHONE)
    assert "1 complaints" in str(ahead.whole)
    await kit.says("我的数据")  # since then more is kept of them
    for seen in ("", ahead.code):
        with pytest.raises(ComplaintError, match=r"would be .*1 complaints.*--confirm"):
            await erase_person(kit.database, settings, kit.clock, PHONE, BY_HAND, seen=seen)
    assert await acts(kit) == []
    again = await look_ahead(kit.database, PHONE)
    await erase_person(kit.database, settings, kit.clock, PHONE, BY_HAND, seen=again.code)
    assert await acts(kit) == ["person_erased"]


async def test_without_a_confirmed_request_nobody_is_erased(kit: Kit, settings: Settings) -> None:
    await withdrawn(kit)
    for leave in (Leave(), Leave(request=9), Leave(by="赵管理"), Leave(by="王主管", reason="他要求的")):
        with pytest.raises(ComplaintError):
            await erase_seen(kit, settings, PHONE, leave)
    await kit.says("我的数据")  # to see them, not to erase them
    with pytest.raises(ComplaintError, match="asks for no erasing"):
        await erase_seen(kit, settings, PHONE, Leave(request=1))
    assert (await kit.database.read(lambda work: meant(work, PHONE))).name


async def test_an_administrator_erases_with_a_reason_that_is_kept_without_the_name(
    kit: Kit, settings: Settings
) -> None:
    await withdrawn(kit)
    leave = Leave(by="赵管理", reason="欧阳翠花来信要求")
    await erase_seen(kit, settings, PHONE, leave)
    with pytest.raises(ComplaintError, match="no customer"):
        await kit.database.read(lambda work: meant(work, PHONE))
    [act] = await kit.rows(ActRow, ActRow.kind == "person_erased")
    assert (act.by, json.loads(act.facts)["reason"]) == ((await kit.person("赵管理")).id, "***来信要求")


async def test_by_mail_somebody_must_have_made_sure_who_asked(kit: Kit, settings: Settings) -> None:
    await kit.says("delete my data", "li@example.com", "email", subject="hello")
    leave = Leave(request=1)
    with pytest.raises(ComplaintError, match="nobody has made sure"):
        await erase_seen(kit, settings, "li@example.com", leave)
    await kit.says("数据 1 核实 回拨了档案里的电话", "privacy")
    await erase_seen(kit, settings, "li@example.com", leave)
    [request] = await kit.rows(DataRequestRow)
    assert (request.state, request.address, request.confirmed_how) == ("done", "", "回拨了档案里的电话")
    await kit.deliver()
    assert "已删除" in kit.mail.texts("li@example.com")[-1] or "erased" in kit.mail.texts("li@example.com")[-1]


async def test_a_request_by_chat_is_no_leave_before_somebody_made_sure_either(kit: Kit, settings: Settings) -> None:
    await withdrawn(kit)
    await kit.says("删除我的数据")
    with pytest.raises(ComplaintError, match="数据 1 核实"):
        await erase_seen(kit, settings, PHONE, Leave(request=1))
    await kit.says("数据 1 核实 回拨了档案里的电话", "privacy")
    await erase_seen(kit, settings, PHONE, Leave(request=1))
    assert await acts(kit) == ["person_erased", "data_request_answered"]


async def test_a_hold_that_a_colleague_placed_in_chat_shows_their_name(kit: Kit) -> None:
    reference = (await kit.complaints())[0].reference
    lead, now = (await kit.person("王主管")).id, kit.clock.now()
    await kit.write(lambda work: holds.place(work, reference, None, "法院来函", lead, now))
    await kit.write(lambda work: holds.lift(work, reference, None, "结束", "root", now))
    [line] = await kit.database.read(hold_lines)
    assert "by 王主管: 法院来函" in line
    assert "by root: 结束" in line


async def test_a_legal_hold_is_placed_shown_and_lifted_with_reasons(kit: Kit, settings: Settings) -> None:
    await withdrawn(kit)
    now = kit.clock.now()
    assert await kit.write(lambda work: hold(work, "0001", "", "法院来函", now)) == "TS20260302-0001"
    assert any("法院来函" in line for line in await kit.database.read(lambda work: shown(work, PHONE)))
    leave = Leave(by="赵管理", reason="要求")
    with pytest.raises(InTheWay, match="TS20260302-0001"):
        await erase_seen(kit, settings, PHONE, leave)
    with pytest.raises(ComplaintError, match="has a reason"):
        await kit.write(lambda work: lift(work, "0001", "", " ", now))
    await kit.write(lambda work: lift(work, "0001", "", "已判决", now))
    with pytest.raises(ComplaintError, match="no legal hold"):
        await kit.write(lambda work: lift(work, "0001", "", "再来", now))
    await erase_seen(kit, settings, PHONE, leave)
    assert await acts(kit) == ["hold_placed", "hold_lifted", "person_erased"]


async def test_whom_a_backup_brings_back_is_erased_again(kit: Kit, settings: Settings) -> None:
    await withdrawn(kit)
    leave = Leave(by="赵管理", reason="要求")
    await erase_seen(kit, settings, PHONE, leave)
    listed = await kit.database.read(erased)
    person = await kit.rows(PersonRow, PersonRow.id == listed[0].split()[0])
    assert [row.name for row in person] == [""]
    assert await erase_again(kit.database, settings, kit.clock, listed) == 0  # nobody came back

    async def comes_back(work: Work) -> None:
        row = await work.person_row(person[0].id)
        assert row is not None
        row.phone = f"+86{PHONE}"

    await kit.write(comes_back)
    assert await erase_again(kit.database, settings, kit.clock, listed) == 1
    with pytest.raises(ComplaintError, match="no customer"):
        await kit.database.read(lambda work: meant(work, PHONE))


async def test_who_would_not_be_named_is_erased_by_their_number(kit: Kit, settings: Settings) -> None:
    await kit.says("匿名投诉 班长天天收红包", "c9")
    reference = next(each.reference for each in await kit.complaints() if each.anonymous)
    await kit.says(f"撤销 {reference}", "c9")
    await kit.says("是", "c9")
    leave = Leave(by="赵管理", reason="要求")
    await erase_seen(kit, settings, reference, leave)
    assert [row.address for row in await kit.rows(AddressRow) if row.address.startswith("sealed:")] == []
    forgotten = next(each for each in await kit.complaints() if each.reference == reference)
    assert (forgotten.summary, forgotten.anonymous) == ("", True)
    said = await kit.rows(MessageRow, MessageRow.reference == reference)
    assert {row.text for row in said} == {""}
