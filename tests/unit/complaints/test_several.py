"""Several matters told in one breath are known by their clauses; one matter with its consequences stays one."""

from __future__ import annotations

import pytest

from complaints.several import matters
from complaints.taxonomy import load_pack

PACK = load_pack("realestate")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("the lift stops between floors and the corridor light is out and my neighbour's dog barks all night", 3),
        ("The bins stink and the lift is broken.", 2),
        ("my radiator is cold, also the intercom does not ring", 2),
        ("电梯坏了，楼道灯也不亮，邻居家狗还天天叫", 3),
        ("门禁坏了，垃圾也没人收", 2),
        ("车库漏水，还有路灯不亮", 2),
        ("厨房漏水，把地板泡坏了，墙也发霉了", 0),
        ("电梯坏了三天没人修，打电话也没人接", 0),
        ("垃圾三天没人收，臭得开不了窗", 0),
        ("电梯坏了，电梯里的灯也不亮", 0),
        ("热水没有了，暖气也不热", 0),
        ("the tap drips and the floor is wet", 0),
        ("the kitchen leaks and the ceiling below is ruined", 0),
        ("the lift is broken and I told the guard twice", 0),
        ("the lift is broken", 0),
        ("", 0),
    ],
)
def test_matters(text: str, count: int) -> None:
    assert len(matters(text, PACK.guess)) == count
