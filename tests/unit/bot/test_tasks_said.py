"""What is said about working together: who leads and assists, steps, causes, signatures, task forces; in both languages."""

from __future__ import annotations

import pytest

from bot.grammar import Speaker, Verb, understand
from bot.grammar.arguments import take_own_limit
from bot.grammar.task_force import Said, about_force
from bot.grammar.tasks import Helper, causes, confirmed, shared, signed, step_done, unshared


@pytest.mark.parametrize(
    ("text", "lead", "helpers", "number"),
    [
        ("派 0001 张伟 主办，李雷 协办 查水管", "张伟", [Helper("李雷", "查水管")], "0001"),
        (
            "0001 派单 @张伟 主办 @李雷 协办 查水管 @韩梅 协办 修墙 2天",
            "张伟",
            [Helper("李雷", "查水管"), Helper("韩梅", "修墙", "2d")],
            "0001",
        ),
        ("主办 张伟 协办 李雷 查水管", "张伟", [Helper("李雷", "查水管")], None),
        ("協辦 0001 李雷：查水管 2天内", None, [Helper("李雷", "查水管", "2d")], "0001"),
        ("请李雷协办 0001 查水管", None, [Helper("李雷", "查水管")], "0001"),
        ("assign 0001 to Tom, with Ann for the pipes", "Tom", [Helper("Ann", "the pipes")], "0001"),
        (
            "assign 0001 to Tom, with Ann for the pipes and Bob Lee for the wall within 2 days",
            "Tom",
            [Helper("Ann", "the pipes"), Helper("Bob Lee", "the wall", "2d")],
            "0001",
        ),
        ("assist 0001 Ann: check the pipes", None, [Helper("Ann", "check the pipes")], "0001"),
    ],
)
def test_the_work_is_shared_out(text: str, lead: str | None, helpers: list[Helper], number: str | None) -> None:
    said = shared(text)
    assert said is not None
    assert (said.lead, list(said.helpers), said.reference) == (lead, helpers, number)
    assert understand(text, Speaker.SUPERVISOR).verb is Verb.ASSIGN


def test_each_helper_may_be_named_with_with() -> None:
    said = shared("assign 0001 to Tom Hill, with Carl Dunn for the lamp in 6 hours, with Sue Park for the cleaning")
    assert said is not None
    assert [(each.who, each.what, each.limit) for each in said.helpers] == [
        ("Carl Dunn", "the lamp", "6h"),
        ("Sue Park", "the cleaning", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "不用李雷协办了",
        "李雷协办查水管可以吗？",
        "派单 0001 张伟",
        "assign 0001 to Tom",
        "我们配合厂家处理，主办是工程部",
    ],
)
def test_other_words_share_nothing(text: str) -> None:
    assert shared(text) is None


def test_a_sentence_that_tells_of_somebody_is_no_plain_command() -> None:
    said = shared("已经请物业配合处理了")
    assert said is not None
    assert not said.plain
    assert understand("已经请物业配合处理了", Speaker.HANDLER).verb is not Verb.ASSIGN


@pytest.mark.parametrize(
    ("text", "number", "note"),
    [
        ("步骤1完成", 1, ""),
        ("0001 步骤 2 完成，刷了两遍", 2, "刷了两遍"),
        ("第一步完成了", 1, ""),
        ("step 2 is done, painted twice", 2, "painted twice"),
        ("step 1 done", 1, ""),
    ],
)
def test_a_step_is_ticked_off(text: str, number: int, note: str) -> None:
    said = step_done(text)
    assert said is not None
    assert (said.number, said.note) == (number, note)
    meant = understand(text, Speaker.HANDLER)
    assert (meant.verb, meant.arguments["step"]) == (Verb.REPORT, number)


@pytest.mark.parametrize(
    "text",
    [
        "步骤1还没完成", "步骤1完成了吗", "步骤1完成不了", "步骤1完成，但是还没刷漆", "步骤1完成了一半", "第一步没做完",
        "step 1 not done", "step 1 isn't done yet", "is step 1 done?", "step 1 done, but the wall is not finished",
    ],
)  # fmt: skip
def test_what_is_not_done_is_never_ticked_off(text: str) -> None:
    assert step_done(text) is None


@pytest.mark.parametrize(
    ("text", "cause", "responsible"),
    [
        ("原因 密封圈老化 责任 施工单位", "密封圈老化", "施工单位"),
        ("根因：密封圈老化；责任方：施工单位", "密封圈老化", "施工单位"),
        ("0001 原因 老化", "老化", ""),
        ("责任 施工单位", "", "施工单位"),
        ("cause worn seal responsible contractor", "worn seal", "contractor"),
        ("root cause: bad glue, responsible: the builder", "bad glue", "the builder"),
    ],
)
def test_cause_and_responsibility(text: str, cause: str, responsible: str) -> None:
    said = causes(text)
    assert said is not None
    assert (said.cause, said.responsible) == (cause, responsible)


