"""What tells that somebody of us takes money or gifts, and what does not; and the category that it has."""

from __future__ import annotations

import pytest

from complaints.bribery import takes
from complaints.taxonomy import load_pack

_TOLD = [
    "匿名投诉 你们刘师傅修水管收我两百块红包",
    "刘师傅私下收钱 态度还差 修个水管问人要300现金不给票",
    "翠湖2栋 我投诉工程部小周 收了钱不办事",
    "你们客服刘师傅收了我200块红包不给修",
    "物业经理收受业主好处费",
    "保安问我们要烟，不给烟就不让进",
    "师傅向我索要小费",
    "维修工吃拿卡要，修电梯也要塞红包",
    "水电工偷偷找业主收了五百块钱",
    "Karl took cash from me to mend the boiler",
    "the plumber asked me for 50 pounds cash and gave no receipt",
    "your manager takes bribes",
    "the guard wants a tip before he opens the gate",
    "your technician demanded a gift for fixing the tap",
]
_NOT_TOLD = [
    "水管漏水，修了三次还漏",
    "你们多收了我两百块物业费",
    "买房送的红包一直没到账",
    "师傅没收红包，很好",
    "师傅不收我的烟，还把水管修好了",
    "停车场不收现金，只能扫码",
    "烟感一直响",
    "说好退我五百块钱，一直没退",
    "the parking machine takes cash only",
    "I want my cash back",
    "he did not take any tips",
    "the office takes cash payments only in the morning",
    "the pipe leaks, and you took three days",
]


@pytest.mark.parametrize("words", _TOLD)
def test_it_is_about_conduct_whatever_else_is_told(words: str) -> None:
    assert takes(words)
    assert load_pack("realestate").guess(words) == "SERV.integrity"
    assert load_pack("generic").guess(words) == "SERVICE"


@pytest.mark.parametrize("words", _NOT_TOLD)
def test_other_money_is_not(words: str) -> None:
    assert not takes(words)
