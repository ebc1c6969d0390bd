"""Surveys in chat: answers to further questions, call-backs by phone, and what the centre asks or says about them.

A button names its question, and an answer to our own question is no command: both are looked at before what else was meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from bot import campaigns
from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.refusing import refuse_act
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, understand
from bot.grammar.surveys import Reply
from bot.storage import surveys
from complaints import answering, marking
from complaints.complaint import Complaint
from complaints.permissions import Errand, Step, may
from complaints.policy.questionnaires import Question, QuestionType
from complaints.questioning import facts_of, survey_of, waiting
from complaints.rates import Rate, Rates, of_one, solving_questions
from complaints.vocabulary import SERVICE_CENTRE, Rating, Role, Status

_PRESSED = re.compile(
    r"(?:答|answer) (?P<key>(?P<token>[A-Z]+[\d-]+) (?P<round>\d+)\.(?P<question>\d+))\.(?P<option>\d)"
)
_KEY = re.compile(r"(?P<token>[A-Z]+[\d-]+) (?P<round>\d+)\.(?P<question>\d+)")
_RATES_DAYS = 30
_RATINGS = (Rating.SATISFIED, Rating.NEUTRAL, Rating.DISSATISFIED)
_TROUBLED = (Verb.COMPLAIN, Verb.ADD, Verb.URGE)
_MATTER = 12  # characters from which words hold more than an answer
_CALLERS = (*SERVICE_CENTRE, Role.DEPT_HEAD)


@dataclass(frozen=True, slots=True)
class _Open:
    """A further question that waits: of a complaint's round, or of a campaign."""

    key: str
    question: Question
    round: int = 0
    complaint: Complaint | None = None
    campaign: int = 0


async def survey_reply(turn: Turn) -> bool:
    """Take an answer to a further question of a survey; False where the words are about something else."""
    if turn.room is not None:
        return False
    pressed = _PRESSED.fullmatch(turn.words.strip())
    asked = turn.question.data.get("survey") if turn.question is not None else None
    if pressed is None and asked is None:
        return False
    waits = await _open(turn, pressed["key"] if pressed else str(asked))
    if pressed is not None:
        turn.did = Verb.FACT
        if waits is None:
            turn.answer(Answer.SURVEY_OVER)
        else:
            await _record(turn, waits, _button(waits.question, int(pressed["option"])))
        return True
    if waits is None:
        turn.settle()
        return False
    if _commands(turn) or (waits.complaint is None and await _trouble(turn, waits.question)):
        return False
    reply = _read(turn.words, waits.question)
    if reply is not None:
        turn.did = Verb.FACT
        await _record(turn, waits, reply)
        return True
    if understand(turn.words, Speaker.CUSTOMER, Pending.NONE).verb is Verb.UNCLEAR and turn.words.strip():
        _again(turn, waits)
        return True
    return False


def _commands(turn: Turn) -> bool:
    """Say whether a member of staff gives a command of theirs, and does not answer as a customer."""
    if not turn.is_staff:
        return False
    supervising = bool(turn.person.roles & {*SERVICE_CENTRE, Role.DEPT_HEAD, Role.LEADER})
    meant = understand(turn.words, Speaker.SUPERVISOR if supervising else Speaker.HANDLER, Pending.NONE)
    return meant.verb is not Verb.UNCLEAR


async def _trouble(turn: Turn, question: Question) -> bool:
    """Say whether a campaign's question is met with trouble that belongs to a complaint.

    Whoever has one open tells more of it; of others, whole sentences where a word or a number was asked for are a new one.
    """
    if understand(turn.words, Speaker.CUSTOMER, Pending.NONE).verb not in _TROUBLED:
        return False
    if any(not complaint.settled for complaint in await turn.work.complaints_of(turn.person.id)):
        return True
    return question.type in (QuestionType.RATING, QuestionType.SCORE) and len(turn.words.strip()) >= _MATTER


