"""Typing in what a customer says by phone: one question at a time, or all of it in one message (R-009 to R-011).

What was told so far is kept with the conversation: a restart, a notice between two answers or another command loses none of
it. Whatever is said meanwhile that is no answer is done first, and the form's question is put again after it. Words that may be
another caller's are no answer before it was asked whose they are, and nothing is filed before that is answered; a form that
another caller comes before waits behind theirs. What was begun in a drill stays practice, and what was begun before it real.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.answers import Answer
from bot.attendance import last_moment
from bot.dialogue.entered import only_contact
from bot.dialogue.filing import file_for, file_of_the_press, file_practice, learn, practising, reach_by_phone
from bot.dialogue.handing import own_limit
from bot.dialogue.questions import Question
from bot.dialogue.remembering import recall, remember
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.customer import TROUBLE
from bot.grammar.details import Details, find_details, find_phone, find_reporter, unread_number
from bot.grammar.folding import fold
from bot.grammar.patterns import regex
from bot.grammar.reading import begins_with_command
from bot.grammar.tools import (
    STEPS,
    asks_next_page,
    read_answer_limit,
    read_caller,
    read_class,
    read_drill,
    read_fields,
    read_form,
    read_move,
    read_phrase,
    read_queue,
    read_source,
    tells_when,
)
from complaints import press
from complaints.complaint import Complaint
from complaints.errors import ComplaintError
from complaints.part_limits import due_with
from complaints.permissions import Step, those_who_may
from complaints.policy.clocks import CHANNELS
from complaints.tasks import limit_lead, result_due, work_deadlines
from complaints.taxonomy import OTHER, Pack
from complaints.vocabulary import CLASS_WORDS, SERVICE_CENTRE, CustomerClass, Flag, Role

_FORM = "form"
_DONE = "form_done"
_LATELY = timedelta(minutes=15)  # within which a word for filing is about what the form has just filed
_STALE = timedelta(hours=12)  # after which words are no answer to a question nobody remembers
_UNTIMED = "untimed"  # the field that says that when it happened was asked, and something else was told
_LONGEST = {"name": 20, "place": 120, "occurred": 60, "remedy": 300, "respondent": 60}
_LONGEST_NUMBER = 24  # columns of what may be meant for a number, though it is none
_LATIN = 0x2E80  # from here on characters are two columns wide
_BROKEN = regex(r"[断裂碎塌掉伤]了|[割烫摔砸划夹压]伤")
_NO_NUMBER = regex(
    r"没有?留?下?(?:电话|联系方式|手机|号码)|(?:不肯|不愿意?|不想)留|(?:电话|号码|联系方式)(?:没留|不详|没有|不清楚)"
    r"|\bno (?:name[, ]*(?:and |or )?(?:no )?)?(?:(?:phone|contact|tel) ?)?(?:number|phone|contact)\b"
    r"|\b(?:didn'?t|did not|wouldn'?t|would not|won'?t) (?:leave|give)(?: us)? (?:an?|any|her|his|their|the)? ?(?:phone )?"
    r"(?:name|number|contact)"
)
"""Said of whoever came or wrote: nobody need ask for their number."""
_SHORT_COMMAND = 16  # characters within which a command word alone is a command, and no answer
_DECIDES = frozenset({Verb.ACCEPT, Verb.AGREE, Verb.DISAGREE, Verb.APPROVE, Verb.REJECT, Verb.RELEASE, Verb.KEEP_BACK})
_LOOKS = frozenset(
    {Verb.LIST, Verb.HELP, Verb.STATUS, Verb.WHY, Verb.PROMISES, Verb.RATES, Verb.ON_DUTY, Verb.AWAY, Verb.BOARD}
)
_CLOSED = frozenset({"phone", "category", "customer_class"})  # steps that only some answers fit
_CHANNEL = "phone"
_TYPING_IN = those_who_may(Step.FILE)  # for whoever calls, and not only for themselves


@dataclass(frozen=True, slots=True)
class _Form:
    """What was told so far. step: the question that waits; fields: the answers by step; whole: it came in one message.

    aside: words of which it was asked whether they are this caller's; behind: other callers' forms, gone on with after it.
    drill: it was begun in one.
    """

    step: str
    fields: Mapping[str, str]
    at: datetime
    whole: bool = False
    aside: str = ""
    behind: tuple[_Form, ...] = ()
    drill: bool = False

    def kept(self) -> tuple[_Form, ...]:
        """Return the forms that wait while another caller's is filled in; nothing was told in an empty one."""
        return (*((replace(self, behind=()),) if self.fields else ()), *self.behind)


