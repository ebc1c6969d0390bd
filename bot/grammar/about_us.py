"""Whether somebody asks who, or what, answers them: a program, and nobody may think otherwise. Pure."""

from __future__ import annotations

from typing import Final

from bot.grammar.folding import clean, fold
from bot.grammar.patterns import regex

_LONGEST: Final = 80  # characters
_PROGRAM_ZH: Final = (
    "机器人?|程序|ai|人工智能|电脑|自动(?:回复|应答|的)|系统(?:自动)?(?:回复|回的)|chatgpt|deepseek|豆包"
)
_PERSON_ZH: Final = "真人|活人|人工(?!智能)|人(?!工|家)"
_ASKS: Final = regex(
    # 你是机器人吗, 是真人还是机器人, 我在跟机器人说话吗
    r"(?:你好|您好|喂|请问|等等|等一下|诶|哎|那|所以|我?想问|问一?下|[ ,.!?])*(?!我们?[就也都]?是(?!不是|在|跟|和|对着|同))"
    r"(?:(?:我|这|你们?|您|对面|那头|回我的?|跟我说话的)*(?:现在|到底|究竟|难道|应该|不会|都|一直|[ ])*"
    r"(?:(?:是|就是|是不是|还是)[ ]?|(?:是不?是?)?(?:在)?(?:跟|和|对着|同)(?:个|一个)?))"
    rf"(?:个|一个|在用|用|你们的)*(?:{_PROGRAM_ZH}|{_PERSON_ZH})"
    r"(?:说话|聊天|聊|对话|在?回复?我?|在?回答|客服|在说话)*"
    rf"(?:[ ,]*(?:还是|或者?|不是|呀|啊)(?:是|个)?(?:{_PROGRAM_ZH}|{_PERSON_ZH})(?:客服|回复)?)?"
    r"(?:吧|吗|么|嘛|呢|啊|呀|吧你|的|[ ,.!?~])*"
    r"|(?:请问|你好|您好|喂|[ ,])*(?:机器人|真人|ai|自动回复)(?:吗|么|吧|啊|[ ])*\?+[ ]*"
    r"|(?:请问|你好|您好|喂|那|到底|[ ,])*(?:你们?|您|这[里边]?|对面)"
    r"(?:到底|究竟)?(?:又)?(?:是谁|是什么人|是哪位|"
    r"是什么(?:东西|单位|公司|部门)|是干(?:什么|啥|嘛)的|是做什么的|谁啊|谁呀|哪位|叫什么(?:名字)?)(?:啊|呀|呢|[ ,.!?~])*"
    # is that a bot, am i talking to a human, who are you people
    r"|(?:(?:hi|hello|hey|wait|sorry|so|ok|excuse me|and|but|just|lol|seriously|honestly|quick question|hold on)[ ,.!?]+)*"
    r"(?:(?:is|are|was) (?:this|that|it|you|u|there)(?: (?:guys|lot|people|all|just|even|only|really|actually))*"
    r"|are u|r u|r you|u"
    r"|am i (?:(?:just|really|actually) )?(?:talking|speaking|chatting|writing|texting|typing)(?: here)? (?:to|with)"
    r"|do i (?:talk|speak) (?:to|with))"
    r"(?: (?:a|an|the|some|some kind of|one of those|your|actual|real|live|just|only|even))*"
    r" ?(?:(?:chat ?|ro)?bots?|robots?|machines?|computers?|ai|a\.i\.|chat ?gpt"
    r"|programs?|software|automated|automatic|auto ?reply|real|humans?|persons?|people|someone real|somebody real)"
    r"(?: (?:person|people|human|being|reply|replies|response|answer|answering|message|system|service|one|thing|here"
    r"|or what|right|then|im talking to|i'm talking to|i am talking to|talking to me|at all|i wonder))*"
    r"(?:,? or (?:(?:is it|are you|just|a|an|some|some kind of|actual|real|live) )*"
    r"(?:(?:chat ?|ro)?bot|robot|machine|computer|ai|human|person|real person|human being|not|what|program))?(?: here)?[ .!?]*"
    r"|(?:bot|robot|ai|human|real person|auto ?reply)[ ]?\?+[ ]*"
    r"|(?:(?:hi|hello|hey|wait|sorry|so|ok|excuse me|and|but|just)[ ,.!?]+)*"
    r"(?:who|what)(?: (?:on earth|the hell|exactly))? (?:are (?:you|u)(?: (?:people|guys|lot|all|exactly|anyway))*|is this|"
    r"am i (?:talking|speaking|chatting|writing) (?:to|with))(?: (?:here|exactly|anyway|then|even))?[ .!?]*"
    r"|what(?:'?s| is) your name[ .!?]*"
)


def asks_about_us(text: str) -> bool:
    """Say whether words ask nothing but whether a program or a person answers, or who we are."""
    key = fold(clean(text))
    return len(key) <= _LONGEST and _ASKS.fullmatch(key.strip()) is not None
