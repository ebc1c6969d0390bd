"""What is written in traditional characters, or as Cantonese is, is filed as the same words in simplified ones."""

from __future__ import annotations

import pytest

from bot.grammar.details import find_details
from bot.people import Directory
from complaints.characters import simplified
from complaints.naming import named
from complaints.rota import Site
from complaints.taxonomy import load_pack
from complaints.whereabouts import named as names
from tests.unit.bot.desk_kit import Kit

PACK = load_pack("realestate")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("個電梯日日壞", "个电梯日日坏"),
        ("電梯壞咗 困住過人兩次", "电梯坏了 困住过人两次"),
        ("電梯又壞咗 行樓梯行到攰", "电梯又坏了"),
        ("廁所漏水漏足三日", "厕所漏水漏足三日"),
        ("樓上裝修嘈到死", "楼上装修嘈到死"),
        ("垃圾冇人收", "垃圾没人收"),
        ("停車場個閘壞咗", "停车场个闸坏了"),
    ],
)
async def test_it_is_about_the_same(kit: Kit, written: str, plain: str) -> None:
    assert PACK.guess(written) == PACK.guess(plain)
    assert names(written).things == names(plain).things
    await kit.says(written)
    complaint = await kit.the_complaint()
    assert (complaint.summary, complaint.category) == (written, PACK.guess(plain))


def test_a_lift_is_a_lift() -> None:
    assert PACK.guess("個電梯日日壞") == PACK.guess("电梯天天坏") != "OTHER"


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("陽光城2棟1001", "陽光城2棟1001"),
        ("我住喺陽光城2棟1001", "陽光城2棟1001"),
        ("3號樓2單元502漏水", "3號樓2單元502"),
        ("我住在阳光城2栋1001", "阳光城2栋1001"),
    ],
)
def test_a_place_is_found_and_kept_as_it_is_written(written: str, place: str) -> None:
    assert find_details(written).place == place


def test_a_site_is_found_in_either_writing() -> None:
    sites = {code: Site(code, name) for code, name in (("A", "阳光城"), ("B", "翠湖花园"), ("C", "麗景灣"))}
    directory = Directory({}, sites)
    for text, code in (("陽光城2棟1001", "A"), ("翠湖花園個電梯", "B"), ("丽景湾漏水", "C"), ("麗景灣漏水", "C")):
        site = directory.site_in(text)
        assert site is not None
        assert site.code == code


def test_who_is_named_is_found_in_either_writing() -> None:
    assert named("投訴張偉收咗錢唔做嘢", {"p": "张伟", "q": "李娜"}) == {"p"}
    assert named("投诉张伟收了钱", {"p": "張偉"}) == {"p"}


def test_other_words_stay() -> None:
    assert simplified("lift 漏水 3栋") == "lift 漏水 3栋"
