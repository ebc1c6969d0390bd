"""What the person said now, in the shapes that mail clients give a reply."""

# ruff: noqa: E501 - one sample per line reads better than one sample over ten

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.email.quotes import forwarded_senders, visible_reply

SAID = "不满意，还在漏水。\n请再派人来。"

CUT = [
    pytest.param("\n\n------------------ 原始邮件 ------------------\n发件人: \"客服\" <kf@x.cn>;\n发送时间: 2026年3月5日(星期四) 上午10:20\n收件人: \"张三\"<z@qq.com>;\n主题: 回访\n\n您满意吗？", id="QQ"),
    pytest.param("\n\n------------------&nbsp;原始邮件&nbsp;------------------\n发件人: x\n\n您满意吗？", id="QQ with entities"),
    pytest.param("\n\n------------------ Original ------------------\nFrom: \"desk\"<kf@x.cn>;\n\nwere you satisfied?", id="QQ, English"),
    pytest.param("\n\n---Original---\nFrom: \"desk\"<kf@x.cn>\nDate: Thu, Mar 5, 2026 10:20 AM\n\nwere you", id="QQ on a phone"),
    pytest.param("\n\n\n\n在 2026-03-05 10:20:30，\"客服中心\" <kf@x.cn> 写道：\n>您满意吗？\n>请回复", id="163"),
    pytest.param("\n\n\n\nAt 2026-03-05 10:20:30, \"desk\" <kf@x.cn> wrote:\n>were you satisfied?\n", id="163, English"),
    pytest.param("\n\n---- 回复的原邮件 ----\n| 发件人 | 客服<kf@x.cn> |\n| 日期 | 2026年03月05日 10:20 |\n您满意吗？", id="NetEase Mail Master"),
    pytest.param("\n\n---- Replied Message ----\n| From | desk |\nwere you satisfied?", id="NetEase Mail Master, English"),
    pytest.param("\n\n发件人： 客服\n发送时间： 2026-03-05 10:20\n收件人： 张三\n主题： 回访\n\n您满意吗？", id="Foxmail"),
    pytest.param("\n\n发件人: 客服 <kf@x.cn>\n发送时间: 2026年3月5日 10:20\n收件人: 张三 <z@x.cn>\n抄送: 李四\n主题: 回访\n\n您满意吗？", id="Outlook, half width"),
    pytest.param("\n\n________________________________\n发件人： 客服 <kf@x.cn>\n发送时间： 2026年3月5日 10:20\n收件人： 张三\n主题： 回访\n\n您满意吗？", id="Outlook, full width, ruled"),
    pytest.param("\n\n-----邮件原件-----\n发件人: x\n\n您满意吗？", id="139 and old Outlook"),
    pytest.param("\n\n-----Original Message-----\nFrom: desk\nSent: Thursday\n\nwere you satisfied?", id="Outlook, old English"),
    pytest.param("\n\nFrom: desk <kf@x.cn>\nSent: Thursday, March 5, 2026 10:20 AM\nTo: z\nSubject: call back\n\nwere you satisfied?", id="Outlook, English"),
    pytest.param("\n\n*From:* desk <kf@x.cn>\n*Sent:* Thursday, March 5, 2026 10:20 AM\n*To:* z\n*Subject:* call back\n\nwere you", id="Outlook, bold as stars"),
    pytest.param("\n\n客服中心 <kf@x.cn> 于2026年3月5日周四 10:20写道：\n\n> 您满意吗？\n> 请回复\n", id="Gmail"),
    pytest.param("\n\n客服中心投诉受理 <a.very.long.address.of.the.desk@complaints.example.com> 于2026年3月5日周四\n上午10:20写道：\n\n> 您满意吗？", id="Gmail, wrapped"),
    pytest.param("\n\nOn Thu, Mar 5, 2026 at 10:20 AM desk <kf@x.cn> wrote:\n\n> were you satisfied?\n> please answer\n", id="Gmail, English"),
    pytest.param("\n\nOn Thu, Mar 5, 2026 at 10:20 AM Complaint Desk of the Company <\nkf@complaints.example.com> wrote:\n\n> were you?\n", id="Gmail, English, wrapped"),
    pytest.param("\n\n> 在 2026年3月5日，上午10:20，客服 <kf@x.cn> 写道：\n> \n> 您满意吗？\n", id="Apple, all quoted"),
    pytest.param("\n\n> 2026年3月5日 上午10:20，客服 <kf@x.cn> 写道：\n> \n> 您满意吗？", id="Apple, newer"),
    pytest.param("\n\n在 2026/3/5 10:20, 客服 写道:\n> 您满意吗？\n", id="Thunderbird"),
    pytest.param("\n\nOn 05/03/2026 10:20, desk wrote:\n> were you satisfied?\n", id="Thunderbird, English"),
    pytest.param("\n\n------------------------------------------------------------------\n发件人：客服 <kf@x.cn>\n发送时间：2026年3月5日(星期四) 10:20\n收件人：张三 <z@x.cn>\n主　题：回访\n\n您满意吗？", id="Aliyun, DingTalk"),
    pytest.param("\n\n===== 请在此线以上回复 =====\n您满意吗？", id="our own line"),
    pytest.param("\n\n## Please reply above this line ##\nwere you satisfied?", id="a helpdesk's line"),
    pytest.param("\n\n发自我的iPhone\n\n> 在 2026年3月5日，10:20，客服 <kf@x.cn> 写道：\n> \n> 您满意吗？", id="signature above the quotation"),
    pytest.param("\n\nOn Thu, Mar 5, 2026 at 10:20 AM desk <kf@x.cn> wrote:\n> were you satisfied?\n\n发自我的iPhone", id="signature below the quotation"),
    pytest.param("\n\n发自我的 iPad", id="iPad"),
    pytest.param("\n\n发自我的小米手机", id="Xiaomi"),
    pytest.param("\n\n发自我的iPhone 15 Pro Max", id="iPhone with its number"),
    pytest.param("\n\n来自 vivo 自带邮箱", id="vivo"),
    pytest.param("\n\n从小米邮箱发送", id="Xiaomi mail"),
    pytest.param("\n\n发自网易邮箱大师", id="NetEase Mail Master signs"),
    pytest.param("\n\n| |\n张三\n|\n---- 回复的原邮件 ----\n| 发件人 | 客服<kf@x.cn> |\n您满意吗？", id="NetEase card above its quotation"),
    pytest.param("\n\n发件人: kf@x.cn\n发送时间: 2026年3月5日 10:20\n\n您满意吗？", id="two header lines with an address"),
    pytest.param("\n\n寄件者: 客服 <kf@x.cn>\n寄件日期: 2026年3月5日 10:20\n收件者: z\n主旨: 回訪\n\n舊", id="Outlook, traditional"),
    pytest.param("\n\n客服 <kf@x.cn> 於 2026年3月5日 週四 上午10:20 寫道：\n> 舊", id="Gmail, traditional"),
    pytest.param("\n\n来自我的华为手机", id="Huawei"),
    pytest.param("\n\n获取 Outlook for iOS<https://aka.ms/o0ukef>", id="Outlook for iOS"),
    pytest.param("\n\n获取适用于 Android 的 Outlook", id="Outlook for Android"),
    pytest.param("\n\nSent from my iPhone", id="iPhone, English"),
    pytest.param("\n\n从 Windows 版邮件发送", id="Windows mail"),
    pytest.param("\n\n| |\n张三\n|\n|\nzhangsan@163.com\n|\n签名由网易邮箱大师定制", id="NetEase card"),
    pytest.param("\n\n-- \n张三\n嘉昱物业 工程部\n电话 0755-12345678", id="standard signature"),
    pytest.param("\n\n--\n张三 13800138000", id="signature, dashes without a blank"),
    pytest.param("\n\n\nzhangsan@foxmail.com", id="Foxmail's signature is the address"),
]  # fmt: skip


