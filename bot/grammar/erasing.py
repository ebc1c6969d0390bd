"""Whose data somebody wants erased who names another than themselves: "erase Bev", "删除李强的数据". Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.details import find_details
from bot.grammar.folding import clean, narrow
from bot.grammar.patterns import deferred

_POLITE_EN: Final = r"\W*(?:(?:please|pls|can you|could you|we need to|i want to|you must|now|ok|hi)[ ,]+){0,3}"
_DATA_EN: Final = r"(?:personal )?(?:data|details|info|information|records?|account)"
_NAME_EN: Final = (
    r"(?!(?:me|my|mine|all|any|every|everything|it|its|this|that|the|these|those|them|him|her|his|our|us|your|a|an|no|number|request"
    r"|data|customer|account|last|old|some|personal|\d)(?![a-z]))[a-z][a-z.-]{1,20}(?: [a-z][a-z.-]{0,20}){0,2}?"
)
_NAME_ZH: Final = rf"(?:[\u3400-\u9fff]{{2,4}}?|{_NAME_EN})"
_WHOSE: Final = deferred(
    rf"{_POLITE_EN}(?:erase|delete|remove|wipe) (?P<of>{_NAME_EN})(?:['’]?s)? (?:\w+ )?{_DATA_EN}\W*"
    rf"|{_POLITE_EN}(?:erase|delete|remove|wipe) (?:all |any )?(?:the )?(?:{_DATA_EN}|everything|all)"
    rf"(?: (?:that )?(?:we|you|u|they)(?:['’]ve)? (?:have|got|hold|keep|know|store)(?: got)?)? (?:of|about|on|for|from)"
    rf" (?P<about>{_NAME_EN})\W*"
    rf"|{_POLITE_EN}erase (?P<bare>{_NAME_EN})\W*"
    r"|\W*(?:请|麻烦|帮我|把|给我|要)*(?:删除|删掉|删了|清除|清空|抹掉|注销|销毁)(?:一下)?(?:客户|业主|顾客)?"
    rf"\s*(?P<zh>{_NAME_ZH})\s*(?:的|先生的?|女士的?|小姐的?)(?:全部|所有|个人)*(?:数据|信息|资料|记录|账号|隐私)了?吧?\W*"
    rf"|\W*(?:请|麻烦|帮我|给我)*[把将](?:客户|业主|顾客)?\s*(?P<moved>{_NAME_ZH})\s*(?:的|先生的?|女士的?|小姐的?)(?:全部|所有|个人)*"
    r"(?:数据|信息|资料|记录|账号|隐私)(?:都|全|全部)?(?:删除|删掉|删了|清除|清空|抹掉|注销|销毁)了?吧?\W*"
    rf"|\W*(?:请|麻烦|帮我|给我)*(?:删除|删掉|抹掉|注销)(?:客户|业主|顾客)?\s*(?P<alone>[\u3400-\u9fff]{{2,4}}|{_NAME_EN})\W*",
    re.IGNORECASE,
)
_OWN: Final = deferred(r"我|本人|自己|咱|俺")
_NOBODY: Final = deferred(r"客户|业主|顾客|投诉|这|那|他|她|它|全部|所有|手机|电话|登记|你们|照片|消息|语音|个人|匿名")


def erases_whom(text: str) -> str:
    """Return whom words name whose data is to be erased; "" where they name nobody, or speak of the speaker's own."""
    said = clean(text).strip()
    found = _WHOSE.fullmatch(narrow(said))
    if found is None or found.lastgroup is None:
        return ""
    name = said[slice(*found.span(found.lastgroup))].strip()
    if _OWN.search(name) or _NOBODY.search(name):
        return ""
    if found.lastgroup == "alone" and not name.isascii() and find_details(name, answering=True).name != name:
        return ""
    return name
