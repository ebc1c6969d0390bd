"""Whether somebody asks if they are to send us what they have: the list of names, photos, a receipt. Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex

_WHAT_ZH: Final = (
    "名单|名册|签名|照片|图片|视频|录像|录音|截图|证据|材料|资料|文件|合同|发票|收据|单据|凭证|聊天记录|转账记录"
)
_ASKS: Final = regex(
    rf"(?:{_WHAT_ZH})[^,.;!?\d]{{0,8}}(?:要不要|需不需要|用不用|要不|可以|能不能|怎么|往哪里?|发到?哪|在哪)[^,.;!]{{0,4}}[发给交寄传]"
    rf"|(?:要不要|需不需要|用不用|可不可以|能不能|怎么)[^,.;!]{{0,6}}[发给交寄传提][^,.;!]{{0,8}}(?:{_WHAT_ZH})"
    rf"|(?:要不要|需不需要|用不用|可不可以|能不能|怎么)把[^,.;!]{{0,6}}(?:{_WHAT_ZH})[^,.;!]{{0,6}}[发给交寄传]"
    rf"|(?:{_WHAT_ZH})[^,.;!?\d]{{0,4}}(?:需要|要|可以)[^,.;!]{{0,4}}[发给交寄传][^,.;!]{{0,6}}[吗么]"
    r"|\b(?:shall|should|can|could|may|do|where (?:can|do|should)|how (?:can|do|should)) "
    r"(?:i|we|you (?:want|need|like) (?:me|us) to) "
    r"(?:e-?mail|send|post|upload|forward|give|show|attach) (?:you |over |in )?(?:the|a|an|my|our|some|it|them|these)\b"
    r"|\bdo you (?:need|want) (?:to see )?(?:the|a|an|any|my|our) (?:\w+ )?"
    r"(?:list|names|signatures|photos?|pictures?|video|recording|receipt|invoice|contract|screenshots?|evidence|proof|documents?)\b"
)


def asks_to_send(text: str) -> bool:
    """Say whether words ask if, or where, something is to be sent to us."""
    return _ASKS.search(fold(clean(text))[:200]) is not None
