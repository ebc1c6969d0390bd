"""Somebody who would not be named, and then would: their complaint becomes one of theirs like any other."""

from __future__ import annotations

import re

from bot.answers import Answer
from bot.dialogue.anonymous import asked_too, speak_under_seal, unnamed_cases
from bot.dialogue.calling import wants_a_call
from bot.dialogue.filing import learn
from bot.dialogue.questions import Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.details import find_details
from bot.grammar.folding import fold
from bot.grammar.patterns import deferred
from complaints import customer
from complaints.complaint import Complaint
from complaints.taxonomy import OTHER
from complaints.vocabulary import Role

_NAME = r"(?:真?实?姓名|真名|名字|身份|联系方式)"
_GIVES = deferred(
    r"不(?:再|想|要|用|需要?|必|打算|愿意?)?(?:再|继续|保持){0,2}匿名|(?:取消|放弃|解除|撤销)匿名"
    r"|(?:改(?:成|为|用|回)?|换成|转(?:成|为)?|可以|愿意|同意|决定|选择|现在|我要?|还是)(?:用|以)?实名(?!(?:投诉|举报|反映).{2})"
    rf"|(?:可以|愿意|同意|肯)(?:公开|透露|留下?|告诉你们|提供|说出?|报上?)(?:我的?)?{_NAME}"
    r"|\b(?:no longer|not|don'?t|dont|do not|needn'?t|no need|stop)(?: (?:want|wish|need|care|have))?(?: to)?"
    r" (?:be|being|stay|staying|remain|remaining|keep(?: it| this| me)?)? ?anonymous\b"
    r"|\b(?:i'?ll|i will|i can|i'?m (?:happy|willing|ready|prepared|ok) to|i am (?:happy|willing|ready|prepared) to"
    r"|i'?d like to|i want to|i don'?t mind|i agree to|happy to|willing to|let me)(?: now)?"
    r" (?:giv(?:e|ing)|tell(?:ing)?|leav(?:e|ing)|shar(?:e|ing)|say(?:ing)?)(?: you)?"
    r" (?:my (?:real |own |full )?(?:name|identity|details)|who i am)\b"
    r"|\byou (?:can|may) (?:now )?(?:have|use|know|share|tell (?:them|him|her)) (?:my (?:real |own )?name|who i am)\b"
    r"|\b(?:use|put) my (?:real |own |full )?name\b|\b(?:under|in|with) my (?:real|own|full) name\b",
    re.IGNORECASE,
)
_CLAUSE = deferred(r"[^,，。.;；!！\n]+[,，。.;；!！\n?？]?")
# What only speaks of it: a wish denied, a condition, a question.
_ONLY_SPEAKS = deferred(
    r"如果|要是|假如|除非|万一|的话|会不会|是不是|能不能|可不可以|要不要|必须|非要|为什么|凭什么|怎么|(?:吗|么|呢)\W*$|[?？]"
    r"|(?:别|不|没说|没有|不想|不要|不敢|不能|不愿意?|不会|不肯)(?:想|要|敢|能|愿意)?(?:公开|透露|实名|改|换|取消|放弃|同意|愿意|可以|决定|留|告诉|提供|说|报)"
    r"|\b(?:if|unless|until|when|whether|why|how|must i|should i|do i|would rather not|never|not going to|won'?t"
    r"|(?:don'?t|do not) (?:use|put|think|believe))\b",
    re.IGNORECASE,
)
_BEGINS_ANOTHER = deferred(
    r"\W*(?:我要|我想)?(?:投诉|举报|报修)(?!单|号)|\W*(?:new |file a )?complaint\b", re.IGNORECASE
)


