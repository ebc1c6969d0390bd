"""What matters are about: the things, rooms, trades and people of a building, as word classes. Folded spelling. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.grammar.patterns import regex

_HOUSEHOLD_ZH: Final = (
    "龙头|水喉|马桶|坐便|厕所|卫生间|洗手间|浴室|淋浴|花洒|浴霸|厨房|客厅|卧室|房间|主卧|次卧|阳台|露台|飘窗|"
    "天花板|吊顶|地板|"
    "瓷砖|墙|玻璃|窗|纱窗|窗帘|门锁|锁芯|门把手|房门|大门|木门|铁门|门铃|门口|柜|床|沙发|灯|空调|冷气|外机|暖气|"
    "地暖|热水器|"
    "洗衣机|冰箱|油烟机|灶|烤箱|微波炉|洗碗机|电视|机顶盒|网络|宽带|wifi|路由器|插座|开关|电闸|空开|电箱|配电箱|电线|"
    "水管|管道|管子|下水|地漏|水槽|水池|洗手盆|台盆|水表|电表|水压|热水|燃气|煤气|天然气|屋顶|防水|排风|排气|"
    "风扇|遥控|网速|信号"
)
_SHARED_ZH: Final = (
    "电梯|楼梯|楼道|走廊|过道|消防|大堂|单元门|门禁|车库|车位|停车|道闸|地库|监控|摄像头|路灯|垃圾|快递|信箱|"
    "绿化|草坪|"
    "车(?!上)|充电|钥匙|对讲|可视|家具|树|泳池|健身房|跑步机|广场|大爷|邻居|楼上|楼下|隔壁|对门|保安|保洁|管家|"
    "前台|业务员|销售|中介|经纪人|房东|宠物|狗|猫"
)
_MONEY_ZH: Final = "押金|定金|租金|房租|中介费|佣金|物业费|水费|电费|服务费|违约金|发票|收据|合同"
_THINGS_EN: Final = (
    r"taps?|faucets?|toilets?|loo|sinks?|basins?|showers?|bath(?:room|tub)?s?|kitchens?|bedrooms?|living room|"
    r"ceilings?|walls?|"
    r"floors?|tiles?|doors?|doorbell|windows?|blinds?|curtains?|locks?|keys?|fob|lights?|lamps?|bulbs?|"
    r"air ?con\w*|a/?c|heaters?|"
    r"heating|radiators?|boilers?|geyser|washing machine|washers?|dryers?|fridges?|freezers?|ovens?|stoves?|hob|"
    r"cookers?|"
    r"dishwashers?|microwave|tv|television|wi-?fi|internet|router|sockets?|outlets?|plugs?|switch(?:es)?|fuses?|"
    r"breakers?|"
    r"pipes?|drains?|gutters?|meters?|power|electricity|water|hot water|gas|furniture|sofa|bed|mattress|"
    r"wardrobe|cupboards?|"
    r"lifts?|elevators?|stairs?|stair(?:case|well)|corridors?|hallways?|lobby|garage|car ?park|parking|gates?|"
    r"barriers?|"
    r"intercom|mail ?box(?:es)?|letter ?box|parcels?|packages?|rubbish|garbage|trash|bins?|garden|lawn|trees?|"
    r"pool|gym|"
    r"balcon(?:y|ies)|roofs?|basement|neighbou?rs?|upstairs|downstairs|dogs?|cats?|ants?|bugs?|insects?|wasps?|"
    r"pigeons?|"
    r"cars?|bikes?|scooters?|guards?|cleaners?|receptionist|caretaker|concierge|deposit|rent|refund|fees?|"
    r"bills?|invoice|"
    r"contract|lease|landlord|fans?|extractor|vents?|remote|handles?|hinges?|charg(?:er|ing)|apartment|flat|"
    r"room|building"
)
THING: Final = regex(
    rf"{_HOUSEHOLD_ZH}|{_SHARED_ZH}|{_MONEY_ZH}|\b(?:{_THINGS_EN})\b",
    re.ASCII,
)
"""Whatever a matter may be about."""

CALLED_OUT: Final = (
    r"plumber|electrician|locksmith|handyman|technician|engineer|repair ?(?:man|person|guy)|maintenance(?: guy|"
    r" man| team)?|"
    r"carpenter|painter|exterminator|pest control|workers?|mechanic|fitter|crew|contractor|guys?|man|men|team"
)
"""Who comes to repair, in English."""

CUSTOMERS_ZH: Final = (
    "业主|住户|客户|顾客|租客|租户|房客|房东|住家|居民|[^\\s,.;]{1,3}(?:阿姨|先生|女士|小姐|"
    "太太|叔叔?|大爷|大妈|大叔|奶奶|爷爷|老师)"
)
CUSTOMERS_EN: Final = (
    r"(?:(?:a|an|the|our|one|another|this|my) )*(?:(?:old|elderly|young|angry|new) )?(?:customer|tenant|owner|"
    r"resident|"
    r"client|guest|lady|gentleman|neighbou?r|landlord|woman|man|couple|family|caller|(?:mrs?|ms|miss|dr)\.? [a-z]+)"
)

LONGEST: Final = 120
"""Characters: a letter is not read by its classes."""


def is_told(key: str) -> bool:
    """Whether there are words enough to tell something."""
    return len(re.findall("[\u3400-\u9fff]", key)) >= 4 or len(re.findall(r"[a-z']+", key)) >= 3