@pytest.mark.parametrize("below", CUT)
def test_history_and_signature_are_cut(below: str) -> None:
    assert visible_reply(SAID + below, "zhangsan@foxmail.com") == SAID


KEPT = [
    pytest.param("快递单如下：\n发件人：王五\n收件人：李四\n地址：深圳\n日期：2026-03-05\n到现在没收到", id="a parcel's form"),
    pytest.param("From: Beijing\nTo: Shanghai\nDate: 2026-03-05\nthe sofa never came", id="a journey"),
    pytest.param("维修师傅写道：\n\"下周再来\"\n结果没来", id="somebody wrote, no date"),
    pytest.param("我在2026年3月5日给你们写道歉信的要求，至今没有答复", id="date and words in one sentence"),
    pytest.param("On Monday the fitter wrote a note: come back later. Nobody came.", id="wrote, in a sentence"),
    pytest.param("问题一：漏水\n--\n问题二：电梯停了。很久了！", id="dashes between two complaints"),
    pytest.param("第一层\n\n----------\n\n第二层漏水，发自内心地请求处理", id="a ruler"),
    pytest.param("来自我的邻居的噪音太大，每天晚上十一点还在装修，实在受不了，请尽快处理", id="begins like a device"),
    pytest.param("每天半夜都有噪音\n来自我的邻居", id="ends like a device"),
    pytest.param("骚扰电话\n来自手机13800138000", id="a phone number"),
    pytest.param("以上全是\n发自我的肺腑之言", id="from the bottom of my heart"),
    pytest.param("请看表：\n| 房号 | 问题 |\n| 101 | 漏水 |", id="a table"),
    pytest.param("原始邮件我没有收到，请重发", id="the words original mail"),
    pytest.param("> 这不是引用，是我画的箭头\n请看箭头", id="an arrow at the beginning"),
    pytest.param("请看：\n1 > 2\na>b", id="greater than"),
]  # fmt: skip


