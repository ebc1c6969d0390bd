"""`inspect` and `understand`: what a mail or a line means, without a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.bot.cli_kit import Run, refused, write
from tests.unit.connectors.email.samples import mail, parts

KEYS = [
    "file", "channel", "external_id", "conversation", "from", "reply_to", "subject", "text", "visible_reply", "attachments",
    "message_id", "in_reply_to", "references", "automatic", "automatic_reason", "content", "edited", "forwarded_from",
    "contact_phone", "album", "reply_to_message", "ignored",
]  # fmt: skip


def test_inspect_prints_one_object_for_each_file_whatever_the_others_are(run: Run) -> None:
    write("a.eml", mail("Subject: 漏水\nTo: desk@example.com", "厨房漏水三天了"))
    write("b.eml", mail("Subject: Re: x\nAuto-Submitted: auto-replied"))
    Path("folder").mkdir()
    done = run("inspect", "a.eml", "gone.eml", "folder", "b.eml")
    assert (done.status, done.err) == (0, "")
    first, gone, folder, automatic = done.lines
    assert list(first) == KEYS
    assert (first["file"], first["channel"], first["subject"], first["text"]) == (
        "a.eml",
        "email",
        "漏水",
        "厨房漏水三天了",
    )
    assert first["from"] == {"name": "张三", "address": "zhang@qq.com"}
    assert (first["automatic"], first["edited"], first["album"], first["ignored"]) == (False, False, None, None)
    assert gone == {"file": "gone.eml", "error": "cannot be read: No such file or directory"}
    assert folder == {"file": "folder", "error": "cannot be read: Is a directory"}
    assert automatic["automatic"] is True
    assert automatic["automatic_reason"]


def test_inspect_reads_names_from_standard_input(run: Run) -> None:
    write("a b.eml", mail("Subject: one"))
    write("投诉.eml", mail("Subject: two"))
    done = run("inspect", "-", "a b.eml", stdin="a b.eml\r\n\n投诉.eml\nx\x00y\n")
    assert [(line["file"], line.get("subject")) for line in done.lines] == [
        ("a b.eml", "one"), ("投诉.eml", "two"), ("x\x00y", None), ("a b.eml", "one"),
    ]  # fmt: skip


def test_a_file_whose_name_is_no_utf8_is_read_too(run: Run) -> None:
    with open(b"\xcd\xb6.eml", "wb") as file:  # a name as an old Chinese Windows packs it
        file.write(mail("Subject: one"))
    done = run("inspect", "-", stdin=b"\xcd\xb6\xff.eml\n\xcd\xb6.eml\n")
    assert [(line["file"], "error" in line, line.get("subject")) for line in done.lines] == [
        ("Ͷ�.eml", True, None),
        ("Ͷ.eml", False, "one"),
    ]


def test_inspect_understands_a_forwarded_mail(run: Run) -> None:
    original = (
        "---------- Forwarded message ---------\nFrom: 王五 <w@163.com>\nDate: Thu, 5 Mar 2026\n"
        "Subject: 漏水\nTo: <li@corp.example>\n\n漏水了"
    )
    write(
        "fwd.eml",
        mail("From: 李四 <li@corp.example>\nSubject: Fwd: 漏水\nTo: desk@corp.example", f"我的投诉\n\n{original}"),
    )
    [line] = run("inspect", "--own-domain", "corp.example", "fwd.eml").lines
    assert line["from"]["address"] == "li@corp.example"
    assert line["forwarded_from"] == "王五 <w@163.com>"


def test_inspect_lists_attachments(run: Run) -> None:
    picture = "Content-Type: image/jpeg; name=a.jpg\nContent-Disposition: attachment; filename=a.jpg"
    write("a.eml", parts("mixed", ("Content-Type: text/plain; charset=utf-8", "看图"), (picture, b"\xff\xd8\xff1234")))
    [line] = run("inspect", "a.eml").lines
    [attachment] = line["attachments"]
    assert (attachment["name"], attachment["type"]) == ("a.jpg", "image/jpeg")
    assert attachment["size"] > 0


def test_inspect_needs_no_database_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    write("a.eml", mail("Subject: one"))
    run("inspect", "a.eml")
    assert [path.name for path in tmp_path.iterdir()] == ["a.eml"]


# --- understand -------------------------------------------------------------------------------------------------------


def test_understand_prints_what_each_text_means(run: Run) -> None:
    done = run("understand", "--role", "handler", "办结 换了锁芯", "接单")
    assert (done.status, done.err) == (0, "")
    assert done.lines == [
        {"text": "办结 换了锁芯", "verb": "done", "arguments": {"result": "换了锁芯"}},
        {"text": "接单", "verb": "accept", "arguments": {}},
    ]


def test_understand_asks_what_is_pending(run: Run) -> None:
    [rated] = run("understand", "--pending", "rating", "不满意").lines
    assert (rated["verb"], rated["arguments"]["rating"]) == ("rate", "dissatisfied")


def test_understand_reads_lines_of_json(run: Run) -> None:
    asked = [
        {"text": "done changed the lock", "role": "handler", "pending": "none"},
        {"text": "满意", "pending": "rating"},
        {"text": "\ud800 half a character"},
    ]
    text = "\ufeff" + "\n\n".join(json.dumps(line) for line in asked) + "\n"
    done = run("understand", "-", stdin=text)
    assert (done.status, done.err) == (0, "")
    assert [line["verb"] for line in done.lines[:2]] == ["done", "rate"]
    assert len(done.lines) == 3


@pytest.mark.parametrize(
    ("line", "told"),
    [
        pytest.param(b"{broken", ["line 2", "JSON"], id="no JSON"),
        pytest.param(b'{"text": "\xff"}', ["line 2", "JSON"], id="no UTF-8"),
        pytest.param(b"[1]", ["line 2", "text"], id="a list"),
        pytest.param(b'{"role": "handler"}', ["line 2", "text"], id="no text"),
        pytest.param(b'{"text": 5}', ["line 2", "text"], id="a number for a text"),
        pytest.param(b'{"text": "x", "role": "boss"}', ["line 2", "'boss'", "handler"], id="an unknown role"),
        pytest.param(b'{"text": "x", "role": ["handler"]}', ["line 2", "role"], id="a list for a role"),
        pytest.param(b'{"text": "x", "pending": null}', ["line 2", "pending"], id="nothing pending, wrongly put"),
    ],
)
def test_a_broken_line_is_told_with_its_number_after_what_was_whole(run: Run, line: bytes, told: list[str]) -> None:
    done = run("understand", "-", stdin=b'{"text": "x"}\n' + line + b"\n")
    refused(done, *told)
    assert len(done.lines) == 1


@pytest.mark.parametrize(
    ("typed", "role", "words"),
    [
        ("/giveback 不是我们的项目", "handler", "退单 不是我们的项目"),
        ("/done changed the lock", "handler", "done changed the lock"),
        ("/form", "supervisor", "电话投诉"),
        ("/mine", "customer", "我的投诉"),
    ],
)
def test_understand_takes_a_command_of_the_menu_as_the_chat_does(run: Run, typed: str, role: str, words: str) -> None:
    [as_typed], [as_said] = (
        run("understand", "--role", role, typed).lines,
        run("understand", "--role", role, words).lines,
    )
    assert as_typed["text"] == typed
    assert {**as_typed, "text": words} == as_said
    assert as_said["verb"] != "unclear"


@pytest.mark.parametrize("role", ["handler", "employee"])
def test_understand_tells_of_a_command_that_is_for_others_to_give(run: Run, role: str) -> None:
    [said] = run("understand", "--role", role, "定级 0007 重大").lines
    assert (said["verb"], said["otherwise"]) == ("unclear", "grade")
    assert "choices" not in said
    [said] = run("understand", "--role", "customer", "定级 0007 重大").lines
    assert "otherwise" not in said
