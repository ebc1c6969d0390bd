"""The danger is over, somebody says: the centre hears it at once, and decides whether it is still as grave."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answers import Answer
from bot.dialogue.choosing import choose
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Verb
from bot.grammar.patterns import deferred
from bot.storage import queues
from complaints import customer, endangered, noting
from complaints.change import Change, NoticeKind
from complaints.complaint import Complaint
from complaints.grading_words import danger
from complaints.permissions import Step, permitted
from complaints.vocabulary import Role, Severity

_ALARMED = (NoticeKind.ALARM, NoticeKind.CONFIRM, NoticeKind.GRADE_PROPOSED, NoticeKind.MAJOR_CASE)
_LATELY = 30  # notices of these kinds in which what is over is looked for

_CLEAR = deferred(
    r"虚惊|误报|(?<![不])没事(?:了|儿了)|没(?:有)?危险了|火(?:势)?(?:已经?|都|全)*(?:被)?(?:扑)?灭了|^\W*(?:已经?|都"
    r"|全)*(?:经)?(?:被)?(?:扑)?灭了"
    r"|(?:大家|我们?|人|家人|现在|已经|全|都)都?(?:已经)?(?<!不)安全|不(?:再)?冒烟了|没(?:有)?(?:烟|煤气味|燃气味|气味"
    r"|味道?)了|火(?:已经?)?(?:被)?(?:扑灭|熄灭)"
    r"|(?<!不)安全了|(?:险情|警报|危险)(?:已经?)?解除|(?:被)?(?:救|放|弄)出来了|人(?:已经?|都)*(?:被)?出来了"
    r"|不是(?:燃气|煤气|天然气|火灾|着火|起火|漏气|漏电)"
    r"|(?<![没未])(?:已经?|都|全部?|安全|成功|顺利)(?:被)?(?:安全)?(?:救出|解救|营救)|(?<![没未])(?:脱困|脱险|获救)"
    r"|\b(?:has|have|was|were|been|got|all|both|is|are|now) (?:safely )?(?:rescued|freed)\b"
    r"|\bfalse alarm|\ball clear\b|\b(?:got|is|are) (?:\w+ )?out(?: now| safe\w*)?[ .!]*$|\bout safe"
    r"|\b(?:is|are|we're|it's|she's|he's) safe(?: now)?\b|\bfire is out\b|\bno longer (?:in )?danger"
    r"|\b(?:nobody|no one) is (?:hurt|in danger)|\ball (?:safe|clear|is safe)\b|\bit'?s (?:all |now )*safe\b|\bout and safe\b"
    r"|\bdanger (?:is |has )?(?:over|passed|gone)\b|\bno (?:more )?danger(?: any ?more| now)?\b|\b(?:has|have|been|was|is"
    r"|they|brigade|dept)"
    r" (?:been )?put (?:it |the fire )?out\b|\bfire (?:has been |was |is )?(?:put out|extinguished)\b"
    r"|\b(?:we|we'?re|we are|everyone is|everybody is) all (?:ok|okay|fine|safe)\b"
    r"|\b(?:it|everything|everyone|everybody|we|he|she|they|all)(?:'?s|'?re| is| are)? (?:all )?"
    r"(?:fine|ok|okay|good|safe) now\b",
    re.IGNORECASE,
)
_OUT = deferred(  # of somebody who was held, and of no fire: who is out of a house that burns has not put it out
    r"(?:我们?|她们?|他们?|孩子|老人|都|全)(?:已经|都|全)?(?:被)?出来[了啦]|得救[了啦]|获救[了啦]"
    r"|^\W*(?:终于|已经|总算|现在|刚)?(?:被)?出来[了啦][\s，。,.!！~]*(?:都?出来[了啦][\s，。,.!！~]*){0,3}(?:谢谢.{0,6})?$"
    r"|\b(?:we'?re|we are|i'?m|i am|they'?re|they are|he'?s|he is|she'?s|she is) (?:all |both |finally |now ){0,2}out\b(?! of)"
    r"|\b(?:got|let) (?:us|me|them) out\b",
    re.IGNORECASE,
)
_TAKEN = deferred(  # of whoever was hurt or ill
    r"(?<![没要该得])(?<!没有)(?:送|拉|接|抬)(?:去|到|往|进|上)?(?:了)?(?:医院|救护车)(?:了|去了|检查)"
    r"|(?:120|救护车|急救|医生)[^。!！?？\n]{0,10}(?<![没要])(?:送|拉|接|抬)走了?|(?<![没要])(?<!没有)(?:送|拉|接|抬)走了|已经?送医"
    r"|\b(?:taken|took)(?: (?:him|her|me|them|us|my \w{1,12}|away|off|safely)){0,2} to (?:the |a )?hospital\b"
    r"|\bambulance (?:has |have |just |already )*(?:taken|took) (?:him|her|me|them|us|my \w{1,12})\b"
    r"|\b(?:is|are|was|were|been) taken (?:away )?by (?:the |an )?ambulance\b",
    re.IGNORECASE,
)
_OF_THE_HELPED = deferred(  # whom a report calls by the danger that they were in, and who came to no harm
    r"被困(?:的)?(?:人员?|业主|乘客|老人|小孩|孩子|群众|者)(?=[^，。,.；;]{0,6}(?:救出|脱困|出来|脱险|获救))|(?:无|没有?|未)(?:人|人员)?受?伤亡?"
)
_DENIED = deferred(
    r"(?:还|并|也|又|尚)(?:没|未|不)(?:有|是|能)?[^，。,.!！]{0,4}(?:灭|出来|救出|脱困|脱险|获救|安全|解除|没事)|不是(?:误报|虚惊|没事|搞错)"
    r"|(?:怎么|哪里|哪儿|谁说)[^，。]{0,4}没事|[吗么?？]\s*$"
    r"|好像|似乎|应该|可能|大概|也许|估计|不知道|不确定|说不准"
    r"|\b(?:maybe|perhaps|probably|might|seems?|not sure|i (?:think|guess|hope)|hopefully)\b"
    r"|(?:但|可是|还在|还有|又(?:冒|着|漏))|\b(?:still|but|until|unless|if)\b|^\W*(?:is|are) (?:it|we|they|everyone"
    r"|everybody|the \w+) "
    r"|\b(?:not|isn't|aren't|can't|cannot)\b[^,.!]{0,12}(?:false alarm|all clear|out|safe)",
    re.IGNORECASE,
)


def _tells_of_danger(words: str) -> bool:
    return danger(_OF_THE_HELPED.sub(" ", words)) is not None


def says_all_clear(words: str) -> bool:
    """Say whether words tell that there is, or was, no danger; in doubt they do not."""
    return bool(_CLEAR.search(words)) and not _DENIED.search(words) and not _tells_of_danger(words)


def says_out(words: str) -> bool:
    """Say whether words tell that whoever was held is free; in doubt they do not."""
    return bool(_OUT.search(words)) and not _DENIED.search(words) and not _tells_of_danger(words)


def says_over(words: str, complaint: Complaint) -> bool:
    """Say whether words tell that the danger of a complaint is over; in doubt they do not."""
    if says_all_clear(words) or (endangered.holds_somebody(complaint) and says_out(words)):
        return True
    taken = _TAKEN.search(words) and not _DENIED.search(words) and not _tells_of_danger(words)
    return bool(taken) and endangered.is_of_people(complaint)


def _may_say_over(words: str) -> bool:
    """Say whether words may tell that some danger is over: only then it is asked which."""
    return says_all_clear(words) or says_out(words) or _TAKEN.search(words) is not None


async def take_all_clear(turn: Turn) -> bool:
    """Pass on that the danger is over; False where nothing of the speaker's, or that they brought in, is that grave, or they
    say no such thing.
    """
    if not _may_say_over(turn.words):
        return False
    mine = [c for c in await turn.work.complaints_of(turn.person.id) if c.going_on]
    entered = await turn.work.entered_by(turn.person.id) if turn.is_staff else []
    mine += [c for c in entered if c.going_on and c not in mine]
    grave = [c for c in mine if c.severity is Severity.S0 and turn.named in (None, c.reference)]
    grave = [c for c in grave if says_over(turn.words, c)]
    if not grave:
        return False
    complaint: Complaint = max(grave, key=lambda c: c.received_at)
    terms = await turn.desk.terms(turn.work, complaint)
    theirs = complaint.complainant == turn.person.id
    actor = turn.as_(Role.CUSTOMER if theirs else Role.EMPLOYEE)
    change = customer.all_clear(complaint, turn.words, actor, terms, turn.now)
    turn.reference, turn.did = (await turn.desk.record(turn.work, change)).reference, Verb.ADD
    return True


async def over_besides(turn: Turn, complaint: Complaint, change: Change, words: str) -> Change:
    """Return what a colleague does with the word that the danger is over, where their words say so, whoever reads them."""
    if not endangered.goes_on(complaint) or not says_over(words, complaint):
        return change
    terms = await turn.desk.terms(turn.work, complaint)
    return endangered.reported_over(change, words, terms, turn.now, who=turn.person.id)


async def take_over(turn: Turn) -> bool:
    """Pass on that a danger is over, told by whoever was alarmed and has not the work in hand: "人救出来了", "火灭了".

    Whoever has it in hand reports it as news, which the customer reads. False where the words say no such thing.
    """
    if not turn.is_staff or turn.room is not None or (turn.meaning is not None and turn.meaning.verb is Verb.GRADE):
        return False
    if not _may_say_over(turn.words):
        return False
    references = await queues.lately_told(turn.work, turn.person.id, _ALARMED, _LATELY)
    await turn.work.prefetch_complaints(references)
    found = [complaint for each in references if (complaint := await turn.work.complaint(each)) is not None]
    found += [each for each in await turn.work.tasks_of(turn.person.id) if each not in found]
    actor = turn.as_staff()
    known = [c for c in found if endangered.goes_on(c) and says_over(turn.words, c) and permitted(c, Step.NOTE, actor)]
    if any(c.owner == turn.person.id for c in known):
        if turn.meaning is not None and turn.meaning.verb is Verb.UNCLEAR:
            turn.meaning = Meaning(turn.words, Verb.REPORT, {"text": turn.words})
        return False
    if not known:
        return False
    complaint = await choose(turn, known, act=Step.NOTE)
    if complaint is None:
        return turn.asked_back
    change = await over_besides(turn, complaint, noting.note(complaint, turn.words, actor, turn.now), turn.words)
    if permitted(complaint, Step.GRADE, actor):  # they are to decide what they tell
        change = replace(change, notices=tuple(replace(each, but_not="") for each in change.notices))
    turn.did = Verb.NOTE
    turn.answer(Answer.NOTE_DONE, await turn.desk.record(turn.work, change), inside="yes")
    turn.settle()
    return True
