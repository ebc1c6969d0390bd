"""What somebody can say, in words of their own role."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from bot.answers import Answer
from bot.dialogue.hints import CENTRE, roles_told
from bot.dialogue.turn import Turn
from bot.grammar import Verb
from bot.grammar.about_us import asks_about_us
from complaints.duties import DUTIES
from complaints.permissions import PERMISSIONS, Errand, may, permitted
from complaints.vocabulary import Role

_ASKS = re.compile(r"帮|[菜功指命说用]|[?？]|help|menu|command|start|how|^\W*h\W*$", re.IGNORECASE)


def greets(words: str) -> bool:
    """Say whether words that fit help are no more than a greeting."""
    return _ASKS.search(words) is None


_CALLS_OUT = re.compile(r"帮|[菜功指命说用]|help|menu|command|start|how|^\W*h\W*$", re.IGNORECASE)


def calls_out(words: str) -> bool:
    """Say whether words that fit help only ask whether anybody is there: "hello?", "在吗"."""
    return _CALLS_OUT.search(words) is None


_WAITS = re.compile(r"[?？]|在[吗么不]|有没?有?人|人呢|喂.*喂|any(?:one|body)|are you there", re.IGNORECASE)


def waits_for_us(words: str) -> bool:
    """Say whether words that fit help ask for a sign of life: "hello??", "在吗", "anybody there"."""
    return calls_out(words) and _WAITS.search(words) is not None


_OF_THEIR_CASE = re.compile(
    r"赔|补偿|退款|退钱|退(?:我|给我)|(?:怎么|咋|如何|打算|准备)(?:处理|解决)|说法|交代|(?:我|还)?(?:要|需要)(?:再)?(?:准备|提供|带)(?:什么|啥|哪些)"
    r"|(?:能不能|能否|可不可以|可以|麻烦|也).{0,6}(?:[发寄传]|邮寄)(?:给|到|去|我|他|她|一份)"
    r"|\b(?:compensat\w*|refund\w*|pay (?:me|us|for)|get for (?:this|it)|(?:going to|gonna) do|do about|need from (?:me|us))\b"
    r"|\b(?:can|could|will|would) (?:you|u|someone|somebody)\b"
    r".{0,20}\b(?:send|e-?mail|text|post|forward|copy|print|bring|put)\b",
    re.IGNORECASE,
)
_KNOWN_ALREADY = re.compile(
    r"登记(?:过|了|有)|有(?:我的?)?(?:登记|记录)"
    r"|\b(?:already (?:register|report|told|filed)\w*|(?:register|report|tell|file)\w* (?:it |this |you )?already)\b",
    re.IGNORECASE,
)
_OF_THE_BOT = re.compile(
    r"命令|指令|功能|操作|怎么用|怎么投诉|在哪里?看|查看|\b(?:command|menu|bot|app)\b", re.IGNORECASE
)


def asks_of_their_case(words: str) -> bool:
    """Say whether words that fit help are, of somebody with a case, about that: "how will you make it good?"."""
    return _OF_THEIR_CASE.search(words) is not None and _OF_THE_BOT.search(words) is None


def says_it_is_known(words: str) -> bool:
    """Say whether words that fit help point out that we have been told already."""
    return _KNOWN_ALREADY.search(words) is not None and _OF_THE_BOT.search(words) is None


def tells_what_we_are(turn: Turn) -> bool:
    """Answer truthfully, whatever waits, who asks whether a program or a person writes to them; nobody else reads it."""
    incoming = turn.incoming
    if not asks_about_us(turn.words) or incoming.attachments or (turn.fresh_thread and incoming.subject):
        return False
    turn.did = Verb.HELP
    waits = turn.question is not None and not turn.question.only_offers
    facts = {"employee": turn.is_staff, "waits": waits}
    turn.answer(Answer.WHAT_WE_ARE, None, **{name: "yes" for name, holds in facts.items() if holds})
    return True


async def greet(turn: Turn) -> None:
    """Greet a colleague in one line, with what waits for them."""
    tasks, actor = await turn.work.tasks_of(turn.person.id), turn.as_staff()
    queue = await turn.work.queue() if may(Errand.QUEUE, actor) else []
    counts = {"tasks": len(tasks), "queue": sum(permitted(each, Errand.STATUS, actor) for each in queue)}
    turn.answer(Answer.GREETED, None, **{name: str(count) for name, count in counts.items() if count})


def tell_help(turn: Turn) -> None:
    """Say what the speaker can say: the centre and assignees as such, other colleagues by their roles."""
    roles = turn.person.roles if turn.is_staff else frozenset()
    if roles & CENTRE:
        turn.answer(Answer.HELP_CENTRE, None, cannot=",".join(_refused(roles)))
    elif own := roles_told(roles):
        turn.answer(Answer.HELP_ROLES, roles=",".join(own))
    elif Role.HANDLER in roles:
        turn.answer(Answer.HELP_STAFF)
    else:
        turn.answer(Answer.HELP_CUSTOMER, None, **({"employee": "yes"} if turn.is_staff else {}))


def _refused(roles: AbstractSet[Role]) -> list[str]:
    """Return the acts and duties that are for none of these roles: words that help is silent about."""
    acts: list[str] = [act for act, row in PERMISSIONS.items() if roles.isdisjoint(row)]
    return acts + [duty.name for duty in DUTIES.values() if roles.isdisjoint(duty.roles)]
