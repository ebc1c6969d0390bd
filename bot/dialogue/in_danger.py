"""What a customer says while a danger of theirs is open: that it grows, whether anybody comes, a call for help.

None of it is small talk, help about commands or a matter of its own: whoever was alarmed hears it, and the customer reads whom
to call first (R-041).
"""

from __future__ import annotations

import re
from datetime import timedelta

from bot.dialogue.filing import learn
from bot.dialogue.matters import plainly_another
from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Verb
from bot.grammar.details import find_details
from bot.grammar.patterns import regex
from complaints import customer, endangered
from complaints.complaint import Complaint
from complaints.vocabulary import Role, Severity, Status

_GROWS = regex(
    r"更(?:加)?(?:严重|大|浓|重|厉害|糟|危险|急)|越来越|恶化|加[重剧]|扩[散大]|蔓延|[撑顶扛]不住|不行了|救[救命]"
    r"|快(?:点|些|一点)?(?:过?来)|赶紧(?:过?来)|马上来|好怕|害怕"
    r"|消防|救护车|警察|怎么办|咋办|还在(?:冒|漏|烧|流|喷|响|晃)|又(?:冒|漏|烧|着|喷)|还没(?:灭|停|控制)"
    r"|\b(?:wors(?:e|ening)|spreading|getting (?:much |really |very |so )?(?:bad|big|bigger|strong|stronger|thick|thicker)"
    r"|out of control|scared|help (?:us|me)|help!+|what (?:do|should|shall|can) (?:i|we) do"
    r"|fire ?(?:men|man|fighters?|brigade|engine|dept)"
    r"|ambulance|police|still (?:leaking|smoking|burning|coming out|on fire)|(?:starts?|started|starting) again)\b",
    re.IGNORECASE,
)
_COMES = regex(
    r"来不来|派不派|派(?:个|了)?人|[有没](?:没)?有?人(?:来|过来|在|到|管)|(?:人|师傅|你们|消防"
    r"|救援)[^，。,.]{0,4}(?:到哪|在哪|来[了没吗不]|到[了没吗不])"
    r"|(?:什么时候|啥时候|几点|多久|何时)[^，。,.]{0,3}[到来]|人呢|快到|还没(?:人|到|来)"
    r"|\b(?:(?:any|some)(?:one|body) (?:is )?(?:coming|there|here|on)|(?:is|are) (?:any|some)(?:one|body) (?:coming|on|there)"
    r"|(?:are|r) (?:you|u|they|ya) (?:guys )?(?:coming|sending|there|here)|on (?:the|your|their|his|ur) way"
    r"|send(?:ing)? (?:some|any)(?:one|body)|where (?:is|are|r) (?:every(?:one|body)|any(?:one|body)|you|u|they|he|your)"
    r"|when (?:is|are|will) (?:he|they|you|u|some(?:one|body)|any(?:one|body)|help)"
    r"|nobody(?:'s| has| is)? (?:came|come|coming|here))\b",
    re.IGNORECASE,
)
_HELD = regex(  # what somebody says who is held: of no other matter, whatever thing it names
    r"出不[来去]|没电|没信号|里[面头边]?(?:好|很|太)?[闷黑热冷]|好[闷黑冷怕]|[爬跳]出去|按铃|警铃|对讲|紧急按钮"
    r"|\b(?:phone|battery) (?:is |'s )?(?:dying|dead|low)|dark in here|(?:climb|get) out|alarm button|intercom|no signal\b",
    re.IGNORECASE,
)
_HERE = regex(  # where they are
    r"^\W*(?:(?:我们?|人|她|他|孩子|老人)(?:就|现在|都)?在|(?:位置|地址)[是在:： ])[^，。,.]{0,4}\d"
    r"|^\W*(?:i'?m|we'?re|i am|we are|it'?s|she'?s|he'?s) (?:in |at |on )?(?:tower|block|building|unit|flat|floor"
    r"|level) ?\w{1,4}\b",
    re.IGNORECASE,
)
_STATUS_ALONE = regex(
    r"\W*(?:查|查询|查一下|看)?(?:我的)?(?:投诉)?(?:的)?进[度展]\W*|\W*(?:my )?(?:status|progress)\W*", re.IGNORECASE
)
_CALLS = frozenset({Verb.HELP, Verb.UNCLEAR, Verb.PERSON})
"""Words that somebody in danger says to us, and not about what we can do."""
_WHERE_WITHIN = timedelta(hours=1)
_THEIR_OWN = frozenset(
    {
        Verb.WITHDRAW, Verb.RATE, Verb.AGREE, Verb.DISAGREE, Verb.STOP, Verb.MY_DATA, Verb.ERASE_ME, Verb.LIST,
        Verb.LANGUAGE, Verb.COMPLAIN_FOR,
    }
)  # fmt: skip


