"""docs/permissions.md is what the table says, and the table says something about everything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.dialogue.refusing import ACT_OF
from complaints.permissions import PERMISSIONS, Errand, Step, Tie
from complaints.vocabulary import Role

PAGE = Path(__file__).parents[3] / "docs" / "permissions.md"


def test_the_page_is_made_from_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["permissions", "--markdown"]) == 0
    assert capsys.readouterr().out == PAGE.read_text("utf-8"), "run complaintbot permissions > docs/permissions.md"


def test_the_table_is_there_for_programs_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["permissions", "--json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert table["steps"].keys() == set(Step)
    assert table["errands"].keys() == set(Errand)
    assert table["steps"]["accept"] == {"handler": ["task"], "dept_head": ["task"], "employee": ["task"]}
    assert table["transitions"]["accept"] == {"dispatched": "working"}


def test_everything_that_is_done_or_read_has_a_row_of_its_own() -> None:
    assert PERMISSIONS.keys() == {*Step, *Errand}
    assert not {str(step) for step in Step} & {str(errand) for errand in Errand}
    assert set(ACT_OF.values()) <= PERMISSIONS.keys()


def test_every_tie_is_explained() -> None:
    page = PAGE.read_text("utf-8")
    assert [tie.name for tie in Tie if f"- `{str(tie.name).lower()}`: " not in page] == []


def test_customers_have_what_is_theirs_and_nothing_else() -> None:
    """C4: of another's complaint a customer has nothing; nobody but the clock ticks."""
    assert {tie for row in PERMISSIONS.values() if (tie := row.get(Role.CUSTOMER))} == {Tie.OWN}
    assert PERMISSIONS[Step.TICK].keys() == {Role.SYSTEM}
