"""What is said about personal data: a customer's wish to see it or have it erased, and a colleague's answer to that."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import data_requests
from bot.answers import Answer
from bot.dialogue.proving import need_proof
from bot.dialogue.refusing import refuse_act
from bot.dialogue.turn import Turn
from bot.erasure import InTheWay, check
from bot.grammar import Verb
from bot.grammar.erasing import erases_whom
from bot.grammar.folding import narrow
from bot.grammar.patterns import deferred, regex
from bot.holding import hold, lift
from bot.storage import data_requests as kept
from bot.storage import holds
from bot.storage.erasing import complaints_of
from bot.storage.models import DataRequestRow
from complaints.errors import ComplaintError
from complaints.parts.actors import Actor
from complaints.permissions import Errand, may
from complaints.vocabulary import Role

_ANSWERED = deferred(
    r"\W*(?:数据(?:请求)?|個資|data(?: request)?)\s*(?P<done>已答复|已办|办结|已处理|完成|done|answered)?"
    r"(?P<refused>拒绝|驳回|refused?|rejected)?\s*#?(?P<id>\d{1,9})\b\s*(?P<late>已答复|已办|办结|已处理|完成|done|answered)?"
    r"(?P<no>拒绝|驳回|refused?|rejected)?[\s:,]*(?P<text>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ERASING = deferred(
    r"\W*(?:数据(?:请求)?|個資|data(?: request)?)\s*#?(?P<id>\d{1,9})\s*(?P<sure>确认|確認|confirm(?:ed)?(?![a-z]))?\s*"
    r"(?:(?P<erase>删除|刪除|(?:erase|delete)(?![a-z]))|(?P<verified>已?核[实對实对]|verified(?![a-z])))[\s:,]*(?P<text>.*)",
    re.IGNORECASE | re.DOTALL,
)
_HOLD = deferred(
    r"\W*(?:(?P<lift>解除|lift|end)\s*(?:the )?)?(?:法律保全|legal hold)(?: on)?[\s:,#]*(?P<number>[A-Za-z0-9-]{4,20})"
    r"(?![A-Za-z0-9])[\s:,]*(?P<text>.*)",
    re.IGNORECASE | re.DOTALL,
)
_HOLDS = deferred(r"\W*(?:法律保全(?:列表|清单)?|legal holds)\W*", re.IGNORECASE)
_LIST = deferred(r"\W*(?:数据(?:请求)?(?:列表)?|个人信息请求|data(?: requests?)?)\W*", re.IGNORECASE)
_SHOWN_ONE = deferred(
    r"\W*(?:数据(?:请求)?|個資|data(?: request)?)\s*(?:no\.? ?|第)?#?(?P<id>\d{1,9})(?!\d)\s*号?\s*"
    r"(?:是?谁的?|的?(?:详情|情况)|who\b.{0,12})?\W*"
    r"|\W*(?:数据)?第?\s*(?P<who>\d{1,9})(?!\d)\s*号(?:请求)?(?:是|到底是)?(?:谁|哪个客户|哪位客户)的?(?:请求)?\W*"
    r"|\W*who(?:'s| is|se is)? (?:it )?(?:data |data request |request )?(?:no\.? ?|number |#)?(?P<en>\d{1,9})(?!\d)\W*",
    re.IGNORECASE,
)
_CHECKED = deferred(r"核[实对]|验证|本人|\b(?:verified|checked|identified|identity|id)\b", re.IGNORECASE)
_SHOWN = 9
_KEEPS = regex(
    r"(?:先|别|不要|不用|不必|不想|请勿|勿|甭)(?:先|再|急着|把|给|动|碰|不要|别)*[^,.;!?，。；！？]{0,6}(?:删|清空|清除|注销|抹|销毁)"
    r"|(?:撤回|撤销|取消|收回)[^,.;!?，。；！？]{0,8}(?:删除|注销|清除|清空)|(?:数据|信息|资料|记录)[^,.;!?，。；！？]{0,4}(?:留着|保留)"
    r"|\b(?:don['’]?t|do not|not|never)(?: (?:want|need|wish|to|you|have|me|anything|any|my|data|the|it|be|please|yet)){0,5} "
    r"(?:delet|eras|remov|wip|destroy)\w*|\b(?:cancel|withdraw|forget|stop|take back) (?:\w+ ){0,4}(?:eras|delet)\w+\b"
    r"|\bkeep (?:all )?my (?:\w+ ){0,2}(?:data|details|info\w*|records?|account)\b",
    re.IGNORECASE,
)
_PRESSES = regex(
    r"为什么|为啥|为何|怎么|凭什么|还[不没]|一直不|迟迟|不能不|忘了|忘记|留我|[?？]"
    r"|\b(?:why|when|still|forget to|can['’]?t you|haven['’]?t|didn['’]?t|don['’]?t keep|hasn['’]?t)\b",
    re.IGNORECASE,
)
"""Who asks why nothing has been erased yet takes nothing back."""


async def ask_for_data(turn: Turn, what: str) -> None:
    """Take in a customer's request. what: copy or erase."""
    row, new = await data_requests.take(turn.desk, turn.work, turn.via, what, proven=turn.proven)
    again = "" if new else "yes"
    unsettled, _ = await complaints_of(turn.work, row.person) if what == "erase" else ([], [])
    facts = {"what": what, "number": str(row.id), "due": row.due_at.isoformat(), "again": again}
    turn.answer(Answer.DATA_REQUESTED, None, **facts, **({"unsettled": ",".join(unsettled)} if unsettled else {}))


