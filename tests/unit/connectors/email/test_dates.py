"""The Date field in every form it has been written in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.email.dates import read_date
from connectors.email.message import parse_mail
from tests.unit.connectors.email.samples import mail

MOMENT = datetime(2026, 3, 5, 2, 20, 30, tzinfo=UTC)
SAME = [
    pytest.param("Thu, 05 Mar 2026 10:20:30 +0800", id="RFC 5322"),
    pytest.param("Thu, 5 Mar 2026 10:20:30 +0800 (CST)", id="comment"),
    pytest.param("Thu, 5 Mar 2026 10:20:30 +0800 (中国标准时间)", id="comment in Chinese"),
    pytest.param("5 Mar 2026 10:20:30 +0800", id="no weekday"),
    pytest.param("Thu,5 Mar 2026 10:20:30+0800", id="blanks forgotten"),
    pytest.param("Thu, 05 Mar 26 10:20:30 +0800", id="two-digit year"),
    pytest.param("Thu, 05 Mar 126 10:20:30 +0800", id="year counted from 1900"),
    pytest.param("Thu, 05-Mar-2026 10:20:30 +0800", id="dashes"),
    pytest.param("Thu, 05 Mar 2026 02:20:30 GMT", id="GMT"),
    pytest.param("Thu, 05 Mar 2026 02:20:30 UT", id="UT"),
    pytest.param("Thu, 05 Mar 2026 02:20:30 Z", id="Z"),
    pytest.param("Wed, 04 Mar 2026 21:20:30 EST", id="EST"),
    pytest.param("Wed, 04 Mar 2026 19:20:30 PDT", id="PDT"),
    pytest.param("Thu, 05 Mar 2026 02:20:30 -0000", id="zone not told"),
    pytest.param("Thu, 05 Mar 2026 02:20:30", id="no zone"),
    pytest.param("Thu, 05 Mar 2026 10:20:30 +08:00", id="colon in the zone"),
    pytest.param("Thu, 05 Mar 2026 10:20:30 GMT+0800", id="GMT and offset"),
    pytest.param("Thu, 05 Mar 2026 10:20:30 UTC+08:00", id="UTC and offset"),
    pytest.param("Thu, 05 Mar 2026 10.20.30 +0800", id="dots in the time"),
    pytest.param("Thu, 05 Mar 2026 10：20：30 +0800", id="full-width colons"),
    pytest.param("Thu Mar  5 02:20:30 2026", id="asctime"),
    pytest.param("Thu Mar 05 10:20:30 CST 2026", id="Java in China"),
    pytest.param("Thu Mar 05 02:20:30 UTC 2026", id="Java"),
    pytest.param("Thu, 5 Mar 2026 10:20:30 AM +0800", id="AM"),
    pytest.param("2026-03-05T10:20:30+08:00", id="ISO"),
    pytest.param("2026-03-05T02:20:30.123Z", id="ISO in UTC"),
    pytest.param("2026-3-5 10:20:30 +0800", id="year first"),
    pytest.param("2026/03/05 10:20:30 +0800", id="slashes"),
    pytest.param("2026年3月5日 10:20:30 +0800", id="Chinese"),
    pytest.param("2026年3月5日 星期四 上午 10:20:30 +0800", id="Chinese with weekday and half"),
    pytest.param("20260305T022030Z", id="packed"),
    pytest.param("星期四, 5 三月 2026 10:20:30 +0800", id="names in Chinese"),
    pytest.param("Do, 5 Mär 2026 03:20:30 +0100", id="names in German"),
    pytest.param("jeu., 5 mars 2026 03:20:30 +0100", id="names in French"),
    pytest.param("Thursday, March 5, 2026 10:20:30 AM +0800", id="American"),
    pytest.param("1772677230", id="seconds"),
    pytest.param("=?utf-8?Q?Thu,_05_Mar_2026_10:20:30_+0800?=", id="encoded"),
    pytest.param('"Thu, 05 Mar 2026 10:20:30 +0800"', id="in quotes"),
    pytest.param("Thu, 05 Mar 2026 02:20:30 +9999", id="no such zone"),
    pytest.param("Foo, 05 Mar 2026 10:20:30 +0800", id="no such weekday"),
]


@pytest.mark.parametrize("value", SAME)
def test_one_moment_in_every_form(value: str) -> None:
    assert parse_mail(mail(f"Date: {value}")).sent_at == MOMENT


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        pytest.param("2026年3月5日 下午 3:05 +0800", datetime(2026, 3, 5, 7, 5, tzinfo=UTC), id="after noon"),
        pytest.param("2026年3月5日 凌晨12:05 +0800", datetime(2026, 3, 4, 16, 5, tzinfo=UTC), id="after midnight"),
        pytest.param("Thu, 5 Mar 2026 12:05 AM GMT", datetime(2026, 3, 5, 0, 5, tzinfo=UTC), id="12 AM"),
        pytest.param("Thu, 5 Mar 2026 24:00:00 GMT", datetime(2026, 3, 6, tzinfo=UTC), id="24 o'clock"),
        pytest.param("Thu, 5 Mar 2026 23:59:60 GMT", datetime(2026, 3, 6, tzinfo=UTC), id="leap second"),
    ],
)
def test_odd_hours(value: str, moment: datetime) -> None:
    assert read_date(value) == moment


@pytest.mark.parametrize(
    "value",
    ["", "yesterday", "2026年3月5日", "Thu, 99 Mar 99999 10:20:30 +9999", "Thu, 31 Feb 2026 10:20:30 +0800", "5", "\0",
     "0000-00-00 00:00:00"],
)  # fmt: skip
def test_what_names_no_moment(value: str) -> None:
    assert read_date(value) is None


def test_without_a_readable_date_the_first_server_tells() -> None:
    raw = mail(
        "Date: unknown\nReceived: from b by c; Thu, 05 Mar 2026 11:00:00 +0800\n"
        "Received: from a by b; Thu, 05 Mar 2026 10:20:30 +0800"
    )
    assert parse_mail(raw).sent_at == MOMENT


@given(
    st.text(max_size=80)
    | st.from_regex(r"\A[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,5} [\d:.]{3,9} [+\-A-Z\d]{1,6}\Z")
)
def test_no_text_breaks_it_and_none_is_naive(text: str) -> None:
    moment = read_date(text)
    assert moment is None or moment.tzinfo is UTC