def _steps(pack: Pack) -> tuple[str, ...]:
    """Return the questions of the form: whether they own or rent is asked only of those of whom it says something."""
    return STEPS if pack.owners else tuple(step for step in STEPS if step != "customer_class")


async def take_form(turn: Turn) -> bool:
    """Open the form, or take an answer to its question; False where the words are about something else."""
    if turn.room is not None or not turn.is_staff or not turn.person.roles & _TYPING_IN:
        return False
    form, opened = _load(turn), read_form(turn.words)
    if form is None:
        if opened is None:
            return await _filed_already(turn)
        await _open(turn, opened)
        return True
    if turn.named is not None or turn.now - form.at > _STALE:
        return False
    move = read_move(turn.words)
    if move is None and opened is None and _of_the_next(form, told := read_caller(turn.words)):
        opened = told
    if move is None and opened is not None:
        if opened:
            await _open(turn, opened, form.kept())
        else:
            turn.did = Verb.FACT
            _ask(turn, form, again="yes", another="yes")
        return True
    if move is None and (_is_command(turn, form) or (not turn.words and not turn.incoming.attachments)):
        return False
    turn.did = Verb.FACT
    await _go(turn, form, move)
    return True


async def _filed_already(turn: Turn) -> bool:
    """Say once more what was filed, to a word for filing that comes after the last answer had done it."""
    done = recall(turn, _DONE)
    if done is None or read_move(turn.words) != "submit" or turn.now - datetime.fromisoformat(done["at"]) > _LATELY:
        return False
    turn.did = Verb.FACT
    turn.answer(Answer.FORM_DONE, await turn.work.complaint(done["reference"]))
    return True


def go_on(turn: Turn) -> None:
    """Put the form's question again after something else was done; nothing where no form waits."""
    form = _load(turn)
    asked = turn.question
    listed = asked is not None and asked.pending is Pending.MENU  # a list that was shown in between asks for nothing
    waits = asked is None or listed or asked.data.get("for") == _FORM
    if form is not None and turn.did is not Verb.FACT and turn.room is None and waits:
        _ask(turn, form, again="yes")


def _is_command(turn: Turn, form: _Form) -> bool:
    """Say whether the words order something else, or answer a question that was put since."""
    words = turn.words
    others = (asks_next_page(words), read_queue(words), read_phrase(words), read_drill(words))
    if any(others):
        return True
    if form.step in _CLOSED and _read(turn, form) is None:
        plain = understand(words, Speaker.SUPERVISOR, Pending.NONE)
        if plain.verb in _LOOKS:  # it is no answer, and changes nothing
            return True
    asked = turn.question
    since = asked is not None and asked.data.get("for") != _FORM
    if since and turn.meaning is not None and turn.meaning.verb in _DECIDES:
        return True
    if not begins_with_command(words, Speaker.SUPERVISOR):
        return False
    meant = understand(words, Speaker.SUPERVISOR, Pending.NONE)
    if meant.verb in (Verb.COMPLAIN, Verb.UNCLEAR):
        return False
    return bool(meant.arguments.get("reference")) or (form.step != "matter" and len(words) <= _SHORT_COMMAND)


# ── going through it ──────────────────────────────────────────────────────────────────────────────────────────────────


