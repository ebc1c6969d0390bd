"""What a result rests on: steps of the plan, files, signatures, cause and who is responsible."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from complaints import closing, evidence, finishing, handling, plan_steps, tasks
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.policy.together import Which
from complaints.promises import Terms
from complaints.vocabulary import Rating, Severity, Status
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    COLLEAGUE,
    HANDLER,
    LEAD,
    MONDAY,
    Desk,
    executing,
    facts_of,
    proposed,
    rated,
    resolved,
    terms,
    told,
    working,
)

QUALITY = frozenset({"QUAL"})
NONE: frozenset[str] = frozenset()


def asking(*, evidence_of: frozenset[str] = NONE, cause_of: frozenset[str] = NONE, note: bool = False) -> Terms:
    """Return terms that ask for files, or for a cause, of complaints in these categories."""
    rules = replace(
        BASE.policy.results,
        evidence=Which(frozenset(), evidence_of),
        cause=Which(frozenset(), cause_of),
        note_to_centre=note,
    )
    return Terms(replace(BASE.policy, results=rules), BASE.calendar)


class TestSteps:
    @pytest.mark.parametrize(
        ("plan", "steps"),
        [
            ("步骤 1 拆墙（张师傅，周五） 2 换管 3 刷墙", ("拆墙（张师傅，周五）", "换管", "刷墙")),
            ("步骤1拆墙 步骤2换2根管 步骤3刷墙", ("拆墙", "换2根管", "刷墙")),
            ("步骤：1、拆墙 2、换管（李工，3月5日）", ("拆墙", "换管（李工，3月5日）")),
            ("第1步 拆墙，第2步 换管", ("拆墙", "换管")),
            ("1. open the wall 2. replace the pipe", ("open the wall", "replace the pipe")),
            ("Step 1 open the wall (Tom, Friday) step 2 paint", ("open the wall (Tom, Friday)", "paint")),
            ("换整套水管，3天内完成", ()),
            ("赔偿 1.5 万元，2 周内到账", ()),
        ],
    )
    def test_a_plan_lists_its_steps(self, plan: str, steps: tuple[str, ...]) -> None:
        assert plan_steps.of(plan) == steps

    def agreed(self) -> Complaint:
        return replace(executing(), plan="步骤 1 拆墙 2 换管")

    def test_steps_are_ticked_off_once_and_only_by_whoever_leads(self) -> None:
        complaint = plan_steps.tick(self.agreed(), 1, "拆了", HANDLER, MONDAY).complaint
        assert plan_steps.left(complaint) == (2,)
        assert (complaint.last_progress, complaint.reported_at) == ("✓ 拆墙", MONDAY)
        with pytest.raises(IllegalStep, match="already"):
            plan_steps.tick(complaint, 1, "", HANDLER, MONDAY)
        with pytest.raises(IllegalStep, match="no step 3"):
            plan_steps.tick(complaint, 3, "", HANDLER, MONDAY)
        with pytest.raises(NotAllowed):
            plan_steps.tick(complaint, 2, "", COLLEAGUE, MONDAY)

    def test_nothing_is_carried_out_before_the_customer_agreed(self) -> None:
        with pytest.raises(IllegalStep):
            plan_steps.tick(replace(proposed(), plan="步骤 1 拆墙 2 换管"), 1, "", HANDLER, MONDAY)

    def test_r082_a_result_with_open_steps_is_asked_about(self) -> None:
        with pytest.raises(Missing) as missing:
            finishing.finish(self.agreed(), "好了", HANDLER, BASE, MONDAY)
        assert missing.value.what == "steps"
        done = finishing.finish(self.agreed(), "好了", HANDLER, BASE, MONDAY, all_steps=True).complaint
        assert done.status is Status.RESOLVED
        assert not plan_steps.left(done)

    def test_a_new_plan_begins_with_nothing_ticked(self) -> None:
        ticked = plan_steps.tick(self.agreed(), 1, "", HANDLER, MONDAY).complaint
        assert handling.propose(ticked, "步骤 1 换管 2 刷墙", HANDLER, BASE, MONDAY).complaint.steps_done == ()


class TestFiles:
    def test_they_belong_to_the_task_of_whoever_sent_them(self) -> None:
        assisted = tasks.give(working(), "li", "查水管", None, AGENT, BASE, MONDAY).complaint
        complaint = evidence.add(assisted, ["a.jpg"], False, HANDLER, MONDAY).complaint
        complaint = evidence.add(complaint, ["b.jpg"], False, COLLEAGUE, MONDAY).complaint
        assert [(each.task, each.name, each.by) for each in complaint.evidence] == [
            (1, "a.jpg", "zhang"),
            (2, "b.jpg", "li"),
        ]
        with pytest.raises(NotAllowed):
            evidence.add(working(), ["c.jpg"], False, COLLEAGUE, MONDAY)

    def test_the_lead_may_still_send_one_while_the_customer_is_asked(self) -> None:
        assert evidence.add(resolved(), ["a.jpg"], True, HANDLER, MONDAY).complaint.evidence[0].task == 1
        with pytest.raises(NotAllowed):
            evidence.add(resolved(), ["a.jpg"], True, COLLEAGUE, MONDAY)

    def test_a_photo_is_marked_as_signed_afterwards(self) -> None:
        complaint = evidence.add(working(), ["a.jpg"], False, HANDLER, MONDAY).complaint
        complaint = evidence.add(complaint, ["b.jpg"], False, HANDLER, MONDAY + timedelta(minutes=1)).complaint
        marked = evidence.mark_signed(complaint, MONDAY, HANDLER, MONDAY + timedelta(minutes=2)).complaint
        assert [each.signed for each in marked.evidence] == [False, True]
        with pytest.raises(IllegalStep):
            evidence.mark_signed(complaint, MONDAY + timedelta(hours=1), HANDLER, MONDAY + timedelta(hours=1))

    def test_where_the_policy_asks_there_is_no_result_without_one_in_this_round(self) -> None:
        terms = asking(evidence_of=QUALITY)
        complaint = working(category="QUAL.leak")
        with pytest.raises(Missing) as missing:
            finishing.finish(complaint, "好了", HANDLER, terms, MONDAY)
        assert missing.value.what == "evidence"
        shown = evidence.add(complaint, ["a.jpg"], False, HANDLER, MONDAY).complaint
        done = finishing.finish(shown, "好了", HANDLER, terms, MONDAY).complaint
        again = rated(done, Rating.DISSATISFIED, terms).complaint
        assert evidence.lacking(again, terms)
        assert finishing.finish(working(category="SERV"), "好了", HANDLER, terms, MONDAY).complaint.result

    def test_r045_the_centre_gets_the_result_for_its_files(self) -> None:
        change = finishing.finish(working(), "换了水管", HANDLER, asking(note=True), MONDAY)
        assert facts_of(change, NoticeKind.CLOSING_NOTE)["result"] == "换了水管"
        assert "closing_note" not in dict(told(finishing.finish(working(), "换了水管", HANDLER, BASE, MONDAY)))


class TestCause:
    TERMS = asking(cause_of=QUALITY)

    def done(self) -> Complaint:
        return resolved(category="QUAL.leak")

    def test_r074_it_closes_only_with_cause_and_responsibility(self) -> None:
        satisfied = rated(self.done(), Rating.SATISFIED, self.TERMS)
        assert satisfied.complaint.status is Status.RESOLVED
        assert ("cause_asked", "zhang") in told(satisfied)
        half = finishing.tell_cause(satisfied.complaint, "老化", "", HANDLER, self.TERMS, MONDAY)
        assert half.complaint.status is Status.RESOLVED
        whole = finishing.tell_cause(half.complaint, "", "施工单位", HANDLER, self.TERMS, MONDAY)
        assert (whole.complaint.status, whole.complaint.closed_as) == (Status.CLOSED, "satisfied")
        assert (whole.complaint.cause, whole.complaint.responsible) == ("老化", "施工单位")

    def test_known_before_it_is_not_asked_for(self) -> None:
        known = finishing.tell_cause(working(category="QUAL.leak"), "老化", "施工单位", HANDLER, self.TERMS, MONDAY)
        done = finishing.finish(known.complaint, "好了", HANDLER, self.TERMS, MONDAY).complaint
        assert rated(done, Rating.SATISFIED, self.TERMS).complaint.status is Status.CLOSED

    def test_a_neutral_customer_does_not_send_it_back_to_work_for_want_of_a_cause(self) -> None:
        assert rated(self.done(), Rating.NEUTRAL, self.TERMS).complaint.status is Status.RESOLVED
        assert rated(self.done(), Rating.DISSATISFIED, self.TERMS).complaint.status is Status.WORKING

    def test_an_unanswered_survey_asks_for_it_too_and_a_hand_cannot_close_past_it(self) -> None:
        desk = Desk(self.done(), self.TERMS).until(MONDAY + timedelta(days=10))
        assert desk.complaint.status is Status.RESOLVED
        assert NoticeKind.CAUSE_ASKED in desk.kinds()
        with pytest.raises(Missing) as missing:
            handling.close(desk.complaint, "客户不接电话", LEAD, self.TERMS, desk.now)
        assert missing.value.what == "cause"
        told_ = finishing.tell_cause(desk.complaint, "老化", "施工单位", HANDLER, self.TERMS, desk.now)
        assert told_.complaint.closed_as == "unrated"

    def test_only_whoever_had_it_or_the_centre_says_so_and_it_must_be_something(self) -> None:
        with pytest.raises(NotAllowed):
            finishing.tell_cause(self.done(), "老化", "", COLLEAGUE, self.TERMS, MONDAY)
        with pytest.raises(Missing):
            finishing.tell_cause(self.done(), " ", "", HANDLER, self.TERMS, MONDAY)
        assert finishing.tell_cause(self.done(), "老化", "", AGENT, self.TERMS, MONDAY).complaint.cause == "老化"

    @pytest.mark.parametrize(
        ("said", "kind", "words"),
        [
            ("密封圈老化", "facilities", "密封圈老化"),
            ("5 密封圈老化", "facilities", "密封圈老化"),
            ("没通知住户停水", "explanation", "没通知住户停水"),
            ("worn seal", "facilities", "worn seal"),
            ("3、前台说话冲", "manners", "前台说话冲"),
            ("2 号楼主管爆了", "", "2 号楼主管爆了"),
            ("7", "misunderstanding", ""),
        ],
    )
    def test_r017_it_is_sorted_into_the_list_of_causes(self, said: str, kind: str, words: str) -> None:
        told_ = finishing.tell_cause(self.done(), said, "", HANDLER, self.TERMS, MONDAY).complaint
        assert (told_.cause_kind, told_.cause) == (kind, words)
        assert evidence.cause_lacking(told_, self.TERMS) == ("responsible",)

    @pytest.mark.parametrize(
        ("profile", "severities"),
        [
            ("base", "S0 S1"),
            ("leyoujia-24h", "S0 S1"),
            ("mingyuan", "S0 S1"),
            ("vanke", "S0 S1"),
            ("beijing-12345", "S0 S1"),
            ("hongkelong", "S0 S1 S2 S3"),
            ("sinopec-sh", "S0 S1 S2"),
            ("sales-centre", "S0 S1 S2 S3 S4"),
        ],
    )
    def test_r074_each_profile_asks_for_it_where_its_source_does(self, profile: str, severities: str) -> None:
        asked_of = terms(profile)
        asked = [each for each in Severity if evidence.cause_lacking(resolved(severity=each), asked_of)]
        assert " ".join(asked) == severities

    def test_base_asks_for_it_of_major_ones_only(self) -> None:
        assert evidence.cause_lacking(resolved(severity=Severity.S1), BASE) == ("cause", "responsible")
        assert evidence.cause_lacking(resolved(severity=Severity.S2), BASE) == ()
        assert closing.gate_open(rated(resolved(), Rating.SATISFIED).complaint, BASE)
