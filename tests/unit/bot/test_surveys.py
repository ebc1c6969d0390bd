"""Surveys in chat: answers to further questions, call-backs by phone, campaigns, marks and rates."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import campaigns
from bot.campaigns import Campaigns, Plan
from bot.grammar import Speaker, Verb, understand
from bot.grammar.surveys import Ask, read_call, read_reply
from bot.storage import surveys
from bot.storage.models import OutboxRow, SurveyedRow
from bot.storage.work import Work
from bot.surveying import set_tester
from bot.words import templates_dir
from complaints.complaint import Complaint
from complaints.errors import ComplaintError
from complaints.policy import questionnaires
from complaints.vocabulary import Severity, Status
from tests.unit.bot.desk_kit import ZONE, Kit, known_customer, open_desk

DATA = Path(__file__).parents[2] / "data"
OPTIONS = [["没修好", "It is not fixed"], ["太慢了", "It took too long"], ["服务态度", "How I was treated"]]
MATTER = "我家厨房漏水三天了，没人管。6栋1202，我叫李娜，13712345678"


def table(name: str) -> list[object]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("## ")]
    return [pytest.param(*row, id="-".join(row[:2])) for row in rows]


# ── what is read ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("ask", "said", "read"), table("survey_replies.tsv"))
def test_what_an_answer_is_taken_for(ask: str, said: str, read: str) -> None:
    reply = read_reply(said, Ask(ask), OPTIONS)
    if read == "-":
        assert reply is None
    elif read == "skip":
        assert reply is not None
        assert (reply.skipped, reply.value) == (True, "")
    elif read == "free":
        assert reply is not None
        assert (reply.value, reply.free or ask == "text") == (said, True)
    else:
        assert reply is not None
        assert (reply.value, reply.skipped, reply.free) == (read, False, False)


@pytest.mark.parametrize(("said", "number", "what"), table("call_backs.tsv"))
def test_what_a_call_back_says(said: str, number: str, what: str) -> None:
    called = read_call(said)
    if called is None or (not called.understood and not called.number):
        assert what == "-"
        return
    assert called.number == number
    assert ("?" if not called.understood else called.rating or "unreached") == what


def lines(name: str) -> list[str]:
    return [line for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line]


def test_not_satisfied_is_never_taken_for_satisfied_or_solved() -> None:
    wrong = []
    for said in lines("phrases_not_satisfied.txt"):
        for ask in (Ask.RATING, Ask.SCORE, Ask.YES_NO):
            reply = read_reply(said, ask)
            if reply is not None and reply.value in ("satisfied", "4", "5", "yes"):
                wrong.append(f"{ask}: {said} -> {reply.value}")
        called = read_call(f"已回访 0001 {said}")
        if called is not None and called.rating == "satisfied":
            wrong.append(f"call: {said}")
    assert wrong == []


# ── in chat ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    async with open_desk(database_url, policy="mingyuan") as kit:
        yield kit


async def say(kit: Kit, text: str, who: str = "c1") -> list[str]:
    """Let somebody write; return all that comes to them upon it."""
    before = len(kit.chat.texts(who))
    await kit.says(text, who)
    await kit.deliver()
    return kit.chat.texts(who)[before:]


async def done(kit: Kit) -> Complaint:
    """Take a complaint to the satisfaction question."""
    await say(kit, MATTER)
    await say(kit, "接单", "handler")
    await say(kit, "办结 换了水管", "handler")
    return await kit.the_complaint()


async def test_a_questionnaire_is_asked_one_question_at_a_time(kit: Kit) -> None:
    await done(kit)
    thanks, solved = await say(kit, "满意")
    assert "已结案" in thanks
    assert "彻底解决" in solved
    [improve] = await say(kit, "解决了")
    assert "还可以改进" in improve
    assert await say(kit, "早点来就好") == ["记下了，谢谢您的反馈。"]
    [survey] = (await kit.the_complaint()).surveys
    assert [(a.question, a.value) for a in survey.answers] == [("solved", "yes"), ("improve", "早点来就好")]


async def test_buttons_name_their_question_and_are_good_once(kit: Kit) -> None:
    await done(kit)
    await say(kit, "满意")
    buttons = {button.label: button.says for button in kit.chat.sent[-2].buttons or kit.chat.sent[-1].buttons}
    assert list(buttons) == ["是", "不是", "跳过"]
    [improve] = await say(kit, buttons["是"])
    assert "还可以改进" in improve
    assert await say(kit, buttons["不是"]) == ["这个问题已经不用回答了。有别的事直接说就行。"]
    complaint = await kit.the_complaint()
    assert (complaint.status, complaint.surveys[0].answer("solved")) == (Status.CLOSED, "yes")


async def test_trap_38_thanks_answers_nothing_and_reopens_nothing(kit: Kit) -> None:
    await done(kit)
    await say(kit, "满意")
    await say(kit, "谢谢师傅")
    complaint = await kit.the_complaint()
    assert (complaint.status, complaint.surveys[0].asked) == (Status.CLOSED, "solved")
    [improve] = await say(kit, "是的")
    assert "还可以改进" in improve


async def test_what_is_no_answer_goes_its_own_way(kit: Kit) -> None:
    reference = (await done(kit)).reference
    await say(kit, "满意")
    [status] = await say(kit, "进度")
    assert reference in status
    [again] = await say(kit, "不知道啊")
    assert again.startswith("没看懂您的回答")
    [improve] = await say(kit, "跳过")
    assert "还可以改进" in improve


async def test_trap_42_not_solved_goes_back_to_work(kit: Kit) -> None:
    await done(kit)
    await say(kit, "满意")
    [reopened] = await say(kit, "没有，还在滴水")
    assert "重新打开" in reopened
    complaint = await kit.the_complaint()
    assert (complaint.status, complaint.round) == (Status.WORKING, 2)


async def test_trap_42_trouble_told_in_passing_reaches_the_centre_and_the_customer_hears_so(kit: Kit) -> None:
    await done(kit)
    await say(kit, "满意")
    await say(kit, "是")
    before = len(kit.chat.texts("lead"))
    [shown] = await say(kit, "楼上又漏了，没人管")
    assert "回复“不满意”" in shown
    assert any("楼上又漏了，没人管" in text for text in kit.chat.texts("lead")[before:])
    assert (await kit.the_complaint()).status is Status.CLOSED
    await say(kit, "不满意")
    assert (await kit.the_complaint()).round == 2


async def test_a_reason_goes_to_whoever_works_on_it(kit: Kit) -> None:
    await done(kit)
    _, reason = await say(kit, "不满意")
    assert "1 没修好" in reason
    before = len(kit.chat.texts("handler"))
    await say(kit, "2")
    assert any("又坏了" in text for text in kit.chat.texts("handler")[before:])
    assert (await kit.the_complaint()).surveys[0].answer("reason") == "again"


@pytest.mark.parametrize("said", ["一般", "没有不满意"])
async def test_a_neutral_that_goes_back_to_work_is_not_told_as_discontent(database_url: str, said: str) -> None:
    async with open_desk(database_url, policy="leyoujia-24h") as kit:
        await done(kit)
        before = {who: len(kit.chat.texts(who)) for who in ("handler", "lead")}
        [told, *_] = await say(kit, said)
        assert "您觉得一般" in told
        assert "没让您满意" not in told
        for who, count in before.items():
            [reopened] = [text for text in kit.chat.texts(who)[count:] if "第2次" in text]
            assert "客户评价“一般”" in reopened
            assert "不满意，" not in reopened
        assert (await kit.the_complaint()).round == 2


async def test_c6_5_closing_unsettled_in_chat(database_url: str) -> None:
    async with open_desk(database_url, policy="leyoujia-24h") as kit:
        await done(kit)
        for round in (1, 2, 3):
            [refused] = await say(kit, "结案不满意 0001 谈不拢", "lead")
            assert f"再有 {4 - round} 轮" in refused
            await say(kit, "不满意 还在漏")
            if round < 3:
                await say(kit, "办结 又修了一次", "handler")
        before = len(kit.chat.texts("c1"))
        assert "已结案" in (await say(kit, "结案不满意 0001 客户要求超出范围", "lead"))[-1]
        [told] = kit.chat.texts("c1")[before:]
        assert all(words in told for words in ("12345", "调解", "法院", "客户要求超出范围"))
        assert (await kit.the_complaint()).closed_as == "unsettled"


async def test_r087_a_call_back_is_reported_in_chat_and_never_by_who_did_the_work(kit: Kit) -> None:
    await done(kit)
    await say(kit, "已回访 0001 满意", "handler")
    assert (await kit.the_complaint()).status is Status.RESOLVED
    assert "怎么说" in (await say(kit, "已回访 0001", "lead"))[-1]
    assert any("没有联系上" in text for text in await say(kit, "已回访 0001 没人接", "lead"))
    texts = await say(kit, "已回访 0001 满意", "lead")
    assert any("回访记下了" in text and "满意" in text for text in texts)
    complaint = await kit.the_complaint()
    assert (complaint.closed_as, complaint.surveys[0].rated_by) == ("satisfied", (await kit.person("王主管")).id)


async def test_the_phone_task_is_answered_without_a_number(kit: Kit) -> None:
    await done(kit)
    await kit.sweep(timedelta(hours=25))
    await kit.sweep(timedelta(hours=50))
    await kit.deliver()
    assert any("请打电话回访" in text for text in kit.chat.texts("lead"))
    await say(kit, "已回访 没人接", "lead")
    assert (await kit.the_complaint()).closed_as == "unrated"


async def test_trap_42_not_fixed_long_after_closing_is_a_new_complaint_about_the_same_matter(kit: Kit) -> None:
    first = await done(kit)
    await say(kit, "满意")
    await say(kit, "跳过")
    await say(kit, "跳过")
    kit.clock.move_to(kit.clock.now() + timedelta(days=40))
    await say(kit, "不满意，又漏了")
    old, new = await kit.complaints()
    assert (old.status, new.status) == (Status.CLOSED, Status.DISPATCHED)
    assert (new.repeat_of, new.severity, new.category) == (first.reference, Severity.S3, first.category)
    assert "又漏了" in new.summary


async def test_r091_a_mystery_case_counts_apart_and_nobody_who_handles_it_sees_it(kit: Kit) -> None:
    reference = (await done(kit)).reference
    assert "100.0% (1/1)" in (await say(kit, "满意率", "lead"))[-1]
    before = len(kit.chat.texts("handler"))
    await say(kit, f"神秘 {reference}", "handler")
    assert not (await kit.the_complaint()).mystery
    assert "神秘客户" in (await say(kit, f"神秘 {reference}", "lead"))[-1]
    assert (await kit.the_complaint()).mystery
    assert "–" in (await say(kit, "rates", "lead"))[-1]
    await say(kit, f"进度 {reference}", "handler")
    assert not any("神秘" in text for text in kit.chat.texts("handler")[before:])


async def test_a_question_that_no_road_carries_lapses_and_nobody_is_asked_to_phone(kit: Kit) -> None:
    await done(kit)
    await kit.says("满意")
    await kit.address(await known_customer(kit), "chat", "c1", blocked_at=kit.clock.now())
    await kit.deliver()
    [question] = await kit.outbox("survey_question")
    assert question.state == "skipped"
    assert not [row for row in await kit.outbox("undeliverable") if "survey_question" in row.facts]


@pytest.mark.parametrize("notice", ["survey", "survey_reminder", "survey_question", "rate_again", "campaign_question"])
def test_trap_40_no_link_rates(notice: str) -> None:
    files = list((templates_dir() / notice).rglob("*.txt"))
    assert files
    assert not [file for file in files if "http" in file.read_text("utf-8") or "link" in file.read_text("utf-8")]


# ── campaigns ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def plan(name: str = "spring") -> Plan:
    return Plan(name, "visit", questionnaires.read("visit"), per_minute=2, every_days=30, expire_days=14)


async def customers(kit: Kit, *who: str) -> list[str]:
    for each in who:
        await say(kit, "你好", each)
    return [await known_customer(kit, each) for each in who]


async def send(kit: Kit, persons: list[str], name: str = "spring") -> None:
    await kit.write(lambda work: campaigns.start(work, plan(name), persons, kit.clock.now()))
    await Campaigns(kit.database, kit.desk).look()
    await kit.deliver()


async def asked(kit: Kit) -> list[OutboxRow]:
    return await kit.outbox("campaign_question")


async def test_r091_a_campaign_asks_each_once_and_so_many_a_minute(kit: Kit) -> None:
    persons = await customers(kit, "c1", "c2", "c3")
    await send(kit, [*persons, *persons])
    looking = Campaigns(kit.database, kit.desk)
    await looking.look()
    assert len(await asked(kit)) == 2
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=1, seconds=1))
    await looking.look()
    await looking.look()
    assert {row.person for row in await asked(kit)} == set(persons)
    assert len(await asked(kit)) == 3


async def test_r091_answers_come_by_the_same_dialogue_and_are_counted(kit: Kit) -> None:
    persons = await customers(kit, "c1", "c2")
    await send(kit, persons)
    assert "不想再收到，回复“退订”" in kit.chat.texts("c1")[-1]
    assert "按约定时间到" in (await say(kit, "满意"))[-1]
    assert "几分" in (await say(kit, "是"))[-1]
    assert "改进" in (await say(kit, "2"))[-1]
    assert await say(kit, "没有") == ["记下了，谢谢您的反馈。"]
    await kit.deliver()
    assert any("调查“spring”" in text for text in kit.chat.texts("lead"))  # a low score is looked at
    tally = await kit.database.read(lambda work: campaigns.results(work, "spring"))
    assert (tally.states, tally.answers["manner"], tally.skipped) == (
        {"answered": 1, "asked": 1}, {"2": 1}, {"improve": 1}
    )  # fmt: skip
    assert await kit.complaints() == []


async def test_who_has_a_complaint_open_is_not_asked_by_a_campaign(kit: Kit) -> None:
    await say(kit, MATTER)
    await send(kit, [await known_customer(kit)])
    [row] = await kit.rows(SurveyedRow)
    assert (row.state, row.detail) == (surveys.LEFT_OUT, "a complaint of theirs is open")


async def test_trouble_told_to_a_campaign_goes_to_the_complaint_that_was_made_meanwhile(kit: Kit) -> None:
    await send(kit, await customers(kit, "c1"))
    await say(kit, "投诉 " + MATTER)
    before = len(kit.chat.texts("handler"))
    await say(kit, "又漏了")
    assert any("又漏了" in text for text in kit.chat.texts("handler")[before:])
    assert [row.answers for row in await kit.rows(SurveyedRow)] == ["[]"]


async def test_trouble_told_to_a_campaign_is_a_complaint_where_none_is_open(kit: Kit) -> None:
    await send(kit, await customers(kit, "c1"))
    await say(kit, "今天又漏了，天花板要塌了")
    [complaint] = await kit.complaints()
    assert "天花板" in complaint.summary
    assert [row.answers for row in await kit.rows(SurveyedRow)] == ["[]"]


@pytest.mark.parametrize("why", ["asked us to stop", "asked lately"])
async def test_who_is_left_out_of_a_campaign(kit: Kit, why: str) -> None:
    persons = await customers(kit, "c1")
    if why == "asked lately":
        await send(kit, persons, "winter")
    else:
        await say(kit, "退订")
    await send(kit, persons)
    states = [(row.state, row.detail) for row in await kit.rows(SurveyedRow)]
    assert states[-1] == (surveys.LEFT_OUT, why)
    assert (await kit.database.read(lambda work: campaigns.results(work, "spring"))).left_out == {why: 1}
    assert len(await asked(kit)) == (1 if why == "asked lately" else 0)


async def test_a_campaign_ends(kit: Kit) -> None:
    await send(kit, await customers(kit, "c1"))
    kit.clock.move_to(kit.clock.now() + timedelta(days=15))
    await Campaigns(kit.database, kit.desk).look()
    assert [row.state for row in await kit.rows(SurveyedRow)] == [surveys.EXPIRED]
    await say(kit, "满意")
    assert [row.answers for row in await kit.rows(SurveyedRow)] == ["[]"]


async def test_a_campaign_disturbs_nobody_at_night(kit: Kit) -> None:
    persons = await customers(kit, "c1")
    kit.clock.move_to(kit.clock.now().astimezone(ZONE).replace(hour=22))
    before = len(kit.chat.texts("c1"))
    await send(kit, persons)
    assert kit.chat.texts("c1")[before:] == []
    kit.clock.move_to(kit.clock.now() + timedelta(hours=11))
    await kit.deliver()
    [question] = kit.chat.texts("c1")[before:]
    assert "想听听您的意见" in question


async def test_r091_what_a_tester_complains_of_is_a_mystery_case(kit: Kit) -> None:
    await say(kit, MATTER)
    await set_tester(kit.database, "137 1234 5678", True)
    await say(kit, "新投诉：车库的灯不亮")
    assert [complaint.mystery for complaint in await kit.complaints()] == [False, True]
    await set_tester(kit.database, "13712345678", False)
    await say(kit, "新投诉：门口的垃圾没人收")
    assert [complaint.mystery for complaint in await kit.complaints()] == [False, True, False]


async def test_staff_who_once_chatted_are_no_customers(kit: Kit) -> None:
    [customer] = await customers(kit, "c1")
    [chatted] = await customers(kit, "zhao")
    await kit.write(lambda work: _bound(work, "zhao"))
    assert chatted != customer
    assert await kit.database.read(surveys.customers) == [customer]


async def _bound(work: Work, address: str) -> None:
    row, staff = await work.address("chat", address), (await work.directory()).named("张伟")[0]
    assert row is not None
    await work.move_address(row, staff.id)


async def test_a_campaigns_name_is_used_once(kit: Kit) -> None:
    await send(kit, await customers(kit, "c1"))
    with pytest.raises(ComplaintError, match="choose another"):
        await send(kit, [])


TO_CALL = ["call back 0001", "ring back 0001", "call 0001 back", "0001 回访一下", "回电 0001"]


@pytest.mark.parametrize("words", TO_CALL)
@pytest.mark.parametrize("role", [Speaker.HANDLER, Speaker.SUPERVISOR])
def test_a_call_back_that_has_yet_to_be_made_names_nobody_and_gives_nothing_back(words: str, role: Speaker) -> None:
    meant = understand(words, role)
    assert meant.verb is Verb.CALLED
    assert meant.said("reference") == "0001"
    assert "rating" not in meant.arguments
    assert understand("call back", Speaker.HANDLER).verb is not Verb.GIVE_BACK


@pytest.mark.parametrize("words", ["call back", "please call back", "回电"])
def test_a_customer_who_wants_a_call_reports_none(words: str) -> None:
    assert understand(words, Speaker.CUSTOMER).verb is not Verb.CALLED


async def test_who_would_call_back_about_what_is_open_gives_nothing_back(kit: Kit) -> None:
    await kit.says(MATTER)
    await kit.says("接单 0001", "handler")
    for words in TO_CALL:
        told = await say(kit, words, "handler")
        assert "退" not in told[-1]
    for words in TO_CALL:
        told = await say(kit, words, "lead")
        assert "没有叫" not in told[-1]
        assert "no colleague called" not in told[-1]
    assert (await kit.the_complaint()).status is Status.WORKING
