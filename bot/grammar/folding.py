"""One spelling for many: width, case, traditional characters, dashes, quotes, invisible marks.

`clean` keeps what the person wrote, minus what cannot be seen. `fold` changes one character into one character, so that
a place found in the folded text is the same place in the clean one: rules look at the folded text, and what is handed
on (a result, a reason, a comment) is cut out of the clean one, as it was written.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from bot.grammar.patterns import regex
from complaints.characters import Characters

_KEPT: Final = 8
"""Spellings that are remembered: each table of words asks for those of the same message."""

# Characters of our own vocabulary and of what people complain about; not a general conversion.
_TRADITIONAL: Final = (
    "処处滿满訴诉謝谢辦办結结處处轉转單单進进預预約约請请級级別别無无駁驳專专組组關关閉闭併并並并銷销評评價价補补綁绑語语幫帮"
    "還还沒没壞坏嗎吗麼么甚什時时這这個个們们來来對对錯错愛爱說说話话電电讓让給给數数據据刪删詢询誰谁裡里裏里點点鐘钟後后"
    "週周號号樓楼棟栋層层戶户門门鎖锁間间開开動动態态熱热緊紧聯联繫系係系絡络經经過过現现場场師师員员總总領领導导記记體体"
    "視视臺台報报傷伤訟讼維维權权橫横燒烧氣气殺杀復复複复換换裝装設设備备費费錢钱賠赔償偿應应該该覺觉歸归屬属責责擔担協协"
    "調调廠厂貨货訂订購购買买賣卖車车長长幾几兩两萬万為为難难題题問问聽听見见觀观親亲煩烦勞劳隨随發发傳传簡简訊讯願愿認认"
    "絕绝將将會会從从聲声響响鬧闹髒脏蟲虫牆墙頂顶廁厕廳厅臥卧廚厨陽阳燈灯網网線线錶表鑰钥風风廢废棄弃兒儿較较極极讚赞贊赞"
    "強强優优與与於于繼继續续終终檢检測测驗验確确實实際际狀状況况執执準准劃划計计畫划囉啰嘍喽徵征瞭了乾干淨净爛烂虧亏騙骗"
    "頭头媽妈樣样歡欢擾扰貴贵贈赠積积圖图離离誤误達达選选遲迟連连運运違违適适遠远遺遗鄰邻錄录隊队險险雙双雜杂靜静頻频顯显"
    "類类顧顾館馆驚惊騷骚齊齐陳陈張张劉刘楊杨趙赵黃黄吳吴孫孙馬马羅罗鄭郑許许鄧邓馮冯葉叶蘇苏盧卢蔣蒋賈贾業业産产產产務务"
    "區区園园國国學学錶表啟启啓启決决凍冻減减湊凑勝胜匯汇單单嚴严圍围壓压夠够寫写寬宽導导廣广彈弹後后惱恼慮虑擋挡"
    "擠挤攔拦暫暂條条樹树機机歷历殘残滅灭潔洁濕湿溫温燙烫獎奖異异當当瘋疯監监禮礼種种稱称窩窝節节糾纠紅红純纯細细網网罵骂"
    "聞闻脫脱腳脚舊旧虛虚術术衛卫觸触誠诚諒谅證证譴谴負负貼贴賬账賴赖趕赶軟软較较輕轻輪轮輸输農农鈴铃銀银鋪铺鍋锅鐵铁"
    "資资聞闻塊块拋抛佔占頓顿攝摄絲丝鑽钻鑿凿滲渗側侧減减傾倾壘垒擊击掃扫換换棄弃鬥斗紙纸紛纷罰罚職职荒荒蓋盖虧亏襯衬"
    "譽誉財财貌貌賣卖跡迹車车軌轨郵邮酬酬鉤钩銹锈鋁铝鋼钢錘锤鎮镇鏡镜閥阀閘闸闆板陣阵隨随隱隐頁页頓顿領领頸颈颱台餐餐飯饭"
    "飲饮駛驶騎骑鬍胡魚鱼鳥鸟鹽盐麗丽黴霉點点齡龄廳厅廟庙彎弯恥耻悅悦憑凭懶懒戲戏戰战戀恋抱抱據据擬拟擴扩擺摆攤摊斃毙斷断"
    "昇升時时晝昼曬晒橋桥檔档欄栏歲岁殼壳氾泛涼凉渾浑滾滚濾滤灑洒灣湾爐炉牽牵獲获琺珐畢毕痺痹盜盗眾众矚瞩礙碍穩稳籃篮籠笼"
    "糧粮紮扎細细紹绍結结給给統统綠绿維维緩缓線线縫缝縮缩總总繞绕織织罷罢義义習习聰聪肅肃膠胶臨临舉举艙舱莊庄蕩荡薦荐薩萨"
    "藝艺藥药蘭兰虜虏衝冲裏里補补製制複复襪袜覆覆訓训討讨託托訪访詐诈詞词試试詳详誇夸誘诱誤误誰谁課课談谈請请諷讽諾诺謀谋"
    "謊谎講讲譯译議议護护讓让豐丰貓猫貧贫貫贯責责貿贸賊贼賓宾賠赔質质購购贏赢趨趋跡迹躍跃軍军軸轴載载輔辅輩辈辭辞迴回遊游"
    "過过還还邊边鄉乡醫医釋释針针釘钉釣钓鈔钞鈕钮銜衔錦锦鍊链鍵键鎊镑鏈链鏟铲鑑鉴鑲镶閃闪閉闭閱阅闊阔陝陕陸陆隸隶際际雖虽"
    "霧雾靈灵韓韩響响頂顶項项順顺須须預预頑顽頒颁頗颇頻频題题額额顆颗願愿飛飞飽饱餅饼餓饿館馆駕驾騙骗驅驱鬆松鬧闹"
    "佢他喺在啲些嚟来睇看冇没咗了嘅的喇啦喎哦咁这俺我恁你侬你伲我咾了掂定咩么"
    "閒闲陰阴階阶額额願愿顛颠飄飘養养餘余驗验鬆松麵面齒齿"
)
_PUNCTUATION: Final = {
    "　": " ", "\u00a0": " ", "\u202f": " ", "\t": " ", "\r": " ", "\v": " ", "\f": " ", "\u2028": "\n", "\u2029": "\n",
    "\x85": " ", "。": ".", "．": ".", "｡": ".", "、": ",", "…": ".", "·": " ", "•": " ", "～": "~", "〜": "~",
    "“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"', "《": '"', "》": '"',
    "‘": "'", "’": "'", "′": "'", "`": "'", "´": "'", "【": "[", "】": "]", "〔": "[", "〕": "]",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "−": "-", "―": "-", "﹣": "-", "﹐": ",", "﹕": ":", "︰": ":",
    "①": "1", "②": "2", "③": "3", "④": "4", "⑤": "5", "⑥": "6", "⑦": "7", "⑧": "8", "⑨": "9",
}  # fmt: skip


PICTURES: Final = regex("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]+")
"""Emojis: they end a clause as a full stop does."""


def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= {ord(char): char.lower() for char in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    table |= {code: chr(code - 0xFEE0).lower() for code in range(0xFF21, 0xFF3B)}
    table |= {ord(wide): narrow for wide, narrow in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)}
    table |= {ord(char): plain for char, plain in _PUNCTUATION.items()}
    table[0xFF40] = "'"  # a full-width back quote must not become a plain one, which folds again
    return table


_FOLDED: Final = _table()
_FOLD: Final = Characters(_FOLDED)
ALIKE: Final = Characters({code: plain for code, plain in _FOLDED.items() if plain in "0123456789-:, "})
"""What `fold` makes of digits, dashes, colons, commas and blanks, and of nothing else."""
_INVISIBLE: Final = Characters.fromkeys(
    [
        *(code for code in range(0x20) if chr(code) not in "\t\n\r\v\f"),
        0x7F,
        0xAD,
        0x20E3,  # the frame of a keycap: 5️⃣ is a five
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),  # variation selectors
        *range(0x1F3FB, 0x1F400),  # skin tones
    ]
)


@lru_cache(maxsize=_KEPT)
def clean(text: str) -> str:
    """Return `text` without invisible characters and without white space around it."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return text.translate(_INVISIBLE).strip()