async def take_data(turn: Turn) -> bool:
    """Do what a colleague says of a request, or a customer of their own; False where the words are about something else.

    "数据请求": which wait. "数据 3 已答复 …", "数据 3 拒绝 …": what came of it. "数据 3 核实 …": how who asked was identified.
    "数据 3 删除", then "数据 3 确认删除 …": they are erased, once what would go was read. "法律保全 0012 …": nothing is
    taken out of it. Who asked where anybody could claim to be them is identified first, and how that was done is in the words.
    """
    if turn.room is not None:
        return False
    if whom := erases_whom(turn.words):
        await _anothers(turn, whom)
        return True
    if not turn.is_staff:
        return await _keeps_data(turn)
    words = narrow(turn.words)
    if _LIST.fullmatch(words):
        await _list(turn)
        return True
    if (shown := _SHOWN_ONE.fullmatch(words)) is not None and await _show(turn, shown):
        return True
    if _HOLDS.fullmatch(words):
        await _list_holds(turn)
        return True
    if (held := _HOLD.fullmatch(words)) is not None:
        await _hold(
            turn, held["number"], turn.words[slice(*held.span("text"))].strip(), lifted=held["lift"] is not None
        )
        return True
    if (erasing := _ERASING.fullmatch(words)) is not None:
        await _erase(turn, erasing)
        return True
    said = _ANSWERED.fullmatch(words)
    done = said is not None and bool(said["done"] or said["late"])
    if said is None or not (done or said["refused"] or said["no"]):
        return False
    if not may(Errand.ANSWER_DATA, await _standing_in(turn)):
        await refuse_act(turn, Errand.ANSWER_DATA)
        return True
    row = await kept.request(turn.work, int(said["id"]))
    text = turn.words[slice(*said.span("text"))].strip()
    if row is None or row.state != kept.OPEN:
        turn.answer(Answer.DATA_NOTED, unknown="yes", number=said["id"])
    elif not text or (done and not row.proven and _CHECKED.search(text) is None):
        turn.answer(Answer.DATA_NOTED, missing="text" if not text else "identity", number=str(row.id))
    else:
        await data_requests.answer(turn.desk, turn.work, row, turn.person, text, done=done)
        turn.answer(Answer.DATA_NOTED, number=str(row.id), done="yes" if done else "no")
    return True


