"""Promises of money in what colleagues say: "赔他2000", "免一个月物业费", "we pay him 2000". Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex

_SUM: Final = r"(?:\d+|[一二两三四五六七八九十半几][百千万个年月成折天周多块元]?)"
_WHOM: Final = r"(?:他们?|她们?|您|你|客户|业主|人家|对方|[ ])*"
_FEE: Final = r"(?:物业费|停车费|管理费|房租|租金|押金|电费|水费|定金|全款|服务费|损失)"
_PROMISED: Final = regex(
    rf"(?:赔偿?|补偿?|补贴|退还?|返还?|减免?|免(?!得|不了|去)|抵扣?|报销)(?:付|给|了)?{_WHOM}(?:{_SUM}|全部|全额|所有)"
    r"[^,.;!?]{0,6}(?:元|块|钱|万|千|百|费|租|押金|款|积分|券|\d|$)"
    rf"|(?:免(?!得|不了|去)|减免|退还?|返还?|赔偿?|补偿?)了?{_WHOM}[^,.;!?]{{0,8}}?{_FEE}"
    rf"|(?:给|送)了?{_WHOM}[^,.;!?]{{0,4}}{_SUM}[^,.;!?]{{0,3}}(?:块钱?|元|代金券|优惠券|积分|红包|赔偿|补偿)"
    rf"|(?:赔|补偿|退|免)(?:了|给|付)?{_WHOM}(?:\d{{2,}}|[一二两三四五六七八九十]+[百千万])(?!\d*[天日次号栋楼室])"
    r"|\b(?:pay|paid|pays|paying|refund(?:ed|ing)?|compensat(?:e|ed|ing|ion)|reimburse[ds]?|waive[ds]?|give|giving"
    r"|offer(?:ed)?|promised?|owe|credit(?:ed)?)\b[^,.;!?]{0,24}?(?:[$£€¥]\s?\d|\d{2,}(?!\d*[:.]\d)|\bfees?\b|\brent\b"
    r"|(?:\d+ )?months?\b[^,.;!?]{0,12}\b(?:free|rent|fee)|\bdeposit\b|\bmoney\b)"
    r"|\bmonths? (?:rent )?free\b|\b(?:full|partial) refund\b"
)


_GIVES_WORD: Final = regex(
    r"(?:答应|承诺|保证|许诺)(?!书|金)|(?:跟|和|同|对|向|给)[\u4e00-\u9fff]{1,6}?(?:说|讲|谈)过?了|(?:告诉|通知)[\u4e00-\u9fff]{1,6}?了"
    r"|\b(?:promised?|(?:have |'ve )?told (?:him|her|them|the \w+|m[rs]s?\.? \w+)|agreed with)\b"
)


def promises(said: str) -> bool:
    """Say whether words hold what somebody was promised or told, money above all."""
    return promises_money(said) or _GIVES_WORD.search(fold(clean(said))) is not None


def promises_money(said: str) -> bool:
    """Say whether words hold money, or what is worth some, that somebody is to get from us."""
    return _PROMISED.search(fold(clean(said))) is not None