async def take_danger(turn: Turn) -> bool:
    """Take words said in a danger of the speaker's for what they are; False where there is none, they are about another, or
    ask for something besides.
    """
    assert turn.meaning is not None
    meaning = turn.meaning.ordinary
    not_over = endangered.says_not_over(turn.words)  # "still one left" resembles a list of what is left
    if turn.room is not None or not turn.words.strip() or (meaning.verb in _THEIR_OWN and not not_over):
        return False
    asked = turn.question is not None and turn.question.pending not in (Pending.NONE, Pending.FACTS, Pending.MENU)
    complaint = await _in_danger(turn, meaning)
    if complaint is None:
        return False
    held = _HELD.search(turn.words) is not None or (
        _HERE.search(turn.words) is not None and turn.now - complaint.received_at < _WHERE_WITHIN
    )
    if asked and not held:
        return False
    grows, comes = held or not_over or _GROWS.search(turn.words) is not None, _COMES.search(turn.words) is not None
    if not endangered.goes_on(complaint) and not grows:
        return False
    waits = meaning.verb is Verb.STATUS and _STATUS_ALONE.fullmatch(turn.words) is None  # "how long?"
    loose = meaning.verb in _CALLS or waits or meaning.verb in (Verb.COMPLAIN, Verb.URGE)
    if not grows and not comes and not loose and not _answers_nothing(turn, meaning):
        return False
    if not held and loose and meaning.verb not in _CALLS and await plainly_another(turn, turn.words, [complaint]):
        return False
    comes = comes or waits or meaning.verb is Verb.URGE
    row = await turn.work.person_row(turn.person.id)
    if row is not None and not row.unnamed and not turn.is_staff:
        learn(row, find_details(turn.words))
    actor = turn.as_(Role.CUSTOMER)
    if not not_over:  # which calls all anew, where it was reported over
        complaint = endangered.told_anew(complaint)
    if comes and not grows:
        terms = await turn.desk.terms(turn.work, complaint)
        change = customer.urge(complaint, turn.words, actor, terms, turn.now)
        turn.did = Verb.URGE
    else:
        place = find_details(turn.words).place
        change = customer.supplement(complaint, turn.words, actor, turn.now, place=place)
        turn.did = Verb.ADD
    turn.reference = (await turn.desk.record(turn.work, change)).reference
    return meaning.verb is not Verb.PERSON  # who wants to be called is asked for a number all the same


async def _in_danger(turn: Turn, meaning: Meaning) -> Complaint | None:
    """Return the speaker's own complaint of a danger that nobody has ended, the newest of several."""
    number = meaning.said("reference")
    mine = [
        each
        for each in await turn.work.complaints_of(turn.person.id)
        if each.severity is Severity.S0
        and not each.settled
        and each.status is not Status.RESOLVED
        and turn.named in (None, each.reference)
        and each.reference.endswith(number)
    ]
    return max(mine, key=lambda each: each.received_at, default=None)


def _answers_nothing(turn: Turn, meaning: Meaning) -> bool:
    """Say whether words that stand where a name was asked for hold none: "救救我们"."""
    return meaning.verb is Verb.FACT and find_details(turn.words, answering=True) == find_details("")
