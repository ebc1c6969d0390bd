"""`complaintbot inspect --channel telegram`: a line for each update, and what is broken stops nobody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from tests.unit.connectors.telegram.samples import GROUP, SIZES, message, press


def inspected(capsys: pytest.CaptureFixture[str], *files: Path) -> list[dict[str, Any]]:
    assert main(["inspect", "--channel", "telegram", *map(str, files)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def written(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_one_update_is_one_line_with_all_the_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "photo.json", message(photo=SIZES, caption="厨房漏水", chat=GROUP, media_group_id="13"))
    [line] = inspected(capsys, file)
    assert line == {
        "file": str(file),
        "channel": "telegram",
        "external_id": "10000",
        "conversation": "-5001",
        "from": {"name": "娜 李", "address": "1001"},
        "reply_to": None,
        "subject": None,
        "text": "厨房漏水",
        "visible_reply": "厨房漏水",
        "attachments": [{"name": "photo.jpg", "type": "image/jpeg", "size": 1234}],
        "message_id": "41",
        "in_reply_to": None,
        "references": [],
        "automatic": False,
        "automatic_reason": None,
        "content": "photo",
        "edited": False,
        "forwarded_from": None,
        "contact_phone": None,
        "album": "13",
        "reply_to_message": None,
        "ignored": None,
    }


def test_a_whole_answer_is_a_line_for_each_update(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    updates = [message(text="一"), {"update_id": "broken"}, press(), {"update_id": 7, "hologram": {}}]
    answer = written(tmp_path, "answer.json", {"ok": True, "result": updates})
    junk = written(tmp_path, "junk.json", b"\xff not JSON")
    lines = inspected(capsys, answer, junk, tmp_path / "nowhere.json", written(tmp_path, "two.json", updates[:1]))
    assert [line.get("text", "-") for line in lines] == ["一", "-", "满意 TS20261123-0001", "", "-", "-", "一"]
    assert ["error" in line for line in lines] == [False, True, False, False, True, True, False]
    assert lines[3]["ignored"] == "no message of a person: hologram"
    assert [Path(line["file"]).name for line in lines] == ["answer.json"] * 4 + [
        "junk.json",
        "nowhere.json",
        "two.json",
    ]