async def _open(turn: Turn, told: str, behind: tuple[_Form, ...] = (), *, drill: bool | None = None) -> None:
    turn.did = Verb.FACT
    drill = await practising(turn) if drill is None else drill
    if not told:
        _ask(turn, _Form(STEPS[0], {}, turn.now, behind=behind, drill=drill))
        return
    fields, rest = _labelled(told)
    details = find_details(told, answering=True)
    found = {
        "name": details.name or find_reporter(told),
        "phone": details.phone,
        "place": details.place,
        "matter": rest,
    }
    fields = {name: value for name, value in found.items() if value} | fields
    if "phone" in fields:
        fields["phone"] = find_phone(fields["phone"]) or fields["phone"]
    if "category" in fields:
        fields["category"] = _category(turn.pack, fields["category"], fields.get("matter", "")) or turn.pack.guess(told)
    form = _Form("phone", fields, turn.now, whole=True, behind=behind, drill=drill)
    if not fields.get("matter"):
        _ask(turn, replace(form, step="matter"))
    elif not fields.get("phone") and (unread_number(told) or not _NO_NUMBER.search(fold(told))):
        _ask(turn, form, **_wrong_number(told))
    else:
        await _finish(turn, form)


def _labelled(told: str) -> tuple[dict[str, str], str]:
    fields, rest = read_fields(told)
    if "customer_class" in fields:
        fields["customer_class"] = _class(fields["customer_class"])
    if "source" in fields:
        fields["source"] = read_source(fields["source"]) or fields["source"]
    return fields, rest


async def _go(turn: Turn, form: _Form, move: str | None) -> None:
    match move:
        case "cancel":
            remember(turn, _FORM, None)
            turn.settle()
            turn.answer(Answer.FORM_CANCELLED)
            await _next_caller(turn, form)
        case "another":
            await _open(turn, form.aside, replace(form, aside="").kept(), drill=form.drill if form.aside else None)
        case "same" if form.aside:
            await _of_this_caller(turn, form)
        case "back":
            steps = _steps(turn.pack)
            before = steps[max(steps.index(form.step) - 1, 0)]
            _ask(turn, replace(form, step=before, whole=False))
        case "submit" if form.aside:
            _ask(turn, form, whose="yes")
        case "submit":
            await _submit(turn, form)
        case "skip":
            if form.step == "matter":
                _ask(turn, form, lacking="yes")  # without it there is nothing to file
            else:
                kept = {name: value for name, value in form.fields.items() if name != form.step}
                await _next(turn, replace(form, fields=kept))
        case _:
            await _answered(turn, form)


async def _next_caller(turn: Turn, form: _Form) -> None:
    """Go on with what waited beside or behind a form that is over."""
    if form.aside:
        await _open(turn, form.aside, form.behind, drill=form.drill)
    elif form.behind:
        _ask(turn, replace(form.behind[0], behind=form.behind[1:]), again="yes")


async def _of_this_caller(turn: Turn, form: _Form) -> None:
    """Take words that might have been another's, as a whole: what they tell of how the caller is reached, and the rest."""
    details, matter = find_details(form.aside, answering=True), form.fields.get("matter", "")
    found = {"name": details.name, "phone": details.phone, "place": details.place}
    fields = {name: value for name, value in found.items() if value} | dict(form.fields)
    if form.step == "phone" and details.phone:
        fields["phone"] = details.phone
    fields["matter"] = f"{matter}\n{form.aside}".strip()
    await _next(turn, replace(form, fields=fields, aside=""))


def _of_another(form: _Form, words: str) -> bool:
    """Say whether words may be another caller's: a number beside a tale, or a number that is not this caller's."""
    phone = find_phone(words)
    if form.step in ("name", "phone"):
        width = sum(2 if ord(each) > _LATIN else 1 for each in words)
        return not only_contact(words) if phone else form.step == "phone" and width > _LONGEST_NUMBER
    known = find_phone(form.fields.get("phone", ""))
    return bool(phone and known) and phone != known


