"""Whom the words of whoever works on it are for: a colleague, somebody who is to be told, or in doubt nobody else. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from bot.grammar.arguments import commanded
from bot.grammar.bidden import told_by_number, told_of_a_talk
from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex

_POST: Final = (
    r"(?:主管|经理|主任|领导|老板|老总|总监|队长|班长|所长|部长|局长|书记|组长|店长|同事|上面|上级|总部|头儿)"
    r"(?:们|那边|那里)?"
)
_COLLEAGUE: Final = rf"(?:[\u4e00-\u9fff]{{0,4}}?{_POST}|\x00+)"  # a colleague's own name stands as \x00
_COLLEAGUE_EN: Final = (
    r"(?:(?:the |our |my )?(?:supervisor|manager|boss|team ?lead|lead|head|director|colleagues?|foreman|management|head office|"
    r"others|team)\b|\x00+)"
)
_POLITE: Final = r"(?:请|麻烦|拜托|帮忙?我?|你们?|替我|代我|回头|记得|顺便|就|再|也|先|去|[ ])*"
_BEGINS: Final = r"(?:^|[\s,.;:!?()\[\]]|(?<=\d))"
_TELL_COLLEAGUE: Final = regex(
    rf"{_BEGINS}{_POLITE}(?:(?:跟|和|同|对|向|给){_COLLEAGUE}(?:说|讲|提|转达|交代|带个?话|捎个?话|透露|反映)(?:一?[下声句])?"
    rf"(?!过|了|好|定|清|明[^天早晚日年]|前)|(?:告诉|转告|告知){_COLLEAGUE}(?:一?[下声])?(?!过|了|好))"
    rf"|{_BEGINS}(?:please |pls |kindly |can you |could you |just )*(?:(?:tell|inform|ask) {_COLLEAGUE_EN}"
    rf"|let {_COLLEAGUE_EN} know\b|say to {_COLLEAGUE_EN}|for {_COLLEAGUE_EN} ?[:,-])"
)


_NAMED: Final = (
    r"(?:[\u4e00-\u9fff]{1,3}?(?:先生|女士|小姐|太太|阿姨|大爷|大妈|大叔|大姐|大哥|奶奶|爷爷|叔叔?|姐|哥|姨|总|老师)|[老小阿][\u4e00-\u9fff]"
    r"|(?:那|这)(?:家|户|位)(?:人|业主|客户)?)"
)
_CUSTOMER: Final = r"(?:(?:那个?|这个?)?(?:客户|业主|住户|租户|租客|投诉人|家属|对方)|他|她|人家)(?:们|那边|家)?"
_NOT_YET_TOLD: Final = r"(?!过|了|好|定|清|通|明[^天早晚日年]|一?[声下句]?(?:过|了))"
_NAMED_EN: Final = r"(?:(?:mr|mrs|ms|miss|dr)\.? [a-z]+|(?:old |young |auntie |uncle )[a-z]+)"
_CUSTOMER_EN: Final = r"(?:(?:the |our )?(?:customer|client|tenant|owner|resident)|him|her|them)\b"
_PLEASE_EN: Final = r"(?:please |pls |kindly |can you |could you |just |help me |then |and )*"


def _to_tell(who: str, who_en: str) -> str:
    return (
        rf"{_POLITE}(?:(?:跟|和|同|对|向|给|回复?){who}(?:说|讲|解释|转达|交代){_NOT_YET_TOLD}(?:一?[下声句]|清楚)?"
        rf"|(?:告诉|转告|告知|通知){who}{_NOT_YET_TOLD}|(?:让|叫){who}(?:也|先)?(?:知道|晓得|知晓|放心))"
        rf"|{_PLEASE_EN}(?:(?:tell|inform) {who_en}(?! off\b)|let {who_en} know\b|say to {who_en})"
    )


_TELL: Final = regex(_to_tell(rf"(?:{_CUSTOMER}|{_NAMED})", rf"(?:{_CUSTOMER_EN}|{_NAMED_EN})"))
_TELL_SOMEBODY: Final = regex(_to_tell(_NAMED, _NAMED_EN))
_TOLD_COLLEAGUE: Final = regex(
    rf"(?:跟|和|同|对|向|给){_COLLEAGUE}(?:说|讲|提|透露|交代)(?!好|定|明)|(?:告诉|转告){_COLLEAGUE}"
    rf"|\b(?:told|informed) {_COLLEAGUE_EN}"
)
_SLIP: Final = (
    r"(?:^|[ ,.;:!?])(?:不好意思|抱歉|对不起|哎呀?|哦|啊|是|我们?|刚才|刚刚|之前|昨天|今天|可能|好像|[ ,])*"
    r"(?:(?:记|走|看|去|跑|说|写|敲|进|听|约)(?:错|混|反|串|岔)|(?:搞|弄)(?:错|混|反)(?!人|部门|单))"
    r"(?:了|楼|门|栋|户|单元|家|房|日子|时间|地方|地址|[ ,.!]|$)"
    r"|\b(?:my (?:mistake|bad|error)|i (?:got|had) (?:it|the \w+) (?:wrong|mixed up)"
    r"|i (?:mixed|muddled) (?:it|them|things|that) up"
    r"|mixed up the \w+|(?:the )?wrong (?:building|flat|door|address|house|floor|block|day|apartment|unit))\b"
)
_CONFESSES: Final = (
    r"是(?:我们?|咱们?|师傅|工人|同事|我们?的人|我方)(?:自己|当时|上次|不小心|[ ])*"
    r"(?:弄|搞|碰|撞|打|砸|拆|装|剪|接|踩|锯|钻|凿|忘|漏|丢|拿|刮)(?:坏|破|错|断|反|碎|丢|掉|穿|漏|花|了|记)"
    r"|(?:是|都怪)(?:我们?|咱们?)(?:自己)?(?:的|这边的)?(?:错|锅|责任|疏忽|失误)"
    r"|\b(?:it was|it'?s) (?:me|us) (?:who|that) (?:broke|damaged|forgot|lost|dropped)\b"
    r"|\b(?:i|we) (?:broke|damaged|dropped|lost|forgot)\b|\b(?:my|our) (?:own )?fault\b"
)
_OF_A_SLIP: Final = regex(f"{_SLIP}|{_CONFESSES}")
_UNDER_THE_TABLE: Final = regex(r"私下|私底下|自己人|背地里|\b(?:privately|under the table|on the side)\b")


def asks_to_tell(key: str) -> bool:
    """Say whether folded words begin with whom to tell what follows: it is a wish, and nothing that was done."""
    return _TELL.match(key.lstrip(" ,.:;!")) is not None


_WENT_WRONG: Final = regex(r"\b(?:went|drove|came|walked) (?:in)?to (?:the )?wrong\b")


def went_wrong(key: str) -> bool:
    """Say whether folded words tell of a way that was wrong: nobody was sent wrongly."""
    return _WENT_WRONG.search(key) is not None


def to_be_told(said: str) -> str:
    """Return what a customer is to be told, without "跟客户说" before it; "" where the words ask for no such thing."""
    if by_number := told_by_number(said):
        return by_number
    words = commanded(clean(said)).words
    found = _TELL.match(words.key)
    return words.part(found.end()).said.strip(" ,.:;，。：；") if found is not None else ""


def slipped(key: str) -> bool:
    """Say whether folded words own up to a slip or a fault: "记错了 我去的是5栋", "wrong building, my mistake"."""
    return _OF_A_SLIP.search(key) is not None


def may_be_for_us(said: str, colleagues: Collection[str] = ()) -> bool:
    """Say whether words that a customer would read may be for nobody outside, or for somebody else: better asked first."""
    key, known = commanded(clean(said)).words.key.strip(" ,.:;!"), _known(said, colleagues)
    return (
        slipped(key)
        or told_of_a_talk(said)
        or _UNDER_THE_TABLE.search(key) is not None
        or _TOLD_COLLEAGUE.search(known) is not None
        or _TELL_SOMEBODY.match(key) is not None
    )


def asks_to_tell_colleague(said: str, colleagues: Collection[str] = ()) -> bool:
    """Say whether words are to be told to a colleague, by post or name: "跟王主管说一声 …", "let the boss know …"."""
    return _TELL_COLLEAGUE.search(_known(said, colleagues)) is not None


def _known(said: str, colleagues: Collection[str]) -> str:
    """Fold, and put a mark in place of each colleague's name, longest first: "李娜" is no part of "李娜娜"."""
    key = fold(clean(said)).replace("\x00", " ")
    names = sorted({fold(name.strip()) for name in colleagues if len(name.strip()) > 1}, key=len, reverse=True)
    for name in names:
        edge = r"\b" if name.isascii() else ""
        key = re.sub(rf"{edge}{re.escape(name)}{edge}", lambda found: "\x00" * len(found[0]), key)
    return key