_NOT_THIS_ONE = deferred(
    r"不|不用了?|不要|否|不是|留名字?|用?(?:我的)?(?:真名|名字|姓名|实名)|这[件个](?:就)?(?:不匿名|实名|留名字?)"
    r"|no|nope|not?,? (?:use|put) my name"
    r"|this (?:one )?(?:is )?not anonymous|(?:use|with|under) my (?:own |real )?name"
)
"""No, where a matter told after one without a name was asked about."""
_THIS_ONE = deferred(
    r"(?:只|就|光)(?:说|是|有|算|改|管)?([^，。,.;；!！\s\d]{1,10}?)(?:那|这|的那|的这)[个件起条]"
    r"|([^，。,.;；!！\s\d]{1,10}?)(?:那|这|的那|的这)[个件起条](?:就|才)?(?:不匿名|实名|留名)"
    r"|\bthe one (?:about|with|on|of) (?:the |my )?([a-z][a-z ]{1,28}[a-z])"
    r"|\b(?:only|just) (?:for )?(?:the |my )?([a-z][a-z ]{1,24}?) (?:one|complaint|matter)\b"
    r"|\bfor the ([a-z][a-z ]{1,24}?) (?:one|complaint|matter)\b",
    re.IGNORECASE,
)


def _described(turn: Turn, words: str, cases: list[Complaint]) -> list[Complaint]:
    """Return the one of several without a name that words tell of ("只说下水道那个"); all of them where that is not one."""
    found = _THIS_ONE.search(words)
    if found is None:
        return cases
    said = next(each for each in found.groups() if each).casefold()
    holding = [each for each in cases if said in each.summary.casefold()]
    kind = turn.pack.guess(said)
    alike = holding or [each for each in cases if each.category == kind != OTHER]
    return alike if len(alike) == 1 else cases


def gives_a_name(words: str) -> bool:
    """Say whether somebody says that they need not be anonymous any more; neither asks about it nor sets a condition."""
    if _BEGINS_ANOTHER.match(words):
        return False
    said = [clause[0] for clause in _CLAUSE.finditer(words) if _GIVES.search(clause[0])]
    return bool(said) and not any(_ONLY_SPEAKS.search(clause) for clause in said)


async def take_name(turn: Turn) -> bool:
    """Let a complaint told without a name be the speaker's from now on, where they say so; False where they do not.

    Nothing said before, and none of their other complaints without a name, comes with it.
    """
    if turn.room is not None or turn.sealed or turn.incoming.edited or turn.incoming.deleted:
        return False
    words = turn.words
    if (too := await asked_too(turn)) is not None:
        words = too.chosen(words)
        if _NOT_THIS_ONE.fullmatch(fold(words).strip(" .!~。！，,吧呀啊")):
            words = "不匿名了"
    if not gives_a_name(words):
        return False
    cases = await unnamed_cases(turn)
    told = find_details(_GIVES.sub("，", words), answering=True)
    if len(cases) > 1:
        cases = _described(turn, words, cases)
    if len(cases) > 1:
        numbers = [each.reference for each in cases]
        row = await turn.work.person_row(turn.person.id)
        if row is not None and not turn.is_staff:
            learn(row, told)  # who they are, of which nothing leads to any of these
        await speak_under_seal(turn)
        turn.did = Verb.UNCLEAR
        turn.answer(Answer.UNNAMED_WHICH, None, items=",".join(numbers))
        return True
    if not cases:
        return False
    complaint, row = cases[0], await turn.work.person_row(turn.person.id)
    assert row is not None
    if not turn.is_staff:  # who they are is what they say now, whatever the chat calls them
        row.name = (
            told.name
            or row.name
            or find_details(complaint.summary).name
            or (turn.incoming.sender.name if turn.incoming.sender else "")
        )
        row.phone = told.phone or row.phone
        row.place = row.place or told.place
    change = customer.give_name(complaint, words, turn.as_(Role.CUSTOMER), turn.now, place=told.place)
    complaint = await turn.desk.record(turn.work, change)
    turn.settle()
    call = understand(turn.words, Speaker.CUSTOMER, Pending.NONE).verb is Verb.PERSON
    if call and row.phone:
        await wants_a_call(turn, complaint.reference)
    missing = [] if turn.is_staff else [fact for fact in ("name", "phone") if not getattr(row, fact)]
    if missing:
        turn.ask(Question(Pending.FACTS, complaint.reference, {"for": "call"} if call else {}))
    turn.answer(Answer.NAMED_NOW, complaint, **({"ask": ",".join(missing)} if missing else {}))
    turn.did = Verb.FACT
    return True
