"""Who asks who reads what they say, what their number is for, or whether they can stay unknown, hears how it is."""

from __future__ import annotations

import pytest

from bot.grammar.who_reads import Asked, asks, asks_who_told
from tests.unit.bot.desk_kit import Kit, exchange, reads
from tests.unit.bot.desk_kit import asks as said

READERS = [
    "who sees this?", "who can see what i wrote?", "hi, who reads this", "can the girl on reception read this?",
    "will he know it was me?", "will you tell him?", "is this confidential?", "will my manager see what i said",
    "does the receptionist know i complained", "谁能看到我写的", "我写的谁能看到", "我说的经理看得到吗", "他会知道是我说的吗",
    "你们会告诉他吗", "会不会告诉经理", "这个保密吗", "保密吗？", "谁看得到",
    "谁在看我写的东西", "谁会看我写的", "what happens to what i write here, will the receptionist see it?",
    "what do you do with my details",
]  # fmt: skip
NUMBER = [
    "你们要我电话干什么？",
    "为什么要我的电话",
    "要我手机号干嘛",
    "why do you need my number",
    "what do you want my phone number for?",
]
UNNAMED = [
    "能匿名吗 我怕他们报复", "能匿名吗", "可以匿名吗？", "能不能匿名投诉", "可以不留名字吗", "匿名可以吗",
    "他要是知道是我说的 报复我怎么办", "我怕报复", "要是经理知道是我投诉的怎么办", "会不会报复我",
    "can i stay anonymous?", "is this anonymous?", "do i have to give my name", "i'm scared he'll take it out on me",
    "what if he finds out it was me", "can i report this anonymously",
]  # fmt: skip
OTHERS = [
    "保安队长报复我 怎么办", "谁能来看看", "谁来看一下", "can someone look at this", "does anyone read this?",
    "can you tell him to call me", "who sees to the lift", "can i see this in person", "3栋保安打人 能匿名吗", "怕孩子摔倒",
    "谁知道什么时候修好", "can the plumber see this tomorrow", "will you tell me when it's fixed", "什么时候告诉我结果",
    "what happens to my tap, will the plumber see it?", "will the plumber see it", "what happens with my complaint",
    "会不会漏电", "能不能公开赔偿标准", "你们会告诉我吗", "门锁坏了怕小偷报复", "will he be told to fix it",
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        *((each, Asked.READERS) for each in READERS),
        *((each, Asked.NUMBER) for each in NUMBER),
        *((each, Asked.UNNAMED) for each in UNNAMED),
        *((each, None) for each in OTHERS),
    ],
)
def test_what_is_asked(words: str, asked: Asked | None) -> None:
    assert asks(words) is asked


@pytest.mark.parametrize(
    "words",
    ["who complained about me", "who said i was rude", "what did that woman say about me", "has anyone complained about me",
     "are there any complaints about me", "谁投诉我", "是谁投诉的我", "那个业主说我什么了", "有人投诉我吗"],
)  # fmt: skip
async def test_no_colleague_hears_who_complained_and_nothing_is_filed(kit: Kit, words: str) -> None:
    assert asks_who_told(words)
    await said(kit, "厨房水管一直漏水", "c1")
    [answer] = await said(kit, words, "handler")
    assert "不告诉" in answer or "not told" in answer
    assert len(await kit.complaints()) == 1


@pytest.mark.parametrize("words", [*READERS[3:6], *READERS[-4:-2], *NUMBER[:2], NUMBER[3]])
async def test_it_is_answered_and_goes_to_nobody(kit: Kit, words: str) -> None:
    english = words.isascii()
    [alone] = await said(kit, words, "c2")
    assert ("匿名投诉" in alone) or ("anonymous complaint" in alone)
    await said(kit, "the kitchen tap is leaking" if english else "厨房水管一直漏水", "c1")
    await reads(kit, "handler")
    [answer] = await said(kit, words, "c1")
    assert "0001" in answer
    assert "张伟" in answer
    assert ("still waits" in answer) or ("还等您回答" in answer)
    assert await reads(kit, "handler") == await reads(kit, "lead") == ""
    assert len(await kit.complaints()) == 1


@pytest.mark.parametrize("words", [UNNAMED[0], *UNNAMED[6:8], *UNNAMED[11:14]])
async def test_who_would_stay_unknown_hears_how(kit: Kit, words: str) -> None:
    [answer] = await said(kit, words, "c1")
    assert "可以匿名" in answer or "You can stay anonymous" in answer
    await exchange(kit, "保安半夜在门口喝酒", "c1")
    assert (await kit.the_complaint()).anonymous
    [answer] = await said(kit, words, "c1")
    assert "匿名登记的" in answer or "filed anonymously" in answer
    assert len(await kit.complaints()) == 1


@pytest.mark.parametrize(
    "words",
    [*UNNAMED[::3], "我要匿名 别让她知道是我说的", "匿名 千万别让她知道是我", "别让物业知道是我", "不想让经理知道是我投诉的",
     "anonymous, don't let them know it was me", "i dont want the manager to find out it was me"],
)  # fmt: skip
async def test_with_one_told_by_name_nothing_new_is_made_of_the_wish(kit: Kit, words: str) -> None:
    await said(kit, "你们保洁阿姨素质太差 把我拖把拿走了", "c1")
    await reads(kit, "handler")
    [answer] = await said(kit, words, "c1")
    assert "0001" in answer
    assert "收不回来" in answer or "cannot be taken back" in answer
    assert await reads(kit, "handler") == ""
    assert not (await kit.the_complaint()).anonymous


@pytest.mark.parametrize(
    "words",
    ["我要投诉 但是别让物业知道是我 3栋保安打人", "我要投诉保安队长打人 但是别让物业知道是我", "3栋保安打人 能匿名吗",
     "不想让队长知道是我说的，保安半夜喝酒", "the guard hit me, can i stay anonymous",
     "the guard drinks at night, i don't want the manager to find out i told you"],
)  # fmt: skip
async def test_the_wish_counts_in_the_middle_of_what_is_told(kit: Kit, words: str) -> None:
    await said(kit, words, "c1")
    assert (await kit.the_complaint()).anonymous


@pytest.mark.parametrize(
    "words", ["我要匿名 别让她知道是我说的", "匿名投诉 千万别让她知道是我", "我要投诉 但是别让物业知道是我"]
)
async def test_the_wish_alone_is_no_matter(kit: Kit, words: str) -> None:
    [answer] = await said(kit, words, "c1")
    assert "匿名登记" in answer
    assert await kit.complaints() == []
    await exchange(kit, "保安半夜在门口喝酒", "c1")
    assert (await kit.the_complaint()).anonymous