@pytest.mark.parametrize("text", KEPT)
def test_when_in_doubt_the_text_stays(text: str) -> None:
    assert visible_reply(text) == text


def test_answers_between_the_lines_stay_with_what_they_answer() -> None:
    text = "见下\n\nOn Thu, Mar 5, 2026 at 10:20 AM desk <kf@x.cn> wrote:\n> 修好了吗？\n没有\n> 满意吗？\n不满意"
    assert visible_reply(text) == text


def test_interleaved_without_a_word_above() -> None:
    text = '在 2026-03-05 10:20:30，"客服" <kf@x.cn> 写道：\n> 修好了吗？\n没有\n> 满意吗？\n不满意'
    assert visible_reply(text) == text


def test_an_answer_below_the_quotation_is_the_answer() -> None:
    text = '在 2026-03-05 10:20:30，"客服" <kf@x.cn> 写道：\n> 修好了吗？\n> 满意吗？\n\n没有修好'
    assert visible_reply(text) == "没有修好"


def test_nothing_said_above_a_quotation_is_nothing() -> None:
    assert visible_reply("\n\n------------------ 原始邮件 ------------------\n满意请回复 1，不满意请回复 3") == ""


HANDED_ON = (
    "---------- Forwarded message ---------\nFrom: 王五 <w@qq.com>\nDate: Thu, Mar 5, 2026\nSubject: 漏水\n\n卫生间漏水"
)


def test_the_note_above_a_mail_handed_on_is_what_was_written_now() -> None:
    assert visible_reply(f"请处理\n\n{HANDED_ON}") == "请处理"


@pytest.mark.parametrize("above", ["", "\n\n", "发自我的iPhone\n\n"])
def test_a_mail_handed_on_without_a_word_is_the_message(above: str) -> None:
    assert visible_reply(above + HANDED_ON) == HANDED_ON


@pytest.mark.parametrize(
    ("text", "who"),
    [
        pytest.param("---------- Forwarded message ---------\nFrom: 王五 <w@qq.com>\nDate: x\nSubject: y\n", ["王五 <w@qq.com>"], id="Gmail"),
        pytest.param("-------- 转发邮件信息 --------\n发件人：\"王五\" <w@163.com>\n发送日期：2026-03-05\n", ['"王五" <w@163.com>'], id="163"),
        pytest.param("-------- 转发的消息 --------\n主题: 漏水\n日期: 2026\n发件人: 王五 <w@x.cn>\n", ["王五 <w@x.cn>"], id="Thunderbird"),
        pytest.param("开始转发的邮件：\n\n发件人: 王五 <w@x.cn>\n主题: 漏水\n日期: 2026\n", ["王五 <w@x.cn>"], id="Apple"),
        pytest.param("发件人： 李四\n发送时间： 2026\n收件人： 我\n主题： 转发\n\n发件人： 王五 <w@x.cn>\n发送时间： 2026\n主题： 漏", ["李四", "王五 <w@x.cn>"], id="twice"),
        pytest.param("发件人：王五\n寄了个包裹", [], id="no header"),
    ],
)  # fmt: skip
def test_whom_a_forward_names(text: str, who: list[str]) -> None:
    assert forwarded_senders(text) == who


