"""Names, phone numbers and places out of free words: what is found, and above all what is not taken for a name."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar.details import MAX_SCANNED, Details, find_details, find_phone

MOBILE = "+8613712345678"

# What people answer to "your name, phone number and room?".
ANSWERS = [
    ("王先生 13712345678", "王先生", MOBILE, ""),
    ("王丽 13712345678 6栋1202", "王丽", MOBILE, "6栋1202"),
    ("张伟，13712345678，3栋502室", "张伟", MOBILE, "3栋502室"),
    ("陈建国/13712345678/6栋1202", "陈建国", MOBILE, "6栋1202"),
    ("王五(13712345678)6栋", "王五", MOBILE, "6栋"),
    ("13712345678王女士", "王女士", MOBILE, ""),
    ("王先生,137-1234-5678,6栋1202房", "王先生", MOBILE, "6栋1202房"),
    ("我姓陈，137 1234 5678", "陈", MOBILE, ""),
    ("免贵姓刘", "刘", "", ""),
    ("姓刘，13712345678", "刘", MOBILE, ""),
    ("10栋电梯停了，我住403", "", "", "10栋403"),
    ("10栋电梯停了403天", "", "", "10栋"),
    ("想了解一下翠湖花园9栋的情况", "", "", "翠湖花园9栋"),
    ("我想咨询关于翠湖花园9栋电梯的事", "", "", "翠湖花园9栋"),
    ("no water in flat 3-1804", "", "", "flat 3-1804"),
    ("Actually it is flat 3-1804 building 5", "", "", "flat 3-1804 building 5"),
    ("我叫李娜，电话13712345678，住阳光花园3号楼2单元501室", "李娜", MOBILE, "阳光花园3号楼2单元501室"),
    ("我是王丽", "王丽", "", ""),
    ("我是业主王丽", "王丽", "", ""),
    ("我是3栋的王女士", "王女士", "", "3栋"),
    ("本人王刚", "王刚", "", ""),
    ("我叫王丽，我家厨房漏水", "王丽", "", ""),
    ("我叫王丽住6栋1202", "王丽", "", "6栋1202"),
    ("我叫王小明的爱人", "", "", ""),
    ("姓名：王强 电话：13712345678 房号：8-1-1203", "王强", MOBILE, "8-1-1203"),
    ("姓名 王五 手机 13712345678 房间 1202", "王五", MOBILE, "1202"),
    ("业主：张三丰，电话 13712345678", "张三丰", MOBILE, ""),
    ("联系人：赵女士 13712345678", "赵女士", MOBILE, ""),
    ("姓名：匿名", "", "", ""),
    ("好的，王先生，13712345678", "王先生", MOBILE, ""),
    ("欧阳小姐，13712345678", "欧阳小姐", MOBILE, ""),
    ("司马相如 13712345678", "司马相如", MOBILE, ""),
    ("买买提·艾力 13712345678", "买买提·艾力", MOBILE, ""),
    ("老王 13712345678", "老王", MOBILE, ""),
    ("微信同号13712345678 小王", "小王", MOBILE, ""),
    ("王师傅 13712345678", "王师傅", MOBILE, ""),
    ("王 13712345678", "王", MOBILE, ""),
    ("王丽的电话是13712345678", "王丽", MOBILE, ""),
    ("陳小姐，13712345678", "陳小姐", MOBILE, ""),
    ("張偉", "張偉", "", ""),
    ("费女士 13712345678", "费女士", MOBILE, ""),
    ("李雷", "李雷", "", ""),
    ("13712345678", "", MOBILE, ""),
    ("１３７１２３４５６７８", "", MOBILE, ""),
    ("+86 137 1234 5678", "", MOBILE, ""),
    ("0086 13712345678", "", MOBILE, ""),
    ("张三 0755-26001234", "张三", "+8675526001234", ""),
    ("+44 20 7946 0958", "", "+442079460958", ""),
    ("1202", "", "", "1202"),
    ("王丽 1202", "王丽", "", "1202"),
    ("6-1202", "", "", "6-1202"),
    ("8－1－1203", "", "", "8－1－1203"),
    ("A座1203 刘德华", "刘德华", "", "A座1203"),
    ("三栋五零二", "", "", "三栋五零二"),
    ("六栋一单元1202", "", "", "六栋一单元1202"),
    ("二期12栋3单元1802", "", "", "二期12栋3单元1802"),
    ("科技园路12号3栋1202", "", "", "12号3栋1202"),
    ("幸福里小区5号楼1单元301 刘女士 13712345678", "刘女士", MOBILE, "幸福里小区5号楼1单元301"),
    ("Wang Wei 13712345678", "Wang Wei", MOBILE, ""),
    ("WANG WEI 13712345678", "WANG WEI", MOBILE, ""),
    ("John Smith, 13712345678, Building 6, Flat 1202", "John Smith", MOBILE, "Building 6, Flat 1202"),
    ("I am John Smith, 13712345678", "John Smith", MOBILE, ""),
    ("i'm John Smith and my number is 13712345678", "John Smith", MOBILE, ""),
    ("This is Mary from flat 1202", "Mary", "", "flat 1202"),
    ("I'm Mary", "Mary", "", ""),
    ("my name is john smith", "john smith", "", ""),
    ("my name is O'Brien, room 1202", "O'Brien", "", "room 1202"),
    ("Jean-Luc Picard 13712345678", "Jean-Luc Picard", MOBILE, ""),
    ("Mr Wang, 13712345678, 6-1202", "Mr Wang", MOBILE, "6-1202"),
    ("Unit 5B, John Smith, +86 137 1234 5678", "John Smith", MOBILE, "Unit 5B"),
    ("Name: Li Lei, phone: 13712345678, room: 1202", "Li Lei", MOBILE, "room: 1202"),
    ("我叫Mary", "Mary", "", ""),
    ("John", "John", "", ""),
    ("Tower B, apt 12", "", "", "Tower B, apt 12"),
    ("her name is Rose Lee, Lakeside 3-801, 13712345678", "Rose Lee", MOBILE, "3-801"),
    ("她叫刘桂芳，翠湖3栋801，13712345678", "刘桂芳", MOBILE, "3栋801"),
]


@pytest.mark.parametrize(("text", "name", "phone", "place"), ANSWERS, ids=[answer[0] for answer in ANSWERS])
def test_what_is_read_out_of_an_answer(text: str, name: str, phone: str, place: str) -> None:
    assert find_details(text, answering=True) == Details(name, phone, place)


# What is no name, even where we have just asked for one.
NO_NAMES = """
    你好 您好 谢谢 谢谢你 不用了 不想说 没有 好的 可以 马上 稍等 等一下 在吗 厨房漏水 快点来人 在家 全天都在 下午有空
    晚上 匿名 保密 你们知道的 早就说过了 停车费300元 押金5000 方便 高兴 安全 安排一下 时间不定 任何时候 任何人 周末
    周末有空 周一 明天 白天 何时来 马桶堵 马桶堵了 龙头坏了 石膏板 金额不对 金属门 高层 高空抛物 黄色 温度高 关门 施工队
    申请退款 文明施工 严重 许多人 万分感谢 辛苦了 顾客 方案 毛病 左边 于是 余额 电话13712345678
    手机13712345678 还是13712345678 打我电话13712345678 我的电话是13712345678
    厨房漏水13712345678 本人在外地 本人非常生气 我叫你们经理来 我叫了三次 我叫保安 我姓什么你们不知道吗 联系人是我老婆
    业主群都在说 业主投诉了三次 第二期 小区 小时 老房子 老是这样 物业 客服 经理 业主 客户 同上 无 略 未知 是的 对 嗯
    哦 急 急急急 赶紧 催一下 投诉 退钱 报警 12345
