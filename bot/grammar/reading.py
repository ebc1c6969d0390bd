"""From a text to its meaning: the order in which the tables are asked.

whole words  "帮助", "TD", "谢谢"               mean the same whatever is pending
the question that is pending                    gives "1", "好" and free words their meaning
a command word at the start                     "办结 …", "0007 派单 @…"
the sentence                                    what it denies or asks first, what it affirms last
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.grammar import answers, arguments, customer, progress, rating, staff, wider
from bot.grammar.arguments import Numbered, Words, numbered
from bot.grammar.folding import clean, fold
from bot.grammar.meaning import Meaning, Pending, Reading, Speaker, Verb
from bot.grammar.progress import Stage
from bot.grammar.spelling import mended
from bot.grammar.words import ESCALATING, HOMOPHONES, STAFF, TYPO_MEANS, TYPOS, Head, head_pattern, heads_for

_EDGES: Final = " \t\n.,!~-/#*;:\"'()[]"
_WHOLE_WORDS: Final[Mapping[tuple[Verb, str], str]] = {
    (
        Verb.HELP,
        "",
    ): "帮助|菜单|help|menu|?|h|功能|指令|命令|commands|使用说明|说明|怎么用|start|开始|你好|您好|在吗|在么|"
    "在不在|有人吗|有人在吗|喂|喂有人吗|你好有人吗|哈喽|哈罗|嗨|你好啊|您好啊|你好呀"
    "|早上好|上午好|下午好|晚上好|hi|hello|hey|hello there|hi there|good morning|good afternoon|good evening|"
    "anyone there|anybody there|亲|亲在吗|你好在吗|您好在吗|你好,在吗|您好,在吗|帮帮我|help me|"
    "how does this work",
    (
        Verb.STOP,
        "",
    ): "退订|td|t|r|stop|unsubscribe|别再发了|不要再发了|别发了|不要发了|别再给我发消息了|别再给我发短信了|"
    "不要再给我发短信了|不要给我发短信|不要再给我发消息了|别给我发消息了|停止发送|取消订阅|拒收|"
    "stop texting me|stop messaging me|stop sending me messages|opt out|stop all|stopall|"
    "don't message me again|do not contact me again|no more messages",
    (
        Verb.PERSON,
        "",
    ): "人工|转人工|人工客服|人工服务|找客服|找人工|客服|转客服|接客服|联系客服|agent|human|operator|"
    "representative|call me|please call me|call me please|打电话给我|给我打电话|回电|人呢|人在哪",
    (
        Verb.LANGUAGE,
        "en",
    ): "english|英文|英语|in english|english please|english, please|speak english|switch to english|切换英文|"
    "切换到英文|说英文|用英文|用英语|change to english|language english|语言 英文|英文版",
    (
        Verb.LANGUAGE,
        "zh",
    ): "chinese|中文|汉语|国语|普通话|in chinese|chinese please|switch to chinese|切换中文|切换到中文|说中文|"
    "用中文|language chinese|语言 中文|中文版|简体中文|mandarin",
}
# Whatever stands around it, to be left alone is all that is wanted.
_LEAVES_ALONE: Final = re.compile(
    r"(?:请|麻烦|拜托|求求?|能不能|可不可以|你们?|都)*(?:别|不要|勿|停止|莫|甭)(?:再|给我|跟我|向我|一直|老是?|天天)*"
    r"(?:发|推送|发送|打扰|骚扰|群发)(?:我|了|消息|短信|信息|通知|广告|推送|给我|过来|给|的|这些|这种|"
    r"东西)*(?:[ ,.!]*(?:了|好吗|行吗|谢谢|烦死了?|烦人|烦|很烦|太烦了))*"
    r"|(?:please |pls |can you |could you )*(?:stop|quit|don't|do not|dont|no more) (?:send(?:ing)?|text(?:ing|s)?|"
    r"messag(?:es?|ing)|sms|spam(?:ming)?|contact(?:ing)?)"
    r"(?: me| us| these| this| any| more| messages?| texts?| sms| spam| anything| again| please| pls| anymore|"
    r" any more)*"
    r"|(?:退订|取消订阅|拒收|停止)(?:短信|消息|通知|信息|推送|了|吧|[ ,.]|谢谢)*"
    r"|(?:please |pls |i want to |how do i |can you )*(?:unsubscribe|opt(?: me)? out|remove me from (?:the|your|"
    r"this) (?:list|mailing list))"
    r"(?: me| us| please| now| from (?:this|these|your)(?: \w+)?)*"
)
_ENGLISH: Final = frozenset({"英文", "英语", "english"})
_LANGUAGE: Final = re.compile(
    r"(?:请|麻烦|能不能|能|可以|可不可以|我要|我想|帮我|你)*(?:切换?|换|改|转|说|讲|用|设置?|回复?)(?:成|到|为|回|用)?"
    r"(英文|英语|中文|汉语|国语|普通话)(?:版|回复|吗|吧|说|跟我说|可以吗|[ ?])*"
    r"|(?:can you |could you |please |pls |i want |i prefer |switch |change |speak |write |reply |answer |use |"
    r"talk |to |in |me |it )*"
    r"(english|chinese|mandarin)(?: version| language| please| pls|[ ?])*"
)
_PAUSES: Final = re.compile("[ ,.!?~]+")
WHOLE: Final = {word: (verb, locale) for (verb, locale), words in _WHOLE_WORDS.items() for word in words.split("|")}

_GREETING: Final = re.compile(
    "[ ,.!]*(?:客服|老师|师傅|物业)?(?:你好|您好|有人在?吗|在吗|在不在|hi|hello|hey|喂|嗨|哈喽|亲|anyone|"
    "anybody)(?:你好|您好|请问|"
    "有人在?吗|在吗|在不在|客服|hi|hello|hey|there|喂|嗨|哈喽|亲|啊|呀|anyone|anybody|[ ,.!?~])*+"
)
_ASKS_AFTER: Final = re.compile(
    "(?:请|帮|麻烦|给|我|你|们|查|看|问|一下|下|这个|投诉|单|的|情况|呢|please|check|look up|look at|"
    "what about|about|[ ?.])+"
)
_INTO: Final = re.compile(r"(?:到|入|进|至|给|into|to|with|和|与|跟|并)\s*#?(\d{1,6})(?!\d)", re.ASCII)
_CODE: Final = re.compile(
    r"(?:账号|账户|码|code|my account|account|:|\s)*((?:[0-9a-z]{4}[ -]){0,3}[0-9a-z]{4,16})$", re.ASCII
)

_HEADS: Final = {role: heads_for(role) for role in Speaker}
_HEAD: Final = {role: head_pattern(_HEADS[role]) for role in Speaker}
_BOUNDARY: Final = re.compile(r"$|[^a-z0-9_'\u3400-\u9fff]|\d|ts\d|了$", re.ASCII)
_STAFF_VERBS: Final = frozenset(
    {Verb.ACCEPT, Verb.DONE, Verb.NOT_DONE, Verb.GIVE_BACK, Verb.TRANSFER, Verb.REPORT, Verb.PLAN, Verb.EXTEND, Verb.VISIT}
    | {Verb.LEAVE, Verb.ASSIGN, Verb.GRADE, Verb.VALID, Verb.INVALID, Verb.APPROVE, Verb.REJECT, Verb.MERGE, Verb.TASK_FORCE}
    | {Verb.CLOSE, Verb.HOLD, Verb.RESUME}
)  # fmt: skip
_UNSETTLED: Final = re.compile(
    r"(?:为|作)?(?:不满意|未满意|未达成一致|谈不拢|(?:as )?(?:unsettled|unsatisfied|dissatisfied|not satisfied))[ ,:]*"
)
_REASONED: Final = frozenset(
    {
        Verb.GIVE_BACK,
        Verb.INVALID,
        Verb.REJECT,
        Verb.APPROVE,
        Verb.CLOSE,
        Verb.WITHDRAW,
        Verb.DISAGREE,
        Verb.VALID,
        Verb.TASK_FORCE,
        Verb.KEEP_BACK,
    }
)
# "让张三处理 0007" ends in a complaint's number; "换锁花了 1500" does not.
_ABOUT_A_NUMBER: Final = frozenset({Verb.ASSIGN, Verb.TRANSFER, Verb.APPROVE, Verb.REJECT, Verb.STATUS, Verb.URGE})
_FREE: Final = frozenset({Verb.COMPLAIN, Verb.COMPLAIN_FOR, Verb.RATE, Verb.BIND, Verb.LEAVE})
_VERBATIM: Final = frozenset({"text", "result", "reason", "comment"})
_YES_NO_ANSWERS: Final = frozenset({Verb.AGREE, Verb.DISAGREE, Verb.APPROVE, Verb.REJECT, Verb.ACCEPT})


def read(text: str, role: Speaker = Speaker.CUSTOMER, pending: Pending = Pending.NONE) -> Meaning:
    """Return what `text` means by itself from somebody of `role` while our question `pending` is open. Never raises.

    Pure and linear in the length of the text. Which complaint is meant, and whether the person may do it, is for the
    caller to find out.
    """
    words = _spelled(clean(text))
    verb, given = _read(words, role, pending)
    if (slipped := mended(words)) is not words:
        verb, given = _mended(words, slipped, (verb, given), role, pending)
    if role not in STAFF or verb in (Verb.COMPLAIN, Verb.COMPLAIN_FOR):
        alarming = dict.fromkeys(ESCALATING.findall(words.key))
        if alarming:
            given["escalating"] = list(alarming)
    return Meaning(text, verb, given)


def begins_with_command(text: str, role: Speaker, *, tight: bool = True) -> bool:
    """Say whether a text begins with a command word: what follows is that command's, not an answer to something else.

    tight: the word stands by itself; else more may be written to it ("结案不满意").
    """
    return _find_head(numbered(_spelled(clean(text))), role, tight=tight) is not None


def _spelled(said: str) -> Words:
    """Fold, and mend what a voice keyboard or a slip made of the command word at the start."""
    key = fold(said)
    start = len(key) - len(key.lstrip(" /#*\n"))
    start += len(key[start : start + 5]) - len(key[start : start + 5].lstrip("0123456789 "))
    if meant := HOMOPHONES.get(key[start : start + 2]):
        key = key[:start] + meant + key[start + 2 :]
    elif typo := TYPOS.match(key, start):
        meant = TYPO_MEANS[typo[0]]
        said = said[:start] + meant + said[typo.end() :]
        key = key[:start] + meant + key[typo.end() :]
    return Words(key, said)


def _mended(words: Words, slipped: Words, plain: Reading, role: Speaker, pending: Pending) -> Reading:
    """Return what words mean with their slips put right, where that is what makes them clear or denies something."""
    verb, given = _read(slipped, role, pending)
    denies = verb is Verb.NOT_DONE or given.get("rating") == rating.Rating.DISSATISFIED
    if plain[0] is not Verb.UNCLEAR and not denies:
        return plain
    # What is kept of it, and told to others, is what the person wrote.
    return verb, {key: words.said if key in _VERBATIM else value for key, value in given.items()}


def _read(words: Words, role: Speaker, pending: Pending) -> Reading:
    bare = words.key.strip(_EDGES)
    if not bare:
        return Verb.UNCLEAR, {}
    if (
        whole := WHOLE.get(bare)
        or WHOLE.get(_PAUSES.sub("", bare[:40]))
        or WHOLE.get(bare.rstrip("?"))
        or (("?" in bare and not bare.strip("? ") and WHOLE["?"]) or None)
    ):
        verb, locale = whole
        return verb, {"locale": locale} if locale else {}
    if len(bare) <= 40 and (asked_for := _LANGUAGE.fullmatch(bare)):
        return Verb.LANGUAGE, {"locale": "en" if asked_for[1] in _ENGLISH else "zh"}
    if len(bare) <= 60 and _LEAVES_ALONE.fullmatch(bare):
        return Verb.STOP, {}
    if len(bare) <= 30 and _GREETING.fullmatch(words.key):
        return Verb.HELP, {}
    item = numbered(words)
    if (answers_to := _ANSWERS.get(pending)) and (answer := answers_to(item, role, words)):
        return answer
    if role in STAFF:
        return _staff(item, role, words)
    return _customer(item, role, words)


# -- the pending question ---------------------------------------------------------------------------------------------
def _rating_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    key = words.key
    if answers.is_thanks(key):
        return Verb.THANKS, {}
    head = _command(item, role, tight=True)
    if head and head[0] not in _YES_NO_ANSWERS | {Verb.DONE, Verb.CLOSE, Verb.VALID}:
        return head
    wish = customer.wish(key)
    if wish and (wish is not Verb.WITHDRAW or key.startswith(("撤", "不投诉", "withdraw"))):
        return _with_text(wish, item, role)
    given = rating.read(item.words if item.references else words, asked=True)
    if given and given["rating"] != rating.Rating.DISSATISFIED and customer.question(key) is Verb.STATUS:
        return Verb.STATUS, item.arguments
    if given is None and not answers.is_question(key) and (value := wider.rated(key)):
        given = {"rating": value.value, "comment": words.said}
    if given:
        return Verb.RATE, item.arguments | given
    return None


def _yes_no_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    key = words.key
    bare = wider.squeezed(key.strip(_EDGES + "吧呀啊哦呢嘛的").strip(_EDGES) or key)
    if bare in answers.NO_WHOLE or wider.answered(bare) is False:
        return Verb.DISAGREE, {}
    if bare in answers.YES_WHOLE or wider.answered(bare) or key.strip(_EDGES) in answers.YES_WHOLE:
        return Verb.AGREE, {}
    if set(bare) <= set("👍👌✅🆗"):
        return Verb.AGREE, {}
    if answers.is_thanks(key):
        return Verb.THANKS, {}
    head = _command(item, role, tight=True)
    if head and head[0] not in _YES_NO_ANSWERS:
        return head
    if answers.is_question(key) and not answers.BUT.search(key) and not answers.YES.match(key + " "):
        return None
    return answers.judged(item)


def _plan_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    """What a yes-or-no question is answered with; and who asks for something else declines."""
    if answer := _yes_no_pending(item, role, words):
        return answer
    return (Verb.DISAGREE, item.arguments | {"reason": words.said}) if wider.demands(words.key) else None


def _result_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    key = words.key
    bare = key.strip(_EDGES)
    if (answers.is_short(bare) and bare != "收到") or answers.is_thanks(key):
        return (Verb.THANKS if answers.THANKS.search(key) else Verb.UNCLEAR), {}
    head = _command(item, role, tight=True)
    if head and head[0] not in (Verb.AGREE, Verb.VISIT, Verb.STATUS, Verb.PLAN):
        return head
    if head and head[0] in (Verb.VISIT, Verb.PLAN) and ":" in key[:12]:
        return head
    verb = staff.worked(item, role)
    if verb and verb[0] is not Verb.DONE:
        return verb
    if verb is None:
        if wider.left_open(key[:600]):
            return Verb.NOT_DONE, item.arguments | {"text": item.words.said}
        if staff.GIVE_BACK.search(key) and len(key) < 40:
            return Verb.GIVE_BACK, item.arguments | {"reason": item.words.said}
        if answers.is_question(key) or len(key.strip(_EDGES)) < 2:
            return Verb.UNCLEAR, {}
        return Verb.DONE, item.arguments | {"result": item.words.said}
    if "result" not in verb[1] and progress.tells_deed(key):
        return Verb.DONE, verb[1] | {"result": item.words.said}  # it is what we asked for, however short
    return verb


def _reason_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    bare = words.key.strip(_EDGES)
    if bare in answers.CANCEL:
        return Verb.DISAGREE, {}
    if answers.is_thanks(words.key):
        return Verb.THANKS, {}
    if answers.is_short(bare):
        return Verb.UNCLEAR, {}
    head = _command(item, role, tight=True)
    if head and head[0] not in (
        Verb.REPORT,
        Verb.VISIT,
        Verb.LEAVE,
        Verb.PLAN,
        Verb.EXTEND,
        Verb.HOLD,
        Verb.GIVE_BACK,
        Verb.INVALID,
    ):
        return head
    if head and set(head[1]) - {"reference"} >= {"limit"} and head[0] is Verb.EXTEND:
        return head
    said = arguments.reason(item.words)
    return (Verb.REASON, item.arguments | {"reason": said}) if len(said) >= 2 else (Verb.UNCLEAR, {})


_TAKES_ON: Final = re.compile(r"[ #/]*(?:接单|已接单|受理|accept\b)")


def _progress_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    """Whatever is no plain command, and asks nothing, is the line: "客户要求延期到下周" asks for no extension."""
    if answers.is_thanks(words.key):
        return Verb.THANKS, {}
    head = _command(item, role, tight=True)
    if head and (head[0] not in _YES_NO_ANSWERS or _TAKES_ON.match(item.bare().words.key)):
        return head
    if answers.is_question(words.key) or staff.own_leave(words.key):
        return None
    item = item if item.references else item.bare()
    return Verb.REPORT, item.arguments | {"text": item.words.said}


def _release_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    """Yes lets the line out, no keeps it back, better words take its place."""
    bare = words.key.strip(_EDGES + "吧呀啊哦呢嘛的").strip(_EDGES)
    if answers.is_thanks(words.key):
        return Verb.THANKS, {}
    if bare in answers.NO_WHOLE or bare in ("不发", "别发", "keep back"):
        return Verb.KEEP_BACK, {}
    if bare in answers.YES_WHOLE or bare in ("发", "ok发", "发出", "发给客户", "send"):
        return Verb.RELEASE, {}
    head = _command(item, role, tight=True)
    if head and head[0] in (Verb.DISAGREE, Verb.REJECT):
        return Verb.KEEP_BACK, head[1]
    if head and head[0] in (Verb.AGREE, Verb.APPROVE) and set(head[1]) <= {"reference"}:
        return Verb.RELEASE, head[1]
    if head and head[0] not in _YES_NO_ANSWERS | {Verb.REPORT}:
        return head
    if answers.is_question(words.key) or len(bare) < 4:
        return None
    item = item if item.references else item.bare()
    return Verb.REWORD, item.arguments | {"text": item.words.said}


def _facts_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    key = words.key
    if answers.SKIP.fullmatch(key):
        return Verb.SKIP, {}
    if answers.is_thanks(key):
        return Verb.THANKS, {}
    if answers.is_short(bare := key.strip(_EDGES)) and bare not in "12345":
        return Verb.UNCLEAR, {}
    head = _command(item, role, tight=True)
    if head and head[0] not in (Verb.AGREE, Verb.ACCEPT, Verb.DONE):
        return head
    wish = customer.wish(key)
    if wish in (Verb.PERSON, Verb.WITHDRAW, Verb.ERASE_ME, Verb.HELP):
        return _with_text(wish, item, role)
    if re.search("催|进度|到底", key) and (asked := customer.question(key)):
        return _with_text(asked, item, role)
    if re.search(r"为什么|为啥|干嘛|干吗|干什么用|\bwhy\b|what for", key):
        return Verb.UNCLEAR, {}
    return Verb.FACT, {"text": words.said}


def _menu_pending(item: Numbered, role: Speaker, words: Words) -> Reading | None:
    if found := answers.CHOICE.fullmatch(words.key) or answers.CHOICE_LEAD.match(words.key):
        chosen = answers.ORDINALS.get(found[1]) or arguments.number(found[1])
        if chosen is not None:
            return Verb.CHOOSE, {"choice": chosen}
    if answers.NONE_OF_THESE.fullmatch(words.key):
        return Verb.CHOOSE, {"choice": 0}
    item = item if item.references else item.bare()
    if item.references and len(item.words.key) < 2:
        return Verb.CHOOSE, item.arguments
    return None


_ANSWERS: Final[Mapping[Pending, Callable[[Numbered, Speaker, Words], Reading | None]]] = {
    Pending.RATING: _rating_pending,
    Pending.YES_NO: _yes_no_pending,
    Pending.PLAN: _plan_pending,
    Pending.RESULT: _result_pending,
    Pending.REASON: _reason_pending,
    Pending.PROGRESS: _progress_pending,
    Pending.RELEASE: _release_pending,
    Pending.FACTS: _facts_pending,
    Pending.MENU: _menu_pending,
    Pending.TOLD: _yes_no_pending,
    Pending.VISIT: _yes_no_pending,
    Pending.VISIT_OUTCOME: _yes_no_pending,
}


# -- command words ----------------------------------------------------------------------------------------------------
def _find_head(item: Numbered, role: Speaker, *, tight: bool) -> tuple[Head, Numbered, bool] | None:
    """Return the command at the start, the words after it, and whether a separator follows it."""
    for candidate in (item, item.bare()):
        if found := _HEAD[role].match(candidate.words.key):
            head = _HEADS[role][found[2]]
            closed = bool(_BOUNDARY.match(candidate.words.key, found.end()))
            if not closed and (tight or head.tight):
                continue
            return head, replace(candidate, words=candidate.words.part(found.end())), closed
    return None


def _command(item: Numbered, role: Speaker, *, tight: bool) -> Reading | None:
    found = _find_head(item, role, tight=tight)
    if found is None:
        return None
    head, rest, closed = found
    return _obey(head, rest, item, role, closed)


def _obey(head: Head, rest: Numbered, item: Numbered, role: Speaker, closed: bool) -> Reading | None:
    """Return what a command means with the words after it; None where those words take it back."""
    verb = head.verb
    if verb not in _FREE:
        if not rest.references:
            rest = rest.bare()
        if verb is Verb.MERGE:
            rest = rest.bare()
        if not rest.references or verb is Verb.MERGE:
            rest = rest.bare(at_start=False)
    elif verb in (Verb.RATE,):
        rest = rest.bare()
    words, given = rest.words, rest.arguments | dict(head.arguments)
    if verb in _WITH_OWN_RULES:
        return _WITH_OWN_RULES[verb](rest, item, role, given, closed)
    if verb is Verb.STATUS and role in STAFF and len(words.key) > 3 and not answers.is_question(words.key):
        verb = Verb.REPORT  # "进度 已联系客户": an assignee tells, a customer asks
    if verb is Verb.CLOSE and (found := _UNSETTLED.match(words.key)):
        rest = replace(rest, words=words.part(found.end())).bare()
        words, given = rest.words, given | rest.arguments | {"unsettled": True}
    if verb in _REASONED:
        if answers.is_question(item.words.key) and verb not in (Verb.WITHDRAW, Verb.DISAGREE):
            return Verb.STATUS, given
        said = arguments.reason(words)
        return verb, given | ({"reason": said} if said else {})
    return verb, given | ({"text": words.said} if words.said else {})


def _obey_done(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    words = rest.words
    told = closed and bool(words.key)
    stage = progress.stage(item.words.key)
    if stage is Stage.ASKED:
        return Verb.STATUS, given
    if stage is Stage.NOT_DONE and told and not progress.denies(item.words.key):
        stage = Stage.DONE  # "办结 部分瓷砖已更换": what is partial is in the result, not in the being done
    if stage is Stage.NOT_DONE or re.match(r"\d{1,2} ?%|[一二三四五六七八九]成|一半|不了|不成|half", words.key):
        return Verb.NOT_DONE, given | ({"text": item.words.said} if told else {})
    if (not told and stage in (Stage.UNDER_WAY, Stage.PROMISED)) or progress.comes_later(words.key):
        return Verb.REPORT, given | {"text": item.words.said}
    said = words.said if len(words.key) > 1 and progress.leaves_result(words.key) else ""
    return Verb.DONE, given | ({"result": said} if said else {})


def _obey_not_done(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    return Verb.NOT_DONE, given | ({"text": rest.words.said} if rest.words.said else {})


_CANNOT: Final = re.compile("不(?:了|到|动|下|过来)")


def _obey_accept(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    if _CANNOT.match(rest.words.key):
        return Verb.GIVE_BACK, given | {"reason": item.words.said}
    if (
        rest.words.key
        and (other := staff.sentence(rest, role))
        and other[0] not in (Verb.REPORT, Verb.ACCEPT, Verb.THANKS)
    ):
        return other[0], given | other[1]
    if answers.is_question(item.words.key):
        return Verb.STATUS, given
    return Verb.ACCEPT, given | ({"text": rest.words.said} if len(rest.words.key) > 2 else {})


def _obey_extend(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    limit, words = arguments.take_limit(rest.words)
    if role is Speaker.SUPERVISOR and not limit and (decision := staff.decided(item)):
        return decision
    if limit:
        given["limit"] = limit
    else:
        until, words = arguments.take_until(words)
        if until:
            given["until"] = until
    if not limit and re.match(r"(?:批准?|通过|同意|审批)?了?(?:吗|没|么)", words.key):
        return Verb.STATUS, given
    said = re.sub(r"^(?:by|of|for|的?时间|吗|么|申请)[ :,，]*|[吗么?？]+$", "", arguments.reason(words)).strip()
    said = arguments.reason(Words(fold(said), said))
    return Verb.EXTEND, given | ({"reason": said} if said else {})


_PUT_ON_HOLD: Final = re.compile(r"(?:please |pls |can we )*(?:put|place)\b|申请")


def _obey_hold(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    """Return the wish, with how long, for what and why; None for "hold on" and whatever else only begins like it."""
    waits_for = arguments.waits_for(rest.words)
    limit, words = arguments.take_limit(rest.words)
    plain = limit or waits_for or not rest.words.key.strip(_EDGES) or _PUT_ON_HOLD.match(item.words.key)
    if answers.is_question(item.words.key) or not plain:
        return None
    said = re.sub(r"^(?:for|by|多久)(?![a-z])[ :,，]*", "", arguments.reason(words)).strip()
    told = {"limit": limit, "waits_for": waits_for, "reason": said if len(said) > 1 else None}
    return Verb.HOLD, given | {key: value for key, value in told.items() if value}


def _obey_assign(verb: Verb) -> Callable[[Numbered, Numbered, Speaker, dict[str, object], bool], Reading | None]:
    def obey(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
        who, words = arguments.take_who(rest.words)
        if who:
            given["who"] = who
        said = re.sub(r"^(?:处理|去处理|负责|跟进|吧)+[ ,，.。]*", "", arguments.reason(words))
        return verb, given | ({"reason": said} if len(said) > 1 else {})

    return obey


def _obey_grade(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    severity, words = arguments.take_severity(rest.words)
    if severity:
        given["severity"] = severity
    said = re.sub(r"^(?:为|级|to|as|投诉)+[ ,，:：]*", "", arguments.reason(words))
    return Verb.GRADE, given | ({"reason": said} if said else {})


def _obey_merge(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    if len(rest.references) > 1:
        return Verb.MERGE, given | {"into": rest.references[1]}
    if found := _INTO.search(rest.words.key, 0, 60):
        given["into"] = found[1]
    return Verb.MERGE, given


def _obey_leave(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    limit, _ = arguments.take_limit(rest.words)
    said = rest.words.said
    return Verb.LEAVE, given | ({"limit": limit} if limit else {}) | ({"text": said} if said else {})


def _obey_bind(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    found = _CODE.search(rest.words.key, 0, 60)
    if found is None and rest.words.key:
        return None
    # The code keeps its case; only the width is folded.
    typed = rest.words.said[found.start(1) : found.end(1)] if found else ""
    code = unicodedata.normalize("NFKC", typed)
    return Verb.BIND, given | ({"code": code} if code else {})


def _obey_rate(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    rated = rating.read(rest.words, asked=True)
    if rated:
        return Verb.RATE, given | rated
    return None


def _obey_list(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
    if "of" not in given:
        given["of"] = "own" if role is Speaker.CUSTOMER else "entered"
    if rest.words.key:
        verb, told = _customer(rest, role, rest.words)
        if verb is not Verb.UNCLEAR:
            return verb, {key: value for key, value in given.items() if key != "of"} | told
    elif rest.references:
        return Verb.STATUS, rest.arguments
    return Verb.LIST, given


def _obey_complain_for(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    if not rest.words.key.strip(_EDGES + "列表记录有哪些list"):
        return (Verb.STATUS, given) if rest.references else (Verb.LIST, given | {"of": "entered"})
    asked = customer.question(rest.words.key)
    if asked and not customer.TROUBLE.search(rest.words.key) and len(rest.words.key) < 24:
        return asked, given
    return Verb.COMPLAIN_FOR, given | {"text": rest.words.said}


def _is_repair(given: Mapping[str, object]) -> bool:
    return given.get("kind") == "repair"


def _obey_complain(
    rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool
) -> Reading | None:
    if role is Speaker.SUPERVISOR and (decision := staff.decided(item)):
        return decision
    if role in STAFF and _is_repair(given) and (told := staff.worked(item, role)):
        return told  # "repair failed"
    words = rest.words
    if words.key and len(words.key) < 24 and not customer.TROUBLE.search(words.key):
        asked = customer.wish(words.key) or customer.question(words.key) or wider.asks_after(words.key)
        if asked and (not closed or len(words.key) < 14):
            return _with_text(asked, rest, role)
    text = (
        re.sub(r"^(?:一下|你们|下)(?=[^\s])[ ,，:：]*", "", words.said)
        if words.said.startswith(("一下", "下"))
        else words.said
    )
    text = text.lstrip(" ,，:：.。!！")
    return Verb.COMPLAIN, given | ({"text": text} if text else {})


def _obey_alone(verb: Verb) -> Callable[[Numbered, Numbered, Speaker, dict[str, object], bool], Reading | None]:
    """A command that takes a number and nothing else: "为什么 0001", but not "为什么 0001 还没人接"."""

    def obey(rest: Numbered, item: Numbered, role: Speaker, given: dict[str, object], closed: bool) -> Reading | None:
        return None if rest.words.key.strip(_EDGES + "吧的?？") else (verb, given)

    return obey


_WITH_OWN_RULES: Final[
    Mapping[Verb, Callable[[Numbered, Numbered, Speaker, dict[str, object], bool], Reading | None]]
] = {
    Verb.DONE: _obey_done,
    Verb.NOT_DONE: _obey_not_done,
    Verb.ACCEPT: _obey_accept,
    Verb.EXTEND: _obey_extend,
    Verb.HOLD: _obey_hold,
    Verb.RESUME: _obey_alone(Verb.RESUME),
    Verb.TRANSFER: _obey_assign(Verb.TRANSFER),
    Verb.ASSIGN: _obey_assign(Verb.ASSIGN),
    Verb.GRADE: _obey_grade,
    Verb.MERGE: _obey_merge,
    Verb.LEAVE: _obey_leave,
    Verb.BIND: _obey_bind,
    Verb.RATE: _obey_rate,
    Verb.LIST: _obey_list,
    Verb.COMPLAIN_FOR: _obey_complain_for,
    Verb.COMPLAIN: _obey_complain,
    Verb.WHY: _obey_alone(Verb.WHY),
    Verb.PROMISES: _obey_alone(Verb.PROMISES),
    Verb.RELEASE: _obey_alone(Verb.RELEASE),
}


# -- the staff -------------------------------------------------------------------------------------------
def _staff(item: Numbered, role: Speaker, words: Words) -> Reading:
    if item.references and not item.words.key.strip(_EDGES):
        return Verb.STATUS, item.arguments  # a number and nothing else asks after it
    if command := _command(item, role, tight=False):
        return command
    if answers.is_thanks(words.key):
        return Verb.THANKS, {}
    if customer.wish(words.key) is Verb.HELP:
        return Verb.HELP, {}
    marked = item if item.references else item.bare()
    last = marked if marked.references else item.bare(at_start=False)
    reading = staff.sentence(marked, role) or _asks(marked, role)
    if last.references and (reading is None or reading[0] in _ABOUT_A_NUMBER):
        reading = staff.sentence(last, role) or _asks(last, role)
    if reading or (reading := wider.from_staff(marked, role)):
        return reading
    return Verb.UNCLEAR, item.arguments if item.references or marked.words.key else marked.arguments


def _asks(item: Numbered, role: Speaker) -> Reading | None:
    """Staff may ask after a complaint, and be customers too; they do not complain by accident."""
    key = item.words.key
    wish = customer.wish(key)
    if wish in (Verb.HELP, Verb.MY_DATA, Verb.ERASE_ME, Verb.PERSON, Verb.LIST):
        return _with_text(wish, item, role)
    if asked := customer.question(key):
        return _with_text(asked, item, role)
    return None


# -- customers --------------------------------------------------------------------------------------------------------
def _with_text(verb: Verb, item: Numbered, role: Speaker) -> Reading:
    if verb is Verb.LIST:
        return verb, item.arguments | {"of": "own" if role is Speaker.CUSTOMER else "entered"}
    if verb in (Verb.URGE, Verb.STATUS, Verb.WITHDRAW, Verb.PERSON):
        item = item if item.references else item.bare()
        return verb, item.arguments | ({"text": item.words.said} if item.words.said else {})
    return verb, item.arguments


def _customer(item: Numbered, role: Speaker, words: Words) -> Reading:
    key = words.key
    if answers.is_thanks(key) or _thanks_in_passing(key):
        return Verb.THANKS, {}
    if item.references and (not item.words.key.strip(_EDGES) or _ASKS_AFTER.fullmatch(item.words.key)):
        return Verb.STATUS, item.arguments
    last = item.bare(at_start=False)
    if last.references and not item.references and _ASKS_AFTER.fullmatch(last.words.key):
        return Verb.STATUS, last.arguments
    if _gives_orders(item):
        return Verb.UNCLEAR, {}
    if command := _command(item, role, tight=True):
        return command
    if wish := customer.wish(item.words.key):
        return _with_text(wish, item, role)
    if asked := customer.question(item.words.key):
        return _with_text(asked, item, role)
    if command := _command(item, role, tight=False):
        return command
    if key.strip(_EDGES) in answers.SHORT or customer.is_small_talk(key):
        return Verb.UNCLEAR, item.arguments
    if rated := _rates_unasked(item):
        return Verb.RATE, item.arguments | rated
    if role is Speaker.EMPLOYEE and wider.for_others(key):
        return Verb.COMPLAIN_FOR, item.arguments | {"text": words.said}
    plain_trouble = customer.TROUBLE.search(key) is not None
    if not plain_trouble and (wish := wider.from_customer(item.words.key)):
        if wish is Verb.COMPLAIN:
            return wish, item.arguments | {"text": words.said}
        return _with_text(wish, item, role)
    if customer.presses(key):
        return _with_text(Verb.URGE, item, role)
    if customer.describes_trouble(key):
        return Verb.COMPLAIN, item.arguments | {"text": words.said}
    return Verb.UNCLEAR, item.arguments


_DONE_WITH: Final = re.compile(r"done[ ,:#]*(?:ts\d{8}-)?\d{4,6}\b", re.ASCII)  # "done 0001 replaced the lock"


def _gives_orders(item: Numbered) -> bool:
    """A customer who writes a staff command with its number means a command that is not theirs, not a complaint."""
    found = _find_head(item, Speaker.SUPERVISOR, tight=True)
    if (
        found is None
        or _find_head(item, Speaker.CUSTOMER, tight=True)
        or found[0].verb not in _STAFF_VERBS
        or len(item.words.key) > 40
    ):
        return False
    head, rest, _ = found
    numbered_order = bool(rest.references or rest.bare().references) and head.verb not in (Verb.DONE, Verb.CLOSE)
    reports = "结" in item.words.key[:4] or (_DONE_WITH.match(item.words.key) and not _rates_unasked(item))
    return numbered_order or rest.words.key.startswith("@") or (head.verb is Verb.DONE and bool(reports))


_THANKING: Final = re.compile(
    r"[ ,.!~]*(?:thank you|thanks|thx|ty|cheers|so much|very much|a lot|谢谢你?们?|多谢|感谢)+[ ,.!~]*"
)
_ONE_WORD_OF_PRAISE: Final = re.compile(
    r"(?:that's |all |ok |yes )*(?:perfect|great|good|excellent|awesome|wonderful|brilliant|fantastic|amazing|"
    r"lovely|super|nice|cool|fine|"
    r"太?好了?|真好|很好|太棒了)"
)


def _thanks_in_passing(key: str) -> bool:
    """Whether somebody whom nobody asked thanks with a word of praise: "perfect, thank you" rates no work."""
    return (
        len(key) <= 40
        and bool(answers.THANKS.search(key))
        and bool(_ONE_WORD_OF_PRAISE.fullmatch(_THANKING.sub("", key)))
    )


def _rates_unasked(item: Numbered) -> dict[str, object] | None:
    """A rating that nobody asked for must say so itself: "垃圾没人清理" is a matter, "差评" is a rating."""
    key = item.words.key
    if len(key) > 80 or answers.is_question(key):
        return None
    given = rating.read(item.words, asked=False)
    if given is None:
        return None
    spoken = rating.read_words(key)
    start = spoken[1][0] if spoken else 0
    says_so = bool(re.search(r"满意|好评|差评|中评|失望|satisf|\bhappy\b|unhappy|disappoint", key)) or "score" in given
    if given["rating"] == rating.Rating.SATISFIED:
        after = key[spoken[1][1] :] if spoken else ""
        tail = "" if after.startswith((",", ".", "!", "~", " ")) else after
        told_more = answers.BUT.search(key) or len(tail) > 3
        return given if (start <= 12 or says_so) and not told_more and not customer.TROUBLE.search(key) else None
    if says_so:
        return given if start <= 8 and not re.search("投诉|举报|complain", key) else None
    short = len(key) <= (24 if key.isascii() else 6)
    return given if short and spoken and spoken[1][1] > 0 and not customer.TROUBLE.search(key) else None
