"""Staff: read from a table, imported, listed, and given one-time codes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from bot.people import Directory, Person
from bot.staff import CODE_LIFE, MAX_ROWS, Entry, StaffError, import_staff, issue_code, read_staff, table
from bot.storage.database import Database
from bot.storage.models import AddressRow, BindCodeRow
from bot.storage.work import Work
from bot.tokens import Signer
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import SECRET, entry

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

ENGLISH = """name,phone,email,roles,unit,categories,superior,backup,locale,active
Zhang Wei,13800138000,Zhang@Example.com,handler,Works,repair;noise,Wang Gang,,en,yes
Wang Gang,+86 139 0013 9000,,agent center_lead,Centre,,,Zhang Wei,,
Li Na,,,,,,,,zh,no
"""
CHINESE = """姓名,手机,邮箱,角色,部门,分类,上级,备用联系人,语言,在职
张伟,13800138000,zhang@example.com,处理人,工程部,repair、noise,王刚,,zh,是
王刚,139 0013 9000,,坐席；客服中心负责人,客服中心,,,张伟,,在职
李娜,,,,,,,,,离职
"""


def write(path: Path, text: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def sheet(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_table_with_english_headings(tmp_path: Path) -> None:
    first, second, third = read_staff(write(tmp_path / "staff.csv", ENGLISH))
    assert first == Entry(
        line=2,
        name="Zhang Wei",
        phone="+8613800138000",
        email="zhang@example.com",
        roles=frozenset({Role.HANDLER}),
        unit="Works",
        categories=("repair", "noise"),
        superior="Wang Gang",
        backup="",
        locale="en",
        active=True,
    )
    assert (second.phone, second.roles, second.backup) == (
        "+8613900139000",
        frozenset({Role.AGENT, Role.CENTER_LEAD}),
        "Zhang Wei",
    )
    assert (third.roles, third.active, third.line) == (frozenset({Role.EMPLOYEE}), False, 4)


@pytest.mark.parametrize(
    ("encoding", "separator", "newline"),
    [
        pytest.param("utf-8", ",", "\n", id="UTF-8"),
        pytest.param("utf-8-sig", ",", "\r\n", id="UTF-8 with a mark, Windows line ends"),
        pytest.param("gb18030", ",", "\r\n", id="GB18030"),
        pytest.param("gbk", ",", "\r\n", id="GBK"),
        pytest.param("utf-8", ",", "\r", id="old Mac line ends"),
        pytest.param("utf-16", "\t", "\r\n", id="Excel's Unicode text"),
        pytest.param("utf-8", ";", "\n", id="semicolons, as Excel writes in Europe"),
    ],
)
def test_whatever_a_spreadsheet_writes_is_read_alike(
    tmp_path: Path, encoding: str, separator: str, newline: str
) -> None:
    text = CHINESE.replace(",", separator).replace("\n", newline)
    entries = read_staff(write(tmp_path / "staff.CSV", text, encoding))
    assert entries == read_staff(write(tmp_path / "plain.csv", CHINESE))
    assert [e.name for e in entries] == ["张伟", "王刚", "李娜"]
    assert entries[1].roles == {Role.AGENT, Role.CENTER_LEAD}
    assert entries[0].categories == ("repair", "noise")
    assert [e.active for e in entries] == [True, True, False]


def test_a_spreadsheet_file_is_read_with_its_numbers_and_empty_lines(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "staff.xlsx",
        [
            ["姓名", "手机", "角色", "上级", None],
            ["张伟", 13800138000, "处理人", "王刚"],
            [None, None, None, None],
            ["王刚", 1.39001390e10, "坐席", None],
        ],
    )
    first, second = read_staff(path)
    assert (first.name, first.phone, first.superior, first.line) == ("张伟", "+8613800138000", "王刚", 2)
    assert (second.name, second.phone, second.line) == ("王刚", "+8613900139000", 4)


def test_columns_may_be_missing_swapped_or_too_few_in_a_line(tmp_path: Path) -> None:
    path = write(tmp_path / "staff.csv", " Roles ,NAME\nhandler,张伟\n\n ,\nAgent, 王刚 ,surplus\n,李娜\n")
    assert [(e.name, set(e.roles)) for e in read_staff(path)] == [
        ("张伟", {Role.HANDLER}),
        ("王刚", {Role.AGENT}),
        ("李娜", {Role.EMPLOYEE}),
    ]


def test_headings_as_other_programs_write_them(tmp_path: Path) -> None:
    [found] = read_staff(write(tmp_path / "staff.csv", "Full name,Mobile,Role,Manager\nA,13800138000,handler,B\n"))
    assert (found.name, found.phone, found.roles, found.superior) == (
        "A",
        "+8613800138000",
        frozenset({Role.HANDLER}),
        "B",
    )


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM, Role.CUSTOMER}))
def test_every_role_can_be_given_but_those_that_nobody_is_given(tmp_path: Path, role: Role) -> None:
    [found] = read_staff(write(tmp_path / "staff.csv", f"name,roles\nA,{role}\n"))
    assert found.roles == {role}


def test_a_category_that_is_in_no_pack_is_told_with_those_that_are(tmp_path: Path) -> None:
    known = ("QUAL", "QUAL.leak", "OTHER")
    path = write(tmp_path / "staff.csv", "name,categories\nA,QUAL.leak\nB,*\nC,XXXX\nD,qual.leek\n")
    with pytest.raises(StaffError) as error:
        read_staff(path, None, known)
    assert "line 4: category 'XXXX' is not in the pack; write the code of one: OTHER, QUAL, or *" in str(error.value)
    assert "line 5: category 'qual.leek' is not in the pack; did you mean QUAL" in str(error.value)
    assert "line 2" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", ["it is empty", "name"], id="an empty file"),
        pytest.param("phone\n13800138000\n", ["no column name", "姓名"], id="no names"),
        pytest.param("name,rolls\nA,x\n", ["'rolls' is unknown", "roles", "角色"], id="an unknown column"),
        pytest.param("name,name\nA,B\n", ["2 columns name"], id="a column twice"),
        pytest.param("name,手机,电话\nA,1,2\n", ["2 columns phone"], id="a column under two headings"),
        pytest.param("name,roles\nA,\n,handler\n", ["line 3", "name is empty"], id="a line without a name"),
        pytest.param("name,phone\nA,123\n", ["line 2", "phone '123'", "13800138000"], id="a bad phone number"),
        pytest.param("name,phone\nA,ask him\n", ["line 2", "phone 'ask him'"], id="words for a phone number"),
        pytest.param("name,email\nA,a@b\n", ["line 2", "email 'a@b'"], id="a bad address"),
        pytest.param("name,roles\nA,\nB,boss\n", ["line 3", "role 'boss'", "handler", "处理人"], id="an unknown role"),
        pytest.param("name,roles\nA,system\n", ["line 2", "role 'system'"], id="the system's own role"),
        pytest.param("name,roles\nA,customer\n", ["line 2", "role 'customer'"], id="a customer's role"),
        pytest.param("name,locale\nA,fr\n", ["line 2", "locale", "zh or en"], id="an unknown language"),
        pytest.param("name,active\nA,perhaps\n", ["line 2", "active is 'perhaps'"], id="here or gone?"),
        pytest.param("name\nA\nB\nA\n", ["line 4", "A stands in line 2"], id="a name twice"),
        pytest.param(
            "name,phone\nA,13800138000\nB,+86 138-0013-8000\n",
            ["line 3", "+8613800138000 stands in line 2"],
            id="a phone number twice: which of them is writing?",
        ),
        pytest.param("name,email\nA,x@y.zz\nB,X@Y.zz\n", ["line 3", "x@y.zz stands in line 2"], id="a mailbox twice"),
        pytest.param("name,phone\nA,13900139\n", ["line 2", "13900139", "like 13800138000"], id="half a number"),
        pytest.param("name,superior\nA,A\n", ["line 2", "own superior"], id="their own superior"),
        pytest.param("name,backup\nA,A\n", ["line 2", "own superior or backup"], id="their own backup"),
        pytest.param("name,suprior\nA,B\n", ["column 'suprior'", "did you mean superior?"], id="a slip in a heading"),
        pytest.param(b"\x00\x01\xff\xfe\x02", ["column"], id="no table at all"),
        pytest.param("name\n" + "x" * 200_000, ["line 2", "not a readable .csv"], id="one endless field"),
        pytest.param("name\n" + "\n".join(map(str, range(MAX_ROWS + 1))), ["split it"], id="too many"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_line_and_column(
    tmp_path: Path, text: str | bytes, told: list[str]
) -> None:
    path = write(tmp_path / "staff.csv", text)
    with pytest.raises(StaffError) as error:
        read_staff(path)
    message = str(error.value)
    assert "\n" not in message
    assert str(path) in message
    for words in told:
        assert words in message


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"name,phone\nA,1\n", b"\xd0\xcf\x11\xe0old excel"])
def test_a_file_that_is_no_spreadsheet_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(StaffError, match=r"not a readable \.xlsx file"):
        read_staff(write(tmp_path / "staff.xlsx", content))


def packed(path: Path, **parts: bytes) -> Path:
    """A spreadsheet file with parts that no spreadsheet program wrote."""
    sheet(path, [["姓名"], ["张伟"]])
    with ZipFile(path, "a", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(f"xl/{name}.xml", content)
    return path


def test_what_unpacks_to_more_than_a_table_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.tabular._UNPACKED", 1 << 20)
    bomb = packed(tmp_path / "staff.xlsx", bomb=bytes(4 << 20))
    assert bomb.stat().st_size < 1 << 16
    with pytest.raises(StaffError, match="unpacks to 4 MB"):
        read_staff(bomb)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_billion_laughs_are_not_laughed(tmp_path: Path, encoding: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    told = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>'
    with pytest.raises(StaffError, match="declares entities"):
        read_staff(packed(tmp_path / "staff.xlsx", laughs=told.encode(encoding)))


def test_a_table_larger_than_any_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.tabular._LARGEST", 1 << 20)
    with pytest.raises(StaffError, match="may have 1 MB"):
        read_staff(write(tmp_path / "staff.csv", bytes((1 << 20) + 1)))


@pytest.mark.parametrize("name", ["gone.csv", "gone.xlsx", "."])
def test_a_file_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(StaffError, match="no such file"):
        read_staff(tmp_path / name)


# --- importing --------------------------------------------------------------------------------------------------------


@pytest.fixture
async def database(fresh_sqlite_url: str) -> AsyncIterator[Database]:
    async with Database(fresh_sqlite_url) as database:
        yield database


async def staff_of(database: Database) -> Directory:
    async def read(work: Work) -> Directory:
        return await work.directory()

    return await database.read(read)


async def person(database: Database, name: str) -> Person:
    [found] = (await staff_of(database)).named(name)
    return found


async def address(database: Database, channel: str, of: str) -> AddressRow | None:
    async def read(work: Work) -> AddressRow | None:
        return await work.address(channel, of)

    return await database.read(read)


PHONE, OTHER = "+8613800138000", "+8613900139000"
WEI = entry("张伟", Role.HANDLER, phone=PHONE, email="zhang@example.com", superior="王刚")
GANG = entry("王刚", Role.CENTER_LEAD, line=3)


async def test_imported_they_are_found_with_their_relations_and_addresses(database: Database) -> None:
    assert await import_staff(database, [WEI, GANG], NOW) == (2, 0)
    wei, gang = await person(database, "张伟"), await person(database, "王刚")
    assert (wei.superior, wei.phone, set(wei.roles)) == (gang.id, PHONE, {Role.HANDLER})
    for channel, of in (("sms", PHONE), ("email", "zhang@example.com")):
        found = await address(database, channel, of)
        assert found is not None
        assert (found.person, found.proven) == (wei.id, True)


async def test_imported_again_they_are_updated_and_stay_who_they_are(database: Database) -> None:
    await import_staff(database, [WEI, GANG], NOW)
    before = await person(database, "张伟")
    again = replace(WEI, roles=frozenset({Role.AGENT}), unit="客服中心", superior="", categories=("repair",))
    assert await import_staff(database, [again, entry("李娜", line=3)], NOW) == (1, 1)
    assert await import_staff(database, [again, entry("李娜", line=3)], NOW) == (0, 0)  # as they were
    after = await person(database, "张伟")
    assert after.id == before.id
    assert (set(after.roles), after.unit, after.superior, set(after.categories)) == (
        {Role.AGENT},
        "客服中心",
        None,
        {"repair"},
    )
    assert {p.name for p in (await staff_of(database)).persons.values()} == {"张伟", "王刚", "李娜"}


async def test_a_superior_may_be_somebody_who_is_known_already(database: Database) -> None:
    await import_staff(database, [GANG], NOW)
    await import_staff(database, [WEI], NOW)
    assert (await person(database, "张伟")).superior == (await person(database, "王刚")).id


async def test_an_unknown_superior_is_told_and_nothing_is_changed(database: Database) -> None:
    with pytest.raises(StaffError, match="line 2: superior '王刚' is nobody"):
        await import_staff(database, [WEI, entry("李娜", line=3)], NOW)
    assert not (await staff_of(database)).persons


async def test_an_unknown_backup_is_told_with_its_line(database: Database) -> None:
    with pytest.raises(StaffError, match="line 3: backup '谁' is nobody"):
        await import_staff(database, [GANG, entry("李娜", line=3, backup="谁")], NOW)


async def test_a_number_that_is_given_up_proves_nobody_any_more(database: Database) -> None:
    await import_staff(database, [WEI, GANG], NOW)
    await import_staff(database, [replace(WEI, phone=OTHER)], NOW)
    old, new = await address(database, "sms", PHONE), await address(database, "sms", OTHER)
    assert old is not None
    assert not old.proven
    assert new is not None
    assert (new.person, new.proven) == ((await person(database, "张伟")).id, True)
    await import_staff(database, [replace(WEI, phone="", email="")], NOW)
    for channel, of in (("sms", OTHER), ("email", "zhang@example.com")):
        gone = await address(database, channel, of)
        assert gone is not None
        assert not gone.proven


async def test_a_number_that_comes_back_counts_again(database: Database) -> None:
    await import_staff(database, [WEI, GANG], NOW)
    await import_staff(database, [replace(WEI, phone=OTHER)], NOW)
    await import_staff(database, [WEI], NOW)
    back = await address(database, "sms", PHONE)
    assert back is not None
    assert back.proven


async def test_two_who_swap_their_numbers_are_told_apart(database: Database) -> None:
    a, b = entry("甲", phone=PHONE), entry("乙", line=3, phone=OTHER)
    await import_staff(database, [a, b], NOW)
    await import_staff(database, [replace(a, phone=OTHER), replace(b, phone=PHONE)], NOW)
    for name, phone in (("甲", OTHER), ("乙", PHONE)):
        found = await address(database, "sms", phone)
        assert found is not None
        assert (found.person, found.proven) == ((await person(database, name)).id, True)


async def test_an_old_table_does_not_bring_back_a_number_that_was_unbound(database: Database) -> None:
    await import_staff(database, [WEI, GANG], NOW)

    async def lose(work: Work) -> None:
        lost = await work.address("sms", PHONE)
        assert lost is not None
        lost.proven = False

    await database.write(lose)
    await import_staff(database, [WEI, GANG], NOW)
    lost = await address(database, "sms", PHONE)
    assert lost is not None
    assert not lost.proven


async def test_one_who_left_is_listed_but_never_found(database: Database) -> None:
    await import_staff(database, [entry("李娜", Role.HANDLER)], NOW)
    await import_staff(database, [entry("李娜", Role.HANDLER, active=False)], NOW)
    directory = await staff_of(database)
    assert directory.named("李娜") == []
    assert directory.holding(Role.HANDLER) == []
    assert "李娜" in table(directory.persons.values())


def test_who_holds_a_role_is_looked_for_once_and_each_gets_a_list_of_their_own() -> None:
    wei, na = (Person(id, roles=frozenset({Role.HANDLER}), staff=True) for id in ("p1", "p2"))
    directory = Directory({"p2": na, "p1": wei})
    directory.holding(Role.HANDLER).clear()
    assert directory.holding(Role.HANDLER) == [wei, na]
    assert directory == Directory({"p1": wei, "p2": na})
    left = replace(directory, persons={"p1": wei, "p2": replace(na, active=False)})
    assert left.holding(Role.HANDLER) == [wei]


def test_the_list_shows_no_numbers_and_no_addresses() -> None:
    people = [
        Person("2", "王刚", phone=OTHER, unit="客服中心", roles=frozenset({Role.AGENT, Role.CENTER_LEAD}), staff=True),
        Person(
            "1",
            "张伟",
            phone=PHONE,
            email="z@example.com",
            unit="工程部",
            categories=frozenset({"b", "a"}),
            active=False,
        ),
    ]
    shown = table(people)
    assert shown.splitlines() == [
        "NAME\tROLES\tUNIT\tSITES\tCATEGORIES\tACTIVE",
        "王刚\tagent,center_lead\t客服中心\t\t\tyes",
        "张伟\t\t工程部\t\ta,b\tno",
    ]


# --- one-time codes ---------------------------------------------------------------------------------------------------


async def test_a_code_is_for_one_person_and_only_its_hash_is_kept(database: Database) -> None:
    await import_staff(database, [WEI, GANG], NOW)
    signer = Signer(SECRET)
    found, code = await issue_code(database, signer, "@张伟", NOW)
    assert found.name == "张伟"

    async def read(work: Work) -> BindCodeRow | None:
        return await work.bind_code(signer.code_hash(code.lower()))

    row = await database.read(read)
    assert row is not None
    assert (row.person, row.expires_at, row.used_at) == (found.id, NOW + CODE_LIFE, None)
    assert code not in row.code_hash
    assert timedelta(minutes=5) <= CODE_LIFE <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("赵六", "'赵六' is nobody on the staff", id="nobody"),
        pytest.param("王", "more than one person: 王丽, 王刚", id="more than one"),
        pytest.param("李娜", "nobody on the staff", id="one who left"),
        pytest.param("", "nobody on the staff", id="no name"),
    ],
)
async def test_no_code_unless_it_is_clear_for_whom(database: Database, name: str, told: str) -> None:
    people = [entry("王刚"), entry("王丽", line=3), entry("李娜", line=4, active=False)]
    await import_staff(database, people, NOW)
    with pytest.raises(StaffError) as error:
        await issue_code(database, Signer(SECRET), name, NOW)
    assert told in str(error.value) or told.replace("王丽, 王刚", "王刚, 王丽") in str(error.value)


def test_every_role_has_a_name_in_chinese_and_an_unknown_one_lists_them_once(tmp_path: Path) -> None:
    words = "员工 处理人 客服专员 客服主管 客服中心负责人 部门负责人 审核人 领导 总指挥 媒体负责人 隐私负责人 人事审计 管理员"
    table = tmp_path / "staff.csv"
    table.write_text(f"姓名,角色\n甲,{words}\n", "utf-8")
    [entry] = read_staff(table)
    assert entry.roles == frozenset(Role) - {Role.SYSTEM, Role.CUSTOMER}
    table.write_text("姓名,角色\n甲,老板\n乙,经理\n丙,总管\n", "utf-8")
    with pytest.raises(StaffError) as wrong:
        read_staff(table)
    assert str(wrong.value).count("known roles are") == 1
    table.write_text("姓名,角色,上级\n甲,老板,没有人\n", "utf-8")
    with pytest.raises(StaffError, match=r"'没有人' is nobody in this table or among the staff$"):
        read_staff(table, Directory.of([]))
    assert all(word in str(wrong.value) for word in ("老板", "经理", "总管", "领导"))