"""


@pytest.mark.parametrize("text", NO_NAMES.split())
def test_no_word_is_taken_for_a_name(text: str) -> None:
    assert find_details(text, answering=True).name == ""


@pytest.mark.parametrize(
    "text",
    [
        "Hello", "Thanks", "Thank You", "Yes please", "No", "OK", "ASAP", "Please", "Good Morning",
        "I am at home all day", "I'm not sure", "I am very angry", "I'm waiting", "my name is not important", "name: unknown",
        "my number is 13712345678", "call me at 13712345678", "Flat 1202", "Building 6", "Monday", "Tomorrow",
        "HURRY UP 13712345678",
        "VERY BAD 13712345678", "Kitchen leaking", "Anonymous",
    ],
)  # fmt: skip
def test_no_english_word_is_taken_for_a_name(text: str) -> None:
    assert find_details(text, answering=True).name == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("家里漏水 3栋502 冯 13712345678", "冯"),
        ("许13712345678 5栋垃圾没人收", "许"),
        ("吕 137 1234 5678 楼道灯坏了", "吕"),
        ("电梯坏了，邹，13712345678", "邹"),
        ("请打 13712345678", ""),
        ("马上打13712345678", ""),
    ],
)
def test_a_mere_surname_stands_beside_the_number_to_call(text: str, name: str) -> None:
    assert find_details(text).name == name


@pytest.mark.parametrize(
    "text",
    [
        "from Nora Lee 137 1234 5678, lift broken", "customer Nora Lee 13712345678 lift broken",
        "the lift in block 3 is broken, caller Nora Lee, tel 137 1234 5678", "Nora Lee on 137 1234 5678: no hot water",
    ],
)  # fmt: skip
def test_an_english_name_stands_beside_the_number_to_call(text: str) -> None:
    found = find_details(text)
    assert (found.name, found.phone) == ("Nora Lee", MOBILE)


# Complaints in free words: only what is announced counts.
COMPLAINTS = [
    ("我家厨房漏水三天了，没人管，6栋1202", "", "", "6栋1202"),
    ("我姓王，住3号楼502，电梯坏了，电话13712345678", "王", MOBILE, "3号楼502"),
    ("我叫李娜，家住6栋，楼上装修太吵", "李娜", "", "6栋"),
    ("你好，我要投诉", "", "", ""),
    ("马上来人", "", "", ""),
    ("王丽", "", "", ""),
    ("物业的王经理态度恶劣", "", "", ""),
    ("客服王女士骂人", "", "", ""),
    ("本人已经投诉过三次", "", "", ""),
    ("我本人的意见是退款", "", "", ""),
    ("业主投诉无门", "", "", ""),
    ("业主您好", "", "", ""),
    ("联系人电话打不通", "", "", ""),
    ("我叫外卖被保安拦住", "", "", ""),
    ("5号楼电梯坏了", "", "", "5号楼"),
    ("我们小区18栋没水", "", "", "小区18栋"),
    ("两座电梯都坏了", "", "", ""),
    ("2座电梯都坏了", "", "", ""),
    ("这一栋都停水", "", "", ""),
    ("3号线噪音", "", "", ""),
    ("在小区门口5号下午", "", "", ""),
    ("2026年3月2日停电", "", "", ""),
    ("2026-03-02 停电", "", "", ""),
    ("收费100-2000元", "", "", ""),
    ("12-24小时没水", "", "", ""),
    ("订单号13712345678901", "", "", ""),
    ("身份证440301199001011234", "", "", ""),
    ("银行卡6222021234567890123", "", "", ""),
    ("The lift in Building 3 is broken", "", "", "Building 3"),
    ("I am very disappointed with your service", "", "", ""),
    ("I'm waiting for three days", "", "", ""),
    ("i am living in flat 1202", "", "", "flat 1202"),
    ("the building is dirty", "", "", ""),
    ("我家门锁坏了，6栋1202，王先生 13712345678", "王先生", "+8613712345678", "6栋1202"),
    ("6栋1202张伟13712345678", "张伟", "+8613712345678", "6栋1202"),
    ("电梯坏了，13712345678 韩梅梅", "韩梅梅", "+8613712345678", ""),
    ("高压电 13712345678", "", "+8613712345678", ""),
    ("何时来修 13712345678", "", "+8613712345678", ""),
    ("打了物业电话 400-800-1234 没人接", "", "", ""),
    ("block 7 302 the lift is broken", "", "", "block 7 302"),
    ("Building 3, 1201 leaks", "", "", "Building 3, 1201"),
    ("in building 12 100 people complain", "", "", "building 12"),
    ("Building Management is rude", "", "", ""),
    ("block the door, tower crane noise, unit price 5", "", "", ""),
    ("", "", "", ""),
]


@pytest.mark.parametrize(
    ("text", "name", "phone", "place"), COMPLAINTS, ids=[complaint[0] or "nothing" for complaint in COMPLAINTS]
)
def test_what_is_read_out_of_a_complaint(text: str, name: str, phone: str, place: str) -> None:
    assert find_details(text) == Details(name, phone, place)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        pytest.param("打13712345678或13812345678", MOBILE, id="the first of two"),
        pytest.param("座机26001234没人接，手机13712345678", MOBILE, id="a mobile phone's before any other"),
        pytest.param("+1 650-253-0000", "+16502530000", id="from abroad"),
        pytest.param("137.1234.5678", MOBILE, id="with dots"),
        pytest.param("12712345678", "", id="no such range"),
        pytest.param("137123456789", "", id="a digit too many"),
        pytest.param("x" * MAX_SCANNED + "13712345678", "", id="behind what is looked at"),
    ],
)
def test_phone_numbers(text: str, phone: str) -> None:
    assert find_phone(text) == phone


@pytest.mark.parametrize(
    "text",
    [
        "Rob, flat 12, 07700 900123",
        "07700 900456",
        "07700900456",
        "07911 123456",
        "我的电话是 07700 900 456",
        "(415) 555-0132",
    ],
)
def test_a_number_written_as_elsewhere_is_made_none_of_here(text: str) -> None:
    assert find_phone(text) == ""


@pytest.mark.parametrize("text", ["0770 2812345", "07702812345", "0791-88123456", "0755 8654 1234", "010 8888 6666"])
def test_a_number_written_as_here_is_one(text: str) -> None:
    assert find_phone(text).startswith("+86")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("对门堆东西，她姓陈，13712345678", "陈"),
        ("打电话来的阿姨姓陈", "陈"),
        ("客户姓王先生，厨房漏水", "王先生"),
        ("她姓不姓陈我不知道", ""),
    ],
)
def test_a_surname_that_a_colleague_tells_is_one(text: str, name: str) -> None:
    assert find_details(text).name == name


@given(st.text(max_size=300), st.booleans())
def test_no_text_makes_it_fail_and_what_is_found_stands_in_the_text(text: str, answering: bool) -> None:
    details = find_details(text, answering=answering)
    assert details.name in text
    assert details.place in text
    assert len(details.name) < 200


LONG = 100_000
PATTERNS = (
    "1", "1-", "王", "A ", "的", "(1) ", "小区", "1号", "a.b", "my name is ", "Mary ", "栋", "一二三", "，王", "+1 ",
    " ", "\n", "\t ", "A座", "Building 1 ", "我叫王", "·王王", "1,", "AB ", "Ab ", "- ", "住", "姓名:",
    "我是", "1 栋 ", "B-", "1单元", "我是的", "王先", "I am A", "room ",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("王强 13522220001 6栋 打错了 是16栋", "16栋"),
        ("我姓林 8栋 哦不对 9栋", "9栋"),
        ("我住8栋，哦不，9栋", "9栋"),
        ("6栋1202 写错了 应该是9栋1202", "9栋1202"),
        ("哦不是3栋是13栋", "13栋"),
        ("flat 12, sorry flat 14", "flat 14"),
        ("not block 3 but block 5", "block 5"),
        ("是6栋不是8栋", "6栋"),
        ("6栋和8栋都停水", "6栋"),
        ("3栋电梯不对劲，5栋也是", "3栋"),
    ],
)
def test_the_place_that_is_put_right_is_meant(text: str, place: str) -> None:
    assert find_details(text, answering=True).place == place


def test_no_long_text_is_slow() -> None:
    """Each is a hundred thousand characters made to be nearly what is looked for; quadratic, they would take minutes."""

    def read_all() -> None:
        for pattern in PATTERNS:
            for text in (pattern * (LONG // len(pattern)), "我是" + pattern * LONG, "I am " + pattern * LONG):
                find_details(text)
                find_details(text, answering=True)

    reading = threading.Thread(target=read_all, daemon=True)
    reading.start()
    reading.join(60)
    assert not reading.is_alive()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("老王头老伴啊我住阳光城6栋一楼", "阳光城6栋一楼"),
        ("我是老李家的住翠湖花园3栋201", "翠湖花园3栋201"),
        ("我妈她住在阳光城6栋", "阳光城6栋"),
        ("我家就在阳光城6栋一楼", "阳光城6栋一楼"),
        ("安住家园6栋", "安住家园6栋"),
        ("人住友花园6栋", "人住友花园6栋"),
        ("在建阳光城6栋", "建阳光城6栋"),
    ],
)
def test_who_lives_there_is_no_part_of_the_place(text: str, place: str) -> None:
    assert find_details(text, answering=True).place == place


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("mrs patel rang 13800138000, waited 40 mins", "mrs patel"),
        ("Anna Said 13800138000", "Anna Said"),
        ("my name is Sue Tanner", "Sue Tanner"),
    ],
)
def test_that_somebody_rang_is_no_part_of_their_name(said: str, name: str) -> None:
    assert find_details(said, answering=True).name == name