@pytest.mark.parametrize("text", ["原因是什么？", "原因是密封圈老化，明天换", "责任心强的师傅", "because of the rain"])
def test_what_only_speaks_of_causes_is_none(text: str) -> None:
    assert causes(text) is None


def test_the_other_commands() -> None:
    assert [signed(text) is not None for text in ("签字单", "客户签字确认单", "signed statement 0001", "还没签字")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert [confirmed(text) is not None for text in ("确认办结 0001", "confirm done 0001", "确认办结了吗")] == [
        True,
        True,
        False,
    ]
    for text, who in (("取消协办 0001 李雷 不用了", "李雷"), ("end part 0001 Ann", "Ann")):
        named = unshared(text)
        assert named is not None
        assert (named.who, named.reference) == (who, "0001")


@pytest.mark.parametrize(
    ("text", "said", "members", "commander"),
    [
        ("成立专案组 0001 @王主管 @李部长 指挥 刘总", Said.FORM, ("王主管", "李部长"), "刘总"),
        ("成立专案组 0001 王主管 李部长 总指挥刘总", Said.FORM, ("王主管", "李部长"), "刘总"),
        ("task force 0001 Tom, Ann; commander Lee", Said.FORM, ("Tom", "Ann"), "Lee"),
        ("form a task force 0001 with Tom and Ann, commander Lee", Said.FORM, ("Tom", "Ann"), "Lee"),
        ("成立专案组 0001", Said.FORM, (), ""),
        ("成立专项组 0001 @王主管 @李部长 指挥 刘总", Said.FORM, ("王主管", "李部长"), "刘总"),
        ("成立专项组 0001 王主管、李部长", Said.FORM, ("王主管", "李部长"), ""),
        ("成立专案小组 0001 @王主管", Said.FORM, ("王主管",), ""),
        ("成立专项工作组 0001 @王主管", Said.FORM, ("王主管",), ""),
        ("解散专项组 0001", Said.DISSOLVE, (), ""),
        ("专案组 0001 加 @王五", Said.ADD, ("王五",), ""),
        ("加入专案组 0001 王五、李四", Said.ADD, ("王五", "李四"), ""),
        ("专案组 0001", Said.STATE, (), ""),
        ("解散专案组 0001 办完了", Said.DISSOLVE, (), ""),
        ("会议纪要 0001 周五前拆墙", Said.MINUTES, (), ""),
        ("汇报 0001 现场已看", Said.REPORT, (), ""),
        ("brief 0001 pump ordered", Said.REPORT, (), ""),
    ],
)
def test_a_task_force_is_spoken_to(text: str, said: Said, members: tuple[str, ...], commander: str) -> None:
    found = about_force(text)
    assert found is not None
    assert (found.said, found.members, found.commander, found.reference) == (said, members, commander, "0001")
    expected = Verb.REPORT if said is Said.REPORT else Verb.TASK_FORCE
    assert text.startswith("brief") or understand(text, Speaker.SUPERVISOR).verb is expected


@pytest.mark.parametrize("text", ["专案组还没成立吗", "要不要成立专案组", "专案组的人都到了", "the task force has met"])
def test_talk_about_task_forces_is_no_command(text: str) -> None:
    assert about_force(text) is None


@pytest.mark.parametrize(
    ("said", "limit", "rest"),
    [
        ("3天", "3d", ""),
        ("主办 2天", "2d", ""),
        ("限3个工作日，客户很急", "3wd", "客户很急"),
        ("两天内办结", "2d", ""),
        ("within 2 days", "2d", ""),
        ("客户很急，限2天", "2d", "客户很急"),
        ("客户很急 三天内办完", "3d", "客户很急"),
        ("3天没人管了", None, "3天没人管了"),
        ("3天，没人管", None, "3天，没人管"),
        ("已经拖了3天", None, "已经拖了3天"),
        ("客户要求3天", None, "客户要求3天"),
        ("", None, ""),
    ],
)
def test_r034_by_when_somebody_is_to_be_done(said: str, limit: str | None, rest: str) -> None:
    assert take_own_limit(said) == (limit, rest)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("派 0001 @张伟 主办 2天，@李雷 协办 查水管 1天", "2d"),
        ("主办 张伟 2天 协办 李雷 查水管", "2d"),
        ("派 0001 张伟 主办，李雷 协办 查水管 2天", None),
        ("assign 0001 to Tom within 2 days, with Ann for the pipes", "2d"),
        ("assign 0001 to Tom, with Ann for the pipes within 2 days", None),
    ],
)
def test_r034_the_leads_own_limit_is_heard_beside_the_parts(text: str, limit: str | None) -> None:
    said = shared(text)
    assert said is not None
    assert (said.limit, said.lead in ("张伟", "Tom")) == (limit, True)