class _Narrow(dict[int, str]):
    """What is narrow of each character met so far, as far as people use so many."""

    def __missing__(self, code: int) -> str:
        found = unicodedata.normalize("NFKC", chr(code))
        narrowed = found if len(found) == 1 else chr(code)
        if len(self) < _MET:
            self[code] = narrowed
        return narrowed


_MET: Final = 20_000
_NARROW: Final = _Narrow()


def narrow(text: str) -> str:
    """Return a text with its wide letters, digits and marks made narrow, each in its place: cut from the text as written."""
    return text.translate(_NARROW)


# Of dialects, what denies and asks: what denies must never be missed. As long as what it stands for.
_DIALECT: Final = {"点解": "为何", "仲未": "还没", "仲没": "还没", "边个": "哪个", "咩事": "啥事"}
_SPOKEN: Final = regex("|".join(_DIALECT))
_DENYING: Final = regex(
    "唔(?!该)|(?:[莫冒]|(?<![树积灌原实苗乔花])木)(?=得|有)|(?<=[没莫木冒])得(?=[修弄搞处解换来去人])|"
    "勿(?=[满好行可要来])|弗"
)


@lru_cache(maxsize=_KEPT)
def fold(cleaned: str) -> str:
    """Return the folded form, character for character as long as `cleaned`."""
    folded = cleaned.translate(_FOLD)
    if folded.isascii():
        return folded
    folded = _SPOKEN.sub(lambda found: _DIALECT[found[0]], folded)
    return _DENYING.sub(lambda found: "没" if found[0] in "莫木冒" else "有" if found[0] == "得" else "不", folded)


def normalise(text: str) -> str:
    """Return the one spelling under which the rules look at `text`. Doing it twice changes nothing."""
    return fold(clean(text)).strip()