def _of_the_next(form: _Form, told: str) -> bool:
    """Say whether what is told of a caller is of another than the form's, by the name or the number."""
    if not told or not form.fields:
        return False
    details = find_details(told, answering=True)
    name, known = details.name or find_reporter(told), form.fields.get("name", "")
    if name and known and name.casefold() not in known.casefold() and known.casefold() not in name.casefold():
        return True
    phone = find_phone(form.fields.get("phone", ""))
    return bool(details.phone and phone) and details.phone != phone


def _wrong_number(words: str) -> dict[str, str]:
    """Return what to say of an answer that holds no number which can be dialled: the digits, where there are any."""
    number = unread_number(words)
    return {"unread": number} if number else {}


async def _answered(turn: Turn, form: _Form) -> None:
    labelled, rest = _labelled(turn.words)
    if labelled.keys() == {"source"} and not rest:  # nobody is asked for it: most complaints of the form come by phone
        _ask(turn, replace(form, fields={**form.fields, **labelled}))
        return
    if form.step == "occurred" and (who := CLASS_WORDS.get(turn.words.strip().strip("。.").casefold())):
        _ask(turn, replace(form, fields={**form.fields, "customer_class": str(who)}))  # said late: no time
        return
    if form.aside and not labelled and _of_the_next(form, turn.words):
        await _open(turn, turn.words, form.kept())  # two callers' words are never one's
        return
    if not labelled and _of_another(form, turn.words):
        if form.fields:
            _ask(turn, replace(form, aside="\n".join(filter(None, (form.aside, turn.words.strip())))))
        else:
            # all of it, in answer to the first question
            await _open(turn, turn.words, form.behind, drill=form.drill)
        return
    told = _read(turn, form) if turn.words else None
    if told is None and form.step == "occurred" and turn.words.strip():
        # No time: it is more of the matter. What was asked is asked once more, and then left.
        matter = f"{form.fields.get('matter', '')}\n{turn.words.strip()}".strip()
        more = replace(form, fields={**form.fields, "matter": matter, _UNTIMED: "yes"})
        if _UNTIMED in form.fields:
            await _next(turn, more)
        else:
            _ask(turn, more, wrong="yes")
        return
    if told is None:
        number = _wrong_number(turn.words) if form.step == "phone" else {}
        _ask(turn, form, **(number or {"wrong": "yes"}))
        return
    await _next(turn, replace(form, fields={**form.fields, **told}))


def _read(turn: Turn, form: _Form) -> dict[str, str] | None:
    """Return what an answer tells, by step; None where it is none. "张女士 138… 4栋" answers three questions at once."""
    words, step = turn.words.strip(), form.step
    details = find_details(words, answering=True)
    match step:
        case "name":
            more = {name: value for name, value in (("phone", details.phone), ("place", details.place)) if value}
            name = details.name or find_reporter(words)
            if len(words) > len(name) and _tells_trouble(words):
                more["matter"] = words  # all of it at once, without a number
            name = name or ("" if more or len(words) > _LONGEST["name"] else words)
            return {"name": name, **more} if name else more or None
        case "phone":
            return {"phone": details.phone} if details.phone else None
        case "place" if "matter" not in form.fields and (tale := _beside_place(words, details.place)):
            return {"place": tale, "matter": words}
        case "category":
            code = _category(turn.pack, words, form.fields.get("matter", ""))
            return {"category": code} if code else None
        case "customer_class":
            found = _class(words)
            return {"customer_class": found} if found else None
        case "matter":
            return {"matter": words} if len(words) > 1 else None
        case "occurred" if not tells_when(words):
            return None
        case _:
            return {step: words[: _LONGEST[step]]}


def _beside_place(words: str, place: str) -> str:
    """Return the place alone where trouble is told behind it, "翠湖1栋101 健身器材断了"; "" where only a place is told."""
    end = words.find(place) + len(place) if place else 0
    apart = end and words[end : end + 1] in tuple(" ,，。；;.:：\n")
    return words[:end] if apart and _tells_trouble(words[end:]) else ""