async def _open(turn: Turn, key: str) -> _Open | None:
    """Return the question that a key names, if it waits for an answer of the speaker's."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    token, round, index = found["token"], int(found["round"]), int(found["question"])
    if token.startswith(campaigns.LETTER) and token[1:].isdigit():
        question = await campaigns.waiting(turn.work, int(token[1:]), turn.person.id, index, turn.now)
        return _Open(key, question, campaign=int(token[1:])) if question is not None else None
    complaint = await turn.work.complaint(token)
    if complaint is None or complaint.complainant != turn.person.id:
        return None
    terms = await turn.desk.terms(turn.work, complaint)
    questionnaires = terms.policy.questions.known
    question, survey = waiting(complaint, round, questionnaires), survey_of(complaint, round)
    if question is None or survey is None or answering.lapsed(survey, terms, turn.now):
        return None
    questions = questionnaires[survey.questionnaire.partition("@")[0]].questions
    if not (index < len(questions) and questions[index] is question):
        return None
    return _Open(key, question, round, complaint)


def _button(question: Question, option: int) -> Reply:
    if option == 0:
        return Reply("", skipped=True)
    match question.type:
        case QuestionType.YES_NO:
            return Reply("yes" if option == 1 else "no", alarming=option != 1)
        case QuestionType.RATING:
            return Reply(str(_RATINGS[min(option, len(_RATINGS)) - 1]))
        case QuestionType.CHOICE:
            return Reply(str(min(option, len(question.options))))
        case _:
            return Reply(str(min(option, 5)))


def _read(words: str, question: Question) -> Reply | None:
    options = [list(option.text.values()) for option in question.options]
    meant = understand(words, Speaker.CUSTOMER, Pending(f"survey_{question.type.value}"), options)
    if not meant.answers:
        return None
    said = meant.arguments
    return Reply(meant.said("value"), meant.verb is Verb.SKIP, free="free" in said, alarming="alarming" in said)


async def _record(turn: Turn, waits: _Open, reply: Reply) -> None:
    question = waits.question
    value, said = reply.value, turn.words
    if question.type is QuestionType.CHOICE and not reply.free and not reply.skipped:
        option = question.options[int(reply.value) - 1]
        value, said = option.id, option.text[turn.locale]
    elif _PRESSED.fullmatch(turn.words.strip()):
        said = value
    turn.settle()
    if waits.complaint is None:
        more = await campaigns.record(turn, waits.campaign, question, value, said, reply)
        if not more:
            turn.answer(Answer.SURVEY_RECORDED)
        return
    terms = await turn.desk.terms(turn.work, waits.complaint)
    change = answering.answer(
        waits.complaint, waits.round, question.id, value, said, turn.as_(Role.CUSTOMER), terms, turn.now,
        skipped=reply.skipped, alarming=reply.alarming,
    )  # fmt: skip
    complaint = await turn.desk.record(turn.work, change)
    turn.reference = complaint.reference
    survey = survey_of(complaint, waits.round)
    if complaint.round == waits.complaint.round and not (survey and survey.asked):
        shown = {"shown": "yes"} if reply.alarming and complaint.settled else {}
        turn.answer(Answer.SURVEY_RECORDED, complaint, **shown)


def _again(turn: Turn, waits: _Open) -> None:
    turn.did = Verb.UNCLEAR
    turn.answer(Answer.SURVEY_AGAIN, waits.complaint, **facts_of(waits.question, waits.key))


# ── the service centre ────────────────────────────────────────────────────────────────────────────────────────────────


async def survey_command(turn: Turn) -> bool:
    """Do what the service centre says about surveys: a call-back, the rates, a mark; False where it is something else."""
    assert turn.meaning is not None
    meant = turn.meaning
    if meant.verb is Verb.MARK:
        await _mark(turn)
        return True
    if meant.verb is Verb.RATES:
        await _rates(turn, int(meant.said("days") or _RATES_DAYS))
        return True
    if turn.named is not None:
        meant = meant.taken_as(Verb.CALLED) or meant  # in answer to a notice about it no number is needed
    if meant.verb is not Verb.CALLED:
        return False
    await _called_back(turn, meant)
    return True


async def _called_back(turn: Turn, called: Meaning) -> None:
    """What a customer said by phone, or that nobody was reached (R-083, R-087)."""
    turn.meaning = called
    agreed, rated = called.arguments.get("agreed"), called.said("rating")
    understood = bool(rated) or called.arguments.get("reached") is False
    of_plan = agreed is not None and not understood
    waits = await surveys.awaiting_call(turn.work, Status.PROPOSED if of_plan else Status.RESOLVED)
    asked_for = _plan_asked_for if of_plan else (lambda c: c.survey is not None and c.survey.phoned > 0)
    complaint = await choose(turn, waits, asked_for, act=Step.CALL_BACK)
    if complaint is None:
        if not turn.asked_back:
            turn.answer(Answer.NO_CALL_BACK)
        return
    if complaint.status is Status.PROPOSED:
        if agreed is None and (rated or not understood):  # how satisfied they are is no answer to a plan
            turn.answer(Answer.CALL_BACK_NEEDED, complaint)
        else:
            await _called_about_plan(turn, complaint, None if agreed is None else bool(agreed))
        return
    if not understood:
        turn.answer(Answer.CALL_BACK_NEEDED, complaint)
        return
    terms = await turn.desk.terms(turn.work, complaint)
    change = answering.call_back(
        complaint,
        Rating(rated) if rated else None,
        called.said("comment"),
        turn.as_(*_CALLERS),
        terms,
        turn.now,
        score=int(called.said("score")) if called.said("score") else None,
    )
    round = complaint.round
    complaint = await turn.desk.record(turn.work, change)
    survey = survey_of(complaint, round)
    tries = str(len(survey.tries) if survey else 1)
    turn.answer(Answer.CALL_BACK_DONE, complaint, rating=rated, tries=tries)


def _plan_asked_for(complaint: Complaint) -> bool:
    return any(deadline.clock == "callback" for deadline in complaint.running)


async def _called_about_plan(turn: Turn, complaint: Complaint, agreed: bool | None) -> None:
    """What a customer said to the plan by phone; None where nobody was reached."""
    terms = await turn.desk.terms(turn.work, complaint)
    change = answering.call_back_plan(complaint, agreed, turn.words, turn.as_(*_CALLERS), terms, turn.now)
    told = {None: "unreached", True: "yes", False: "no"}[agreed]
    turn.answer(Answer.CALL_BACK_DONE, await turn.desk.record(turn.work, change), agreed=told)


async def _mark(turn: Turn) -> None:
    assert turn.meaning is not None
    what = {"mystery": marking.MYSTERY, "drill": marking.DRILL}[turn.meaning.said("what")]
    on = "off" not in turn.meaning.arguments
    complaint = await choose(turn, [], act=Step.MARK)
    if complaint is None:
        return
    change = marking.mark(complaint, what, on, turn.as_(Role.CENTER_LEAD), turn.now)
    turn.answer(Answer.MARKED, await turn.desk.record(turn.work, change), what=what, on="yes" if on else "no")


async def _rates(turn: Turn, days: int) -> None:
    if not may(Errand.RATES, turn.as_staff()):
        await refuse_act(turn, Errand.RATES)
        return
    chosen = surveys.Chosen(start=turn.now - timedelta(days=days))
    solving = solving_questions(turn.desk.book.current.policy.questions.known.values())
    total = Rates()
    async for complaint in surveys.complaints(turn.work, chosen):
        total += of_one(complaint, turn.now, solving)
    turn.answer(
        Answer.RATES,
        None,
        days=str(days),
        response=_shown(total.response),
        solved=_shown(total.solved),
        satisfied=_shown(total.satisfied),
        closed=_shown(total.closed),
        asked=str(total.asked),
        unanswered=str(total.unanswered),
        waiting=str(total.waiting),
    )


def _shown(rate: Rate) -> str:
    return f"{rate.value:.1%} ({rate.hits}/{rate.of})" if rate.value is not None else "–"
