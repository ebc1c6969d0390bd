"""Campaigns: a questionnaire put to many, apart from any complaint (R-091, R-092).

Everybody is asked once, at a bounded rate, never more often than every so many days by all campaigns together, and not at all
where they asked us to stop. Answers come by the same dialogue as those about a complaint; who does not answer lapses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.answers import Internal
from bot.desk import Desk
from bot.grammar.surveys import Reply
from bot.storage import codec, surveys
from bot.storage.database import Database
from bot.storage.models import CampaignRow, SurveyedRow
from bot.storage.values import Outgoing
from bot.storage.work import Work
from complaints.errors import ComplaintError
from complaints.policy import questionnaires
from complaints.policy.questionnaires import Question, Questionnaire, QuestionType
from complaints.questioning import facts_of
from complaints.vocabulary import Rating

if TYPE_CHECKING:
    from bot.dialogue.turn import Turn

LETTER = "D"  # what a campaign's questions are named by, before its number
_LOW = 2
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign before it begins. data: the questionnaire's."""

    name: str
    questionnaire: str
    data: Mapping[str, Any]
    per_minute: int
    every_days: int
    expire_days: int
    note: str = ""


async def start(work: Work, plan: Plan, persons: Sequence[str], now: datetime) -> int:
    """Keep a campaign and whom it asks; the running service sends it. Returns how many. Raises ComplaintError."""
    if await surveys.campaign(work, plan.name) is not None:
        raise ComplaintError(f"--name is {plan.name!r}: there is a survey of that name already, choose another")
    questionnaires.parse(plan.questionnaire, plan.data)
    row = CampaignRow(
        name=plan.name,
        questionnaire=plan.questionnaire,
        data=codec.dumps(plan.data),
        per_minute=plan.per_minute,
        every_days=plan.every_days,
        note=plan.note,
        created_at=now,
        expires_at=now + timedelta(days=plan.expire_days),
    )
    await surveys.begin(work, row, persons)
    return len(set(persons))


def _questions(row: CampaignRow) -> Questionnaire:
    return questionnaires.parse(row.questionnaire, codec.loads(row.data))


class Campaigns:
    """Puts campaigns' first questions into the outbox, so many a minute."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self._database = database
        self._desk = desk

    async def look(self) -> None:
        """Ask whoever is next, and give up whoever's campaign has ended; called every few seconds."""
        await self._database.write(self._send)

    async def _send(self, work: Work) -> None:
        now = self._desk.clock.now()
        await surveys.expire(work, now)
        for campaign in await surveys.running(work, now):
            room = campaign.per_minute - await surveys.asked_since(work, campaign.id, now - _MINUTE)
            questionnaire = _questions(campaign)
            for row in await surveys.next_persons(work, campaign.id, max(room, 0)):
                await self._ask(work, campaign, questionnaire, row, now)

    async def _ask(
        self, work: Work, campaign: CampaignRow, questionnaire: Questionnaire, row: SurveyedRow, now: datetime
    ) -> None:
        why_not = await left_out(work, row.person, campaign.every_days, now)
        if why_not:
            row.state, row.detail = surveys.LEFT_OUT, why_not
        else:
            row.state, row.asked_at = surveys.ASKED, now
            put(self._desk, work, campaign, questionnaire, questionnaire.gate, row)
        await work.flush()  # so that the next campaign sees it


async def left_out(work: Work, person: str, every_days: int, now: datetime) -> str:
    """Return why a campaign that asks nobody twice within so many days does not ask a person; empty where it does."""
    if await surveys.muted(work, person):
        return "asked us to stop"
    if await surveys.asked_lately(work, person, now - timedelta(days=every_days)):
        return "asked lately"
    if any(not complaint.settled for complaint in await work.complaints_of(person)):
        return "a complaint of theirs is open"  # what they say belongs to that
    return "" if await work.addresses_of(person) else "no address"