def _tells_trouble(words: str) -> bool:
    return TROUBLE.search(fold(words)) is not None or _BROKEN.search(words) is not None


async def _next(turn: Turn, form: _Form) -> None:
    """Put the next question that is not answered yet; after the last one, file it."""
    if form.whole:
        await _submit(turn, form)
        return
    steps = _steps(turn.pack)
    left = [step for step in steps[steps.index(form.step) + 1 :] if step not in form.fields]
    if left:
        _ask(turn, replace(form, step=left[0]))
    else:
        await _submit(turn, form)


async def _submit(turn: Turn, form: _Form) -> None:
    if form.aside and not find_phone(form.aside):  # whose words these are decides what is filed
        _ask(turn, form, whose="yes")
    elif form.fields.get("matter"):
        await _finish(turn, form)
    else:
        _ask(turn, replace(form, step="matter"), lacking="yes")


def _ask(turn: Turn, form: _Form, **facts: str) -> None:
    remember(turn, _FORM, {**_written(form), "at": turn.now, "behind": [_written(each) for each in form.behind]})
    turn.ask(Question(Pending.NONE, None, {"for": _FORM}))
    shown = dict(form.fields)
    if form.drill:
        facts["drill"] = "yes"
    if form.aside:
        facts["aside"] = form.aside
    if form.behind:
        facts["behind"] = "\n".join(each.fields.get("name") or each.fields.get("matter", "") for each in form.behind)
    if "category" in shown:
        shown["category"] = turn.pack.label(shown["category"], turn.locale)
    if form.step == "category":
        labels = (turn.pack.label(code, turn.locale) for code in _choices(turn.pack, form.fields.get("matter", "")))
        facts["choices"] = "\n".join(f"{number}. {label}" for number, label in enumerate(labels, start=1))
    turn.answer(Answer.FORM_ASK, None, step=form.step, **shown, **facts)


def _load(turn: Turn) -> _Form | None:
    kept = recall(turn, _FORM)
    if kept is None:
        return None
    return replace(_read_back(kept), behind=tuple(_read_back(each) for each in kept.get("behind", ())))


def _written(form: _Form) -> dict[str, Any]:
    told = {"step": form.step, "fields": dict(form.fields), "at": form.at, "whole": form.whole, "drill": form.drill}
    return told | ({"aside": form.aside} if form.aside else {})


def _read_back(kept: Mapping[str, Any]) -> _Form:
    at = datetime.fromisoformat(kept["at"])
    return _Form(kept["step"], kept["fields"], at, kept["whole"], kept.get("aside", ""), drill=kept.get("drill", False))


def _class(words: str) -> str:
    """Return what a customer is to us, by a digit or a word; empty where it is neither."""
    said = words.strip().strip("。.").casefold()
    listed = list(CustomerClass)
    if said not in CLASS_WORDS and not said.isdigit():
        return read_class(said)
    if said.isascii() and said.isdigit():
        return str(listed[int(said) - 1]) if 0 < int(said) <= len(listed) else ""
    return str(CLASS_WORDS.get(said, ""))


# ── categories ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _choices(pack: Pack, matter: str) -> list[str]:
    """Return the codes to choose from: what the words speak for, then the categories of level 1."""
    guess = pack.guess(matter)
    tops = [each.code for each in pack.categories if each.parent is None]
    return list(dict.fromkeys([*([guess] if guess != OTHER else []), *tops]))[:9]


def _category(pack: Pack, words: str, matter: str) -> str:
    """Return the code that an answer chooses, by its digit or its name; empty where it is neither."""
    said = words.strip().strip("。.").casefold()
    choices = _choices(pack, matter)
    if said.isascii() and said.isdigit():
        return choices[int(said) - 1] if 0 < int(said) <= len(choices) else ""
    for each in pack.categories:
        if said in {each.code.casefold(), *(name.casefold() for name in each.names.values())}:
            return each.code
    guess = pack.guess(words)
    return guess if guess != OTHER else ""


