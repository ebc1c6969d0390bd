"""`complaintbot survey …` and `complaintbot rates`, on a database with complaints in it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.storage import codec
from bot.storage.database import Database, migrate
from bot.storage.work import Work
from complaints import closing, handling
from complaints.change import Change
from complaints.complaint import Complaint
from complaints.parts.actors import Actor
from complaints.parts.weighing import PolicyRef
from complaints.policy import combined
from complaints.vocabulary import Rating, Role
from tests.unit.complaints import build
from tests.unit.complaints.build import BASE, MONDAY

TWO = PolicyRef("hongkelong+leyouj", "1")  # cut, as a long name is
PHONES = {"anna": "+8613800138001", "bo": "+8613800138002"}


def complaint(number: int, who: str, rating: Rating | None, site: str = "") -> Complaint:
    made = handling.file(
        build.filing(reference=f"TS20261123-{number:04d}", complainant=who, site=site),
        Actor(who, frozenset({Role.CUSTOMER})), BASE, MONDAY + timedelta(minutes=number),
    ).complaint  # fmt: skip
    made = handling.dispatch(made, "zhang", "by hand", build.AGENT, BASE, MONDAY).complaint
    made = handling.resolve(made, "修好", build.HANDLER, BASE, MONDAY + timedelta(minutes=number)).complaint
    if rating is None:
        return made
    return closing.rate(made, rating, None, "说了", Actor(who, frozenset({Role.CUSTOMER})), BASE, MONDAY).complaint


async def _filled(url: str) -> None:
    await migrate(url)
    async with Database(url) as database:

        async def job(work: Work) -> None:
            for who, phone in PHONES.items():
                row = await work.new_customer(MONDAY, name=who, phone=phone)
                row.id = who
                await work.add_address(who, "web", f"w-{who}", MONDAY, proven=True)
            for each in (
                replace(complaint(1, "anna", Rating.SATISFIED, "north"), policy=TWO),
                complaint(2, "bo", Rating.DISSATISFIED, "south"),
                complaint(3, "bo", None, "north"),
                replace(complaint(4, "anna", Rating.SATISFIED), mystery=True),
            ):
                await work.save(Change(each), ())
            await work.store_policy(TWO.name, TWO.version, codec.dumps(combined("hongkelong", ["leyoujia-315"])))

        await database.write(job)


@pytest.fixture
def url(empty_folder: Path, logging_as_before: None, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite+aiosqlite:///{empty_folder / 'desk.db'}"
    monkeypatch.setenv("COMPLAINTBOT_DATABASE__URL", url)
    asyncio.run(_filled(url))
    return url


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert main(arguments) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert main(arguments) == 1
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "satisfied", "counted"),
    [
        pytest.param((), {"rate": 0.5, "hits": 1, "of": 2}, 3, id="all"),
        pytest.param(("--site", "north"), {"rate": 1.0, "hits": 1, "of": 1}, 2, id="a site"),
        pytest.param(("--policy", "vanke"), {"rate": None, "hits": 0, "of": 0}, 0, id="another profile"),
        pytest.param(
            ("--policy", "hongkelong"), {"rate": 1.0, "hits": 1, "of": 1}, 1, id="a profile with another beside it"
        ),
        pytest.param(("--policy", "leyoujia-315"), {"rate": 1.0, "hits": 1, "of": 1}, 1, id="the one beside it"),
        pytest.param(("--unit", "工程部"), {"rate": None, "hits": 0, "of": 0}, 0, id="a unit"),
        pytest.param(("--from", "2026-11-23T10:02+08:00"), {"rate": 0.0, "hits": 0, "of": 1}, 2, id="from"),
        pytest.param(("--to", "2026-11-23T10:02+08:00"), {"rate": 1.0, "hits": 1, "of": 1}, 1, id="to"),
    ],
)
def test_the_rates(
    url: str,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    satisfied: dict[str, float | None],
    counted: int,
) -> None:
    rates = json.loads(said(capsys, "rates", "--json", *arguments))
    assert (rates["satisfied"], rates["counted"]) == (satisfied, counted)


def test_the_rates_for_people(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "rates")
    assert "满意率 satisfied: 50.0% (1 of 2)" in lines
    assert "asked 3: answered 2, not rated 0, waiting 1" in lines


def test_the_rates_of_an_english_desk_are_english(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__LOCALE", "en")
    lines = said(capsys, "rates")
    assert "satisfied: 50.0% (1 of 2)" in lines
    assert lines.isascii()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("rates", "--from", "yesterday"), "--from is 'yesterday'", id="no moment"),
        pytest.param(
            ("rates", "--from", "2026-11-30", "--to", "2026-11-01"), "2026-11-30 is not before --to", id="from after to"
        ),
        pytest.param(("rates", "--policy", "nope"), "--policy is 'nope': choose one of base", id="no profile"),
        pytest.param(("rates", "--site", "nope"), "--site is 'nope': choose one of north, south", id="no site"),
        pytest.param(
            ("survey", "send", "--questionnaire", "visit", "--to", "site", "nope", "--name", "x"),
            "--to site is 'nope': choose one of north, south",
            id="to no site",
        ),
        pytest.param(("survey", "results", "nope"), "there is no survey 'nope'", id="no survey"),
        pytest.param(("survey", "tester", "13900000000"), "no customer has the phone", id="nobody"),
        pytest.param(
            ("survey", "send", "--questionnaire", "nope", "--to", "all", "--name", "x"), "'nope' does not exist", id="q"
        ),
        pytest.param(
            ("survey", "send", "--questionnaire", "visit", "--to", "some", "people", "--name", "x"),
            "--to takes",
            id="to",
        ),
        pytest.param(
            ("survey", "send", "--questionnaire", "visit", "--to", "no.txt", "--name", "x"), "cannot be read", id="file"
        ),
        pytest.param(
            ("survey", "send", "--questionnaire", "visit", "--to", "all", "--name", "x", "--every", "0"),
            "--every",
            id="0",
        ),
    ],
)
def test_what_is_wrong_is_told(
    url: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert told in refused(capsys, *arguments)


@pytest.mark.parametrize(
    ("to", "count", "others"),
    [
        pytest.param(("all",), 1, 1, id="all"),
        pytest.param(("closed-since", "2026-11-01"), 1, 0, id="closed since"),
        pytest.param(("site", "south"), 0, 1, id="a site"),
    ],
)
def test_whom_a_survey_asks(
    url: str, capsys: pytest.CaptureFixture[str], to: tuple[str, ...], count: int, others: int
) -> None:
    send = ("survey", "send", "--questionnaire", "visit", "--name", "spring", "--to", *to)
    left_out = "; 1 left out: a complaint of theirs is open" if others else ""
    assert said(capsys, *send, "--dry-run") == f"{count} would be asked{left_out}\n"
    assert "there is no survey 'spring'" in refused(capsys, "survey", "results", "spring")
    assert said(capsys, *send).startswith(f"{count} will be asked")
    results = json.loads(said(capsys, "survey", "results", "spring", "--json"))
    assert results["states"] == {"waiting": count + others}
    assert "choose another" in refused(capsys, *send)


def test_a_survey_of_nobody_does_not_use_up_its_name(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    send = ("survey", "send", "--questionnaire", "visit", "--name", "spring", "--to")
    nobody = (*send, "closed-since", "2026-12-01")
    assert said(capsys, *nobody, "--dry-run") == "0 would be asked\n"
    assert "finds nobody to ask" in refused(capsys, *nobody)
    assert said(capsys, *send, "all").startswith("1 will be asked; 1 left out")


def test_a_file_of_phone_numbers(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "whom.txt"
    file.write_text("\ufeff安娜 138 0013 8001\n+86 13800138001\n13900000000\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["survey", "send", "--questionnaire", "visit", "--name", "x", "--to", str(file)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("1 will be asked")
    assert err == "nobody has the phone number: 13900000000\n"


def test_r091_a_tester_is_marked_by_phone(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "a tester" in said(capsys, "survey", "tester", "13800138001")
    assert "no tester" in said(capsys, "survey", "tester", "13800138001", "--off")
