"""What those who remind say of work that nobody has: to give it to somebody, and nothing that only an assignee can do."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from complaints.change import NoticeKind
from complaints.vocabulary import Status
from connectors.port import Form
from tests.unit.bot.words_kit import DUE, NOW, REFERENCE, WORDS, Case, context

NOBODYS = Case(assignee="", status=Status.ACCEPTED)
REMINDING = (NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.PLEASE_PHONE)


@pytest.mark.parametrize("notice", REMINDING)
@pytest.mark.parametrize("clock", ["first_contact", "complete", "plan"])
def test_a_reminder_of_what_nobody_has_says_to_give_it_to_somebody(notice: NoticeKind, clock: str) -> None:
    facts = {"clock": clock, "due": DUE.isoformat()}
    zh, en = (WORDS.render(notice, locale, Form.IM, context(NOBODYS, facts)).text for locale in ("zh", "en"))
    assert f"派单 {REFERENCE} @" in zh
    assert f"assign {REFERENCE} to" in en
    for word in ("联系客户", "“接单”", "办结 结果", "方案 内容", "延期"):
        assert word not in zh
    for word in ("contact the customer", "“accept”", "reply “done”", "extend"):
        assert word not in en


@pytest.mark.parametrize("due", [NOW - timedelta(hours=1), DUE, None])
def test_who_urges_what_nobody_has_makes_it_given(due: datetime | None) -> None:
    case = Case(assignee="", status=Status.NEW, due=due)
    zh, en = (WORDS.render(NoticeKind.STAFF_URGED, locale, Form.IM, context(case, {})).text for locale in ("zh", "en"))
    assert f"派单 {REFERENCE} @" in zh
    assert f"assign {REFERENCE} to" in en
    assert "联系客户" not in zh
    assert "contact" not in en


@pytest.mark.parametrize("notice", REMINDING)
def test_whoever_has_it_is_told_what_to_do_as_before(notice: NoticeKind) -> None:
    given = context(Case(status=Status.DISPATCHED), {"clock": "first_contact", "due": DUE.isoformat()})
    assert "请先联系客户" in WORDS.render(notice, "zh", Form.IM, given).text