# --- whatever the text -----------------------------------------------------------------------------------------------

ENDLESS = [
    pytest.param("\n\n" + ">\n" * 200_000, id="quoting marks"),
    pytest.param("\n\nOn Thu, Mar 5, 2026 at 10:20 AM desk <kf@x.cn> wrote:\n" + "> a\n" * 100_000, id="quoted lines"),
    pytest.param("\n\n------ 原始邮件 ------\n" + "发件人：\n" * 100_000, id="headers"),
    pytest.param("\n" * 300_000, id="blank lines"),
    pytest.param("\n" + "-----\n" * 100_000, id="rules"),
]


@pytest.mark.parametrize("below", ENDLESS)
def test_what_is_endless_is_cut_all_the_same(below: str) -> None:
    assert visible_reply(SAID + below) == SAID


@pytest.mark.parametrize(
    "line",
    ["On \n", "On 5 <\n", "在2026年3月5日10:20我写道：\n", "From: a To: b\n\n", "发自我的\n", "a", "<", "1:", "｜"],
)
def test_endless_words_that_are_nearly_quotations_stay(line: str) -> None:
    text = (line * 100_000).strip()
    assert visible_reply(text + SAID).endswith(SAID)


LINES = st.sampled_from(
    [
        "空调坏了", "请来修", "", "", "> 旧", ">> 更旧", "--", "-- ", "-----", "发自我的iPhone", "张三 13800138000", "—",
        "在 2026-03-05 10:20:30，\"客服\" <kf@x.cn> 写道：", "On Thu, Mar 5, 2026 at 10:20 AM desk <kf@x.cn> wrote:",
        "------------------ 原始邮件 ------------------", "---------- Forwarded message ---------", "发件人: 客服 <kf@x.cn>",
        "发送时间: 2026年3月5日 10:20", "主题: 回访", "| 客服 |", "红字部分见下", "此邮件可能含有保密信息，仅供收件人使用，误收请删除",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=14))
def test_only_whole_lines_are_left_out_and_none_is_moved(lines: list[str]) -> None:
    left = iter(line.strip() for line in lines)
    assert all(line.strip() in left for line in visible_reply("\n".join(lines)).split("\n") if line)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=14))
def test_what_was_left_is_left_again(lines: list[str]) -> None:
    once = visible_reply("\n".join(["空调坏了。", *lines]))
    assert "空调坏了。" in once
    assert "空调坏了。" in visible_reply(once)


HISTORY = "\n\n发件人: 客服 <kf@x.cn>\n发送时间: 2026年3月5日 10:20\n收件人: 张伟 <z@x.cn>\n主题: 派单\n\n请处理"


@pytest.mark.parametrize("history", ["", HISTORY])
@pytest.mark.parametrize(
    "card",
    [
        "张伟\n工程部 | 13800138000",
        "张伟\n\n工程部 | 13800138000",
        "张伟 | 工程部 | 13800138000",
        "张伟\n嘉昱物业服务有限公司\n电话：0755-12345678",
        "张伟 / 维修部 / 138 0013 8000",
        "欧阳明\n客户服务中心\nTel: +86 138 0013 8000\nouyang@x.cn",
        "Amy Wong\nFacilities | Example Ltd\nMobile: +852 6123 4567",
    ],
)
def test_a_colleagues_card_below_an_empty_line_is_not_what_they_said(card: str, history: str) -> None:
    assert visible_reply(f"办结 已更换水管\n\n{card}{history}") == "办结 已更换水管"


@pytest.mark.parametrize("history", ["", HISTORY])
@pytest.mark.parametrize(
    "said",
    [
        "水管漏水。\n\n李娜 13712345678",
        "水管漏水。\n\n李娜\n13712345678",
        "水管漏水。\n\n李娜\n电话：13712345678",
        "水管漏水。\n\n3栋502 王先生 13812345678",
        "水管漏水。\n\n李娜 | 13712345678",
        "水管漏水。\n\n李娜\n嘉昱物业 3栋502 | 13712345678",
        "请派工。\n\n王师傅\n工程部的人说 13712345678 打不通",
        "李娜 | 工程部 | 13712345678",
    ],
)
def test_who_a_complainant_is_and_where_they_live_stays(said: str, history: str) -> None:
    assert visible_reply(said + history) == said
