"""Tables of characters for `str.translate`, and one spelling for traditional and simplified ones."""

from __future__ import annotations

_KEPT = 20_000  # characters that are remembered to stay as they are: more than people use


class Characters(dict[int, "int | str | None"]):
    """What becomes of characters; any other stays. Of one that a plain dict lacks `str.translate` hears by an error, made and
    caught for each: for Chinese words that takes ten times as long.
    """

    def __missing__(self, code: int) -> int:
        if len(self) < _KEPT:
            self[code] = code
        return code


# Each with the one that is written for it: of our own vocabulary and of what people complain about, no general conversion.
_TRADITIONAL = (
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
    "偉伟傑杰華华輝辉濤涛鳳凤賢贤寶宝慶庆澤泽鵬鹏龍龙銘铭鋒锋穎颖瑩莹嬌娇嫻娴倫伦憲宪"
    "閒闲陰阴階阶額额願愿顛颠飄飘養养餘余驗验鬆松麵面齒齿"
)
SIMPLER: dict[int, str] = {
    ord(other): plain for other, plain in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)
}
_SIMPLER = Characters(SIMPLER)


def simplified(text: str) -> str:
    """Return a text with simplified characters in place of traditional and Cantonese ones, each in its place."""
    return text if text.isascii() else text.translate(_SIMPLER)