def put(
    desk: Desk,
    work: Work,
    campaign: CampaignRow,
    questionnaire: Questionnaire,
    question: Question,
    row: SurveyedRow,
) -> None:
    """Put a question of a campaign to one of its persons: exactly once, by its key in the outbox."""
    row.asked = question.id
    index = questionnaire.questions.index(question)
    facts = facts_of(question, f"{LETTER}{campaign.id} 0.{index}")
    if index == 0:
        facts |= {"intro": "yes"} | {f"intro_{locale}": text for locale, text in questionnaire.title.items()}
    now = desk.clock.now()
    work.add_outgoing(
        Outgoing(
            key=f"campaign/{campaign.id}/{row.person}/{index}",
            lane=f"person:{row.person}",
            notice=Internal.CAMPAIGN_QUESTION.value,
            created_at=now,
            due_at=now,
            facts=codec.facts(facts),
            reference=None,
            person=row.person,
        )
    )


async def waiting(work: Work, campaign: int, person: str, index: int, now: datetime) -> Question | None:
    """Return the question of a campaign that waits for a person's answer, if it is the one of that place."""
    row = await surveys.campaign_by_id(work, campaign)
    told = await surveys.surveyed(work, campaign, person)
    if row is None or told is None or not told.asked or now >= row.expires_at:
        return None
    questions = _questions(row).questions
    return questions[index] if index < len(questions) and questions[index].id == told.asked else None


async def record(turn: Turn, campaign: int, question: Question, value: str, said: str, reply: Reply) -> bool:
    """Keep an answer and put the next question; return whether there is one. Discontent is shown to the service centre."""
    row = await surveys.campaign_by_id(turn.work, campaign)
    told = await surveys.surveyed(turn.work, campaign, turn.person.id)
    assert row is not None
    assert told is not None
    answers = codec.loads(told.answers)
    answers.append({"question": question.id, "value": value, "skipped": reply.skipped, "at": turn.now.isoformat()})
    told.answers, told.asked = codec.dumps(answers), ""
    if not reply.skipped:
        told.state, told.answered_at = surveys.ANSWERED, turn.now
    questionnaire = _questions(row)
    low = question.type is QuestionType.SCORE and not reply.skipped and int(value) <= _LOW
    if reply.alarming or low or value == Rating.DISSATISFIED:
        facts = {"who": turn.person.id, "text": said, "name": row.name} | {
            f"asked_{locale}": text for locale, text in question.text.items()
        }
        centre = await turn.desk.service_centre(turn.work)
        key = f"campaign/{campaign}/{turn.person.id}/{question.id}/remark"
        turn.desk.tell(turn.work, Internal.CAMPAIGN_REMARK, key, centre, facts)
    gate = next((a["value"] for a in answers if a["question"] == questionnaire.gate.id and not a["skipped"]), "")
    following = questionnaire.after(question.id, Rating(gate) if gate else None)
    if following is None:
        return False
    put(turn.desk, turn.work, row, questionnaire, following, told)
    return True


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a campaign: persons by state, answers by question (free words listed), and who skipped.

    left_out: of the persons who were, by the reason.
    """

    name: str
    states: Mapping[str, int]
    answers: Mapping[str, Mapping[str, int]]
    words: Mapping[str, Sequence[str]]
    skipped: Mapping[str, int]
    note: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)


async def results(work: Work, name: str) -> Tally:
    """Return what came of a campaign. Raises ComplaintError where there is none of that name."""
    row = await surveys.campaign(work, name)
    if row is None:
        raise ComplaintError(f"there is no survey {name!r}")
    questionnaire, note, id = _questions(row), row.note, row.id
    counted: dict[str, Counter[str]] = {q.id: Counter() for q in questionnaire.questions}
    words: dict[str, list[str]] = {q.id: [] for q in questionnaire.questions}
    states: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    async for each in surveys.everybody(work, id):
        states[each.state] += 1
        reasons.update([each.detail] if each.state == surveys.LEFT_OUT else [])
        for answer in codec.loads(each.answers):
            question = questionnaire.question(answer["question"])
            if question is None:
                continue
            if answer["skipped"]:
                skipped[question.id] += 1
            elif question.type is QuestionType.TEXT or _free(question, answer["value"]):
                words[question.id].append(answer["value"])
            else:
                counted[question.id][answer["value"]] += 1
    return Tally(name, dict(states), counted, words, dict(skipped), note, dict(reasons))


def _free(question: Question, value: str) -> bool:
    return question.type is QuestionType.CHOICE and value not in {option.id for option in question.options}
