"""The same matter or another: the measure, its vetoes and its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from complaints.matching import CLEAR, SUGGESTED, Kin, Matter, match
from complaints.taxonomy import load_pack

DATA = Path(__file__).parents[2] / "data"
PACK = load_pack("realestate")
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


def told(text: str, who: str = "a", *, home: str = "", days: float = 0, site: str = "S") -> Matter:
    at = NOW - timedelta(days=days)
    return Matter(frozenset({who}), text, at, site, PACK.guess(text), home)


def labelled(name: str) -> Iterator[tuple[bool, bool]]:
    """Yield (is one matter, was suggested) of each pair of a file."""
    for line in (DATA / f"{name}.tsv").read_text("utf-8").splitlines()[1:]:
        label, who, days, *rest = line.split("\t")
        first_home, first, second_home, second = ("" if cell == "-" else cell for cell in rest)
        one = told(first, "a", home=first_home, days=int(days))
        other = told(second, "a" if who == "self" else "b", home=second_home)
        yield label == "same", match(one, other).score >= SUGGESTED


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [
        pytest.param("matching_pairs", 0.95, 0.95, id="those it was set on"),
        pytest.param("matching_held_out", 0.95, 0.95, id="those kept aside"),
    ],
)
def test_the_measure_is_right_about_labelled_pairs(name: str, precision: float, recall: float) -> None:
    pairs = list(labelled(name))
    right = sum(same and suggested for same, suggested in pairs)
    assert right / sum(suggested for _, suggested in pairs) >= precision
    assert right / sum(same for same, _ in pairs) >= recall


@pytest.mark.parametrize(
    ("first", "second", "veto"),
    [
        pytest.param("4栋电梯坏了", "五号楼电梯坏了", "building", id="another building, however it is written"),
        pytest.param("Lift out of order in block 4", "5栋电梯坏了", "building", id="across languages"),
        pytest.param("2栋1单元电梯坏了", "2栋2单元电梯坏了", "unit", id="another entrance"),
        pytest.param("4栋1号电梯一直晃", "4栋2号电梯一直晃", "lift", id="lift 1 and lift 2"),
        pytest.param("3栋902厨房下水道堵了", "3栋1502厨房下水道堵了", "room", id="another flat's own things"),
        pytest.param("车库B1漏水", "车库B2漏水", "level", id="another level"),
        pytest.param("北门道闸坏了", "南门道闸坏了", "gate", id="another gate"),
        pytest.param("粤B12345占了我的车位", "粤B67890占了我的车位", "plate", id="another car"),
        pytest.param("订单20261100123多收佣金", "订单20261100456多收佣金", "order", id="another order"),
        pytest.param("物业费多收了200元", "物业费多收了350元", "amount", id="another amount"),
        pytest.param("销售小陈态度傲慢", "销售小林态度傲慢", "person", id="another person"),
        pytest.param("3号枪加的油有水", "5号枪加的油有水", "numbered", id="another pump"),
        pytest.param("物业费涨价没有公示", "停车费涨价没有公示", "things", id="another thing"),
    ],
)
def test_what_differs_in_numbers_or_things_is_never_suggested(first: str, second: str, veto: str) -> None:
    for who in ("a", "b"):
        found = match(told(first), told(second, who))
        assert (found.score, found.veto) == (0.0, veto)


def test_another_site_is_another_matter() -> None:
    assert match(told("电梯坏了", site="S"), told("电梯坏了", "b", site="T")).veto == "site"


def test_neighbours_share_a_lift_and_not_a_bathroom() -> None:
    lift = match(told("电梯坏了三天没人修", home="4栋1203"), told("电梯又停了", "b", home="4栋805"))
    assert lift.kin is Kin.GROUP
    assert lift.score >= SUGGESTED
    leak = match(told("卫生间漏水", home="4栋1203"), told("卫生间漏水", "b", home="4栋805"))
    assert leak.veto == "room"
    assert match(told("卫生间漏水"), told("卫生间漏水", "b")).veto == "home"


def test_one_person_twice_is_a_duplicate_with_its_reasons() -> None:
    one = Matter(frozenset({"a", "+8613800001111"}), "4栋电梯坏了三天", NOW, "S", "PROP.lift")
    other = Matter(frozenset({"b", "+8613800001111"}), "4号楼的电梯还是坏的", NOW, "S", "PROP.lift")
    found = match(one, other)
    assert found.kin is Kin.DUPLICATE
    assert found.score >= CLEAR
    assert found.reasons == (
        "person", "words:坏", "things:电梯", "building:4", "category", "days:0",
    )  # fmt: skip


def test_the_measure_does_not_care_who_came_first() -> None:
    one, other = told("4栋电梯坏了三天没人修", days=3), told("The lift in block 4 is stuck", "b")
    assert match(one, other).score == pytest.approx(match(other, one).score)


def test_a_text_of_megabytes_costs_no_more_than_its_beginning() -> None:
    assert match(told("电梯坏了" * 500_000), told("电梯坏了", "b")).score >= SUGGESTED


@pytest.mark.parametrize(
    ("first", "second"),
    [("门坏了 灯坏了", "please reopen it, the light is dead again"), ("门坏了", "东西坏了"), ("坏了", "门坏了 灯坏了")],
)
def test_a_word_that_is_said_of_all_trouble_suggests_nothing_between_two_people(first: str, second: str) -> None:
    assert match(told(first), told(second, "b")).score < SUGGESTED


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("3栋保安打人", "你们那个保安什么态度 让老人等着 还说急什么急", id="a blow is no bad manners"),
        pytest.param("单元门口有人抽烟", "单元门坏了", id="in front of a door is not the door"),
        pytest.param("我要找媒体", "我要找媒体曝光你们", id="a threat is no matter"),
        pytest.param("I will go to the media", "I'm going to the press, the media", id="a threat, in English"),
        pytest.param("nope hurts again", "nope it hurts again", id="one word of everything"),
    ],
)
def test_strangers_who_share_no_matter_are_not_suggested(first: str, second: str) -> None:
    found = match(told(first, "a"), told(second, "b"))
    assert found.score < SUGGESTED


@pytest.mark.parametrize(
    ("first", "second"),
    [("8栋那个电梯门关不上", "8栋电梯坏了"), ("lift door in block 8 will not close", "block 8 lift broken")],
)
def test_the_door_of_a_lift_is_the_lift_s(first: str, second: str) -> None:
    assert PACK.guess(first) == PACK.guess(second) == "PROP.lift"
    assert match(told(first, "a"), told(second, "b")).score >= SUGGESTED


def test_a_reason_shows_the_words_of_both() -> None:
    found = match(told("保安骂人", "a"), told("保安态度恶劣", "b"))
    assert "words:态度/骂" in found.reasons