# ── filing ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _finish(turn: Turn, form: _Form) -> None:
    """File it for the customer who phoned; where there is no number yet, ask how they can be reached."""
    fields = form.fields
    remember(turn, _FORM, None)
    turn.settle()
    given: dict[str, Any] = {"channel": _CHANNEL}
    source = fields.get("source")
    if source == Flag.UPPER_TRANSFER:
        given["flags"] = frozenset({Flag.UPPER_TRANSFER})
    elif source in CHANNELS:
        given["channel"] = source
    for step, field in (
        ("category", "category"),
        ("remedy", "remedy"),
        ("occurred", "occurred"),
        ("respondent", "about_whom"),
        ("customer_class", "customer_class"),
    ):
        if fields.get(step):
            given[field] = fields[step]
    matter = fields["matter"]
    if form.drill:
        complaint = await file_practice(turn, matter, place=fields.get("place", ""), **given)
    else:
        complaint = await _file(turn, matter, fields, given)
    turn.did = Verb.FACT
    remember(turn, _DONE, {"reference": complaint.reference, "at": turn.now})
    facts: dict[str, str] = {}
    if source == Flag.UPPER_TRANSFER and (within := read_answer_limit(f"{matter}\n{fields.get('remedy', '')}")):
        complaint, facts = await _limited(turn, complaint, within)
    turn.answer(Answer.FORM_DONE, complaint, **facts)
    await _next_caller(turn, form)


async def _limited(turn: Turn, complaint: Complaint, within: str) -> tuple[Complaint, dict[str, str]]:
    """Let whoever got it be done by when the superior authority wants an answer (R-052), and say what became of that."""
    told = {"within": within}
    limit, _ = own_limit(turn, within)
    if limit is None:
        return complaint, told | {"unread": "yes"}
    terms = await turn.desk.terms(turn.work, complaint)
    day = last_moment(due_with(limit, turn.now, complaint, terms).astimezone(turn.desk.zone))
    told |= {"day": day.isoformat()}
    result = result_due(complaint, terms, turn.now)
    if result is not None and result <= day:
        return complaint, told | {"last": result.isoformat()}
    first = min(work_deadlines(complaint, terms, turn.now), key=lambda each: each.due_at, default=None)
    if first is not None and first.due_at <= day:  # a step of ours: whoever has it can have no limit behind that
        return complaint, told | {"clock": first.clock, "first": first.due_at.isoformat()}
    if complaint.task is None:
        return complaint, told
    try:
        change = limit_lead(complaint, limit, turn.as_(*SERVICE_CENTRE), terms, turn.now)
    except ComplaintError:  # the profile's own limits are as short, or they may not: it is theirs to say
        return complaint, told
    return await turn.desk.record(turn.work, change), told | {"due": day.isoformat()}


async def _file(turn: Turn, matter: str, fields: Mapping[str, str], given: dict[str, Any]) -> Complaint:
    actor = turn.as_(*SERVICE_CENTRE, Role.AGENT)
    if press.called(matter) or press.caller(fields.get("name", "")):
        who = " ".join(told for field in ("name", "phone") if (told := fields.get(field, "")) and told not in matter)
        text = f"{matter}\n{who}".strip()
        return await file_of_the_press(turn, text, place=fields.get("place", ""), actor=actor, **given)
    phone = find_phone(fields.get("phone", ""))
    row = await turn.work.customer_by_phone(phone) if phone else None
    if row is None:
        row = await turn.work.new_customer(turn.now, locale=turn.locale)
    learn(row, Details(fields.get("name", ""), phone, fields.get("place", "")))
    await reach_by_phone(turn, row, phone)
    named = (await turn.work.directory()).named(fields["respondent"]) if "respondent" in fields else []
    about = frozenset(person.id for person in named if person.name in fields["respondent"])
    return await file_for(
        turn,
        matter,
        row,
        place=fields.get("place", ""),
        respondents=about,
        actor=actor,
        **given,
    )
