"""Stories that reach us by more than one channel: an angry customer who writes on three, an employee who forwards a mail."""

from __future__ import annotations

from pathlib import Path

from complaints.vocabulary import Severity, Status
from tests.story.desk import Writer
from tests.story.stage import Person, Stage, told_by_mail_too

LI = Person("李娜", "Nora Lee")
ZHANG = Person("张伟", "Tom Hill", "处理人", "王芳")
WANG = Person("王芳", "Ann Ward", "坐席 客服中心负责人")
MIN = Person("赵敏", "Joy Moss", "员工", "王芳")
FORWARDED = (
    "请客服处理，客户很急。\n\n---------- 转发的邮件 ----------\n发件人: 李娜 <lina@qq.example>\n日期: 2026年11月23日\n"
    "主题: 厨房漏水\n收件人: <joy.moss@desk.example>\n\n我家6栋1202厨房漏水三天没人管，电话13712345678\n",
    "Please take care of this, she is upset.\n\n---------- Forwarded message ---------\nFrom: Nora Lee <lina@qq.example>\n"
    "Date: Mon, 23 Nov 2026 at 09:00\nSubject: Leaking kitchen\nTo: <joy.moss@desk.example>\n\n"
    "The kitchen ceiling in 6-1202 has been leaking for three days. 13712345678\n",
)


@told_by_mail_too
async def test_an_angry_customer_who_writes_on_three_channels(stage: Stage, tmp_path: Path) -> None:
    """The centre is shown that it is one person and one matter; one answer to it ends all three (trap 43)."""
    await stage.employs(tmp_path, WANG, ZHANG)
    number = await stage.files(
        LI,
        f"电梯停了三天没人管！！8栋，李娜 {LI.phone}",
        f"The lift in block 8 has been dead for three days!! Nora Lee {LI.phone}",
    )
    heard = await stage.texts(
        LI, "8栋电梯还是停着，你们到底管不管！", "The lift in block 8 is still dead, does anybody care?!"
    )
    assert "0002" in heard
    writer = Writer(stage.name(LI), "lina@qq.example")
    await stage.mails(
        writer.letter(
            stage.words("8栋电梯停了三天", "Lift in block 8 dead for three days"),
            stage.words(
                "8栋电梯停了三天，没人管！我要找12345！", "The lift in block 8 is dead, I will go to the press!"
            )
            + f"\n{stage.name(LI)} {LI.phone}\n",
        )
    )
    assert "0003" in stage.post(writer)
    told = await stage.hears(WANG)
    assert told.count(stage.words("同一个客户", "of the same customer")) == 2
    assert told.count(f"{number}") >= 3
    assert stage.words("可能是“热点”", "may be “hot”") in told, "words propose"
    assert {(await stage.case(nth)).severity for nth in (1, 2, 3)} == {Severity.S4}, "and a person confirms"
    for nth in ("0002", "0003"):
        joined = await stage.says(WANG, f"{nth} 并入 0001", f"merge {nth} into 0001")
        assert stage.words("一共 1 人", "1 person") in joined
    await stage.says(ZHANG, "接单 0001", "accept 0001")
    await stage.says(ZHANG, "办结 0001 换了主板，电梯已恢复", "0001 done: new control board, the lift runs")
    asked = stage.words("您对结果满意吗", "Are you satisfied")
    elsewhere = await stage.phone_shows(LI) + stage.post(writer)
    assert asked in await stage.hears(LI)
    assert asked not in elsewhere, "nobody is asked three times"
    assert stage.words("和您之前的", "same matter as your") in elsewhere
    assert number in await stage.says(LI, "满意", "satisfied")
    assert not any(complaint.going_on for complaint in await stage.books.complaints())
    assert (await stage.case()).closed_as == "satisfied"


@told_by_mail_too
async def test_an_employee_forwards_a_mail(stage: Stage, tmp_path: Path) -> None:
    """Trap 15, R-005: who wrote it is the customer; the employee is its finder, follows it and hears how it ends."""
    await stage.employs(tmp_path, WANG, ZHANG, MIN)
    employee, customer = Writer(stage.name(MIN), MIN.mail), Writer(stage.name(LI), "lina@qq.example")
    await stage.mails(employee.letter(stage.words("Fwd: 厨房漏水", "Fwd: Leaking kitchen"), stage.words(*FORWARDED)))
    mail = stage.post(customer)
    assert "0001" in mail
    assert stage.words("客户很急", "upset") not in mail, "a colleague's note is none of the customer's business"
    assert stage.post(employee) == ""
    assert "0001" in await stage.hears(MIN)
    given = await stage.hears(ZHANG)
    assert stage.words("客户：李娜", "Customer: Nora Lee") in given
    assert stage.words("客户很急", "upset") in given
    assert "0001" in await stage.hears(WANG), "the centre hears at once"
    await stage.says(ZHANG, "接单", "accept")
    await stage.says(ZHANG, "办结 换了阀芯", "done: replaced the valve")
    assert stage.words("换了阀芯", "replaced the valve") in stage.post(customer)
    await stage.says(WANG, "已回访 0001 满意", "called back 0001 satisfied")
    assert stage.words("客户满意", "customer satisfied") in await stage.hears(MIN)

    await stage.forwards(MIN, LI, "5栋停水两天了没人管", "No water in block 5 for two days and nobody cares")
    second = await stage.case(2)
    assert (second.finder, second.status) == (await stage.books.person(stage.name(MIN)), Status.NEW)
    assert "0002" in await stage.hears(WANG)
    await stage.says(MIN, "13712345678", "13712345678")
    assert (await stage.case(2)).contact_known
    listed = await stage.says(MIN, "我的投诉", "my complaints")
    assert "0001" in listed
    assert "0002" in listed