async def _anothers(turn: Turn, whom: str) -> None:
    """Take nothing that names another's data for a wish of the speaker; who sees to requests hears which is theirs."""
    turn.did, facts = Verb.ERASE_ME, {"whose": whom}
    if turn.is_staff and may(Errand.DATA_REQUESTS, await _standing_in(turn)):
        facts["officer"] = "yes"
        theirs = []
        for row in await kept.waiting(turn.work):
            person = await turn.work.person_row(row.person)
            if row.what == "erase" and person is not None and whom.casefold() in person.name.casefold():
                theirs.append(str(row.id))
        facts |= {"theirs": ",".join(theirs)} if theirs else {}
    turn.answer(Answer.DATA_REQUESTED, None, **facts)


async def _show(turn: Turn, said: re.Match[str]) -> bool:
    """Tell whoever sees to requests whose one is, and what to reply; False where a number may be of something else."""
    plain = said["id"] is not None
    if not may(Errand.DATA_REQUESTS, await _standing_in(turn)):
        if plain:
            await refuse_act(turn, Errand.DATA_REQUESTS)
        return plain
    number = int(said["id"] or said["who"] or said["en"])
    row = await kept.request(turn.work, number)
    if row is not None and row.state == kept.OPEN:
        facts = data_requests.facts_of(row) | await data_requests.whose(turn.work, row)
        turn.answer(Answer.DATA_SHOWN, None, **facts)
    elif plain:
        turn.answer(Answer.DATA_NOTED, unknown="yes", number=str(number))
    return plain or row is not None


async def _keeps_data(turn: Turn) -> bool:
    """Whether a customer who had asked for it wants nothing erased after all: then it is not, and who sees to it hears so."""
    if _KEEPS.search(turn.words) is None or _PRESSES.search(turn.words) is not None:
        return False
    if await kept.erasing_of(turn.work, turn.person.id) is not None:
        need_proof(turn, "keep")
    row = await data_requests.take_back(turn.desk, turn.work, turn.person.id, turn.words)
    if row is None:
        return False
    turn.answer(Answer.DATA_REQUESTED, what=row.what, number=str(row.id), taken_back="yes")
    return True


async def _erase(turn: Turn, said: re.Match[str]) -> None:
    """Note that somebody made sure who asked; say what erasing would take, and have it done once whoever read that confirms it.

    It is carried out apart from this conversation, which goes on reading what is about to be taken.
    """
    if not await _guards_data(turn):
        return
    number, text = str(int(said["id"])), turn.words[slice(*said.span("text"))].strip()
    row = await kept.request(turn.work, int(number))
    if row is not None and row.state == kept.ERASING:
        turn.answer(Answer.DATA_NOTED, number=number, erase="begun")
    elif row is None or row.state != kept.OPEN:
        turn.answer(Answer.DATA_NOTED, unknown="yes", number=number)
    elif (
        said["erase"] and row.what != "erase"
    ):  # they never asked for that: nothing is lost of somebody by a slip of the pen
        turn.answer(Answer.DATA_NOTED, number=number, not_asked="yes")
    elif said["verified"] and text:
        row.confirmed_by, row.confirmed_at, row.confirmed_how = turn.person.id, turn.now, text
        turn.answer(Answer.DATA_NOTED, number=number, verified="yes", what=row.what)
    elif said["verified"] or (not row.proven and row.confirmed_at is None):
        turn.answer(Answer.DATA_NOTED, number=number, missing="identity")
    else:
        await _decide_erasing(turn, row, text, sure=bool(said["sure"]))


async def _decide_erasing(turn: Turn, row: DataRequestRow, words: str, *, sure: bool) -> None:
    number = str(row.id)
    try:
        await check(turn.work, row.person)
    except InTheWay as trouble:
        turn.answer(Answer.DATA_NOTED, number=number, open=",".join(trouble.references), held=",".join(trouble.held))
        return
    _, theirs = await complaints_of(turn.work, row.person)
    ahead = {"number": number, "erase": "ask", "complaints": str(len(theirs))}
    if not sure or not await kept.was_told(turn.work, turn.person.id, Answer.DATA_NOTED, ahead):
        turn.answer(Answer.DATA_NOTED, None, **ahead)
        return
    row.state, row.answered_by, row.answer = kept.ERASING, turn.person.id, words
    turn.answer(Answer.DATA_NOTED, number=number, erase="begun")


async def _hold(turn: Turn, number: str, reason: str, *, lifted: bool) -> None:
    """Put a legal hold on a complaint, or lift what is on it."""
    if not await _guards_data(turn):
        return
    found = await turn.work.ending_with(number.upper())
    if len(found) != 1:
        turn.answer(Answer.LEGAL_HOLD, None, unknown="yes", number=number)
        return
    facts = {"number": found[0], "lifted": "yes" if lifted else ""}
    if not lifted and any(row.reference == found[0] and row.lifted_at is None for row in await holds.every(turn.work)):
        facts["again"] = "yes"
    if not reason:
        turn.answer(Answer.LEGAL_HOLD, None, missing="yes", **facts)
        return
    try:
        await (lift if lifted else hold)(turn.work, found[0], None, reason, turn.now, by=turn.person.id)
    except ComplaintError:
        facts["none"] = "yes"
    turn.answer(Answer.LEGAL_HOLD, None, **facts)


async def _list_holds(turn: Turn) -> None:
    if not await _guards_data(turn):
        return
    rows = [row for row in await holds.every(turn.work) if row.lifted_at is None]
    reasons: dict[str, list[str]] = {}
    for row in rows:  # a complaint that two asked to hold is one line
        reasons.setdefault(row.reference or f"|{row.person}", []).append(row.reason)
    first = {row.reference or f"|{row.person}": row for row in reversed(rows)}
    shown = [(first[key], "; ".join(dict.fromkeys(why))) for key, why in reasons.items()][:_SHOWN]
    lines = "\n".join(f"{row.reference or ''}|{row.at.isoformat()}|{why}" for row, why in shown)
    turn.answer(Answer.LEGAL_HOLD, None, rows=lines, listed="yes")


async def _guards_data(turn: Turn) -> bool:
    """Say whether the speaker sees to personal data; who does not hears whom to ask."""
    if may(Errand.ANSWER_DATA, await _standing_in(turn)):
        return True
    await refuse_act(turn, Errand.ANSWER_DATA)
    return False


async def _standing_in(turn: Turn) -> Actor:
    """Return the speaker; where nobody guards privacy, as who does it in their place."""
    actor = turn.as_staff()
    told = await data_requests.officers(turn.desk, turn.work)
    stands_in = any(each.id == turn.person.id for each in told)
    return replace(actor, roles=actor.roles | {Role.PRIVACY_OFFICER}) if stands_in else actor


async def _list(turn: Turn) -> None:
    if not may(Errand.DATA_REQUESTS, await _standing_in(turn)):
        await refuse_act(turn, Errand.DATA_REQUESTS)
        return
    rows = await kept.waiting(turn.work)
    lines = [f"{row.id}|{row.what}|{row.due_at.isoformat()}|{await _by_whom(turn, row)}" for row in rows[:_SHOWN]]
    turn.answer(Answer.DATA_OPEN, rows="\n".join(lines))


async def _by_whom(turn: Turn, row: DataRequestRow) -> str:
    """Return who asked, as a list shows it: their name, and their number by its ends."""
    person, known = await turn.work.person_row(row.person), await data_requests.whose(turn.work, row)
    name = " ".join(person.name.replace("|", " ").split()) if person is not None else ""
    return f"{name}|{known.get('reach') or known.get('cases', '').partition(',')[0]}"
