"""A file is what its bytes say, and what could run is not put into anybody's hands."""

from __future__ import annotations

import pytest

from bot.contents import PROGRAM, SCRIPT, UNKNOWN, accepted, is_harmful, type_of


@pytest.mark.parametrize(
    ("data", "declared", "type"),
    [
        pytest.param(b"\xff\xd8\xff\xe0", "image/jpeg", "image/jpeg", id="a photo"),
        pytest.param(b"\xff\xd8\xff\xe0", "application/pdf", "image/jpeg", id="a photo that is called a document"),
        pytest.param(b"MZ\x90\0", "image/jpeg", PROGRAM, id="a program that is called a photo"),
        pytest.param(b"\x7fELF", "application/pdf", PROGRAM, id="a program of Linux"),
        pytest.param(b"L\0\0\0\x01\x14\x02\0", "image/png", PROGRAM, id="a shortcut"),
        pytest.param(b"#!/bin/sh", "text/plain", SCRIPT, id="a script"),
        pytest.param(b"\xef\xbb\xbf \n<HTML>", "text/plain", "text/html", id="a page that is called words"),
        pytest.param(b'<?xml version="1.0"?><svg onload="x">', "image/png", "text/html", id="a drawing that acts"),
        pytest.param(b"<!-- --><script>", "image/gif", "text/html", id="a script behind a remark"),
        pytest.param(b"PK\x03\x04", "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text",
                     id="a document in a zip"),
        pytest.param(b"PK\x03\x04", "image/jpeg", "application/zip", id="a zip that is called a photo"),
        pytest.param(b"PK\x03\x04", "application/java-archive", "application/zip", id="a zip that is said to run"),
        pytest.param(b"\0\0\0\x18ftypheic", "image/heic", "image/heic", id="a photo of an iPhone"),
        pytest.param(b"\0\0\0\x18ftypisom", "audio/mp4", "audio/mp4", id="a voice"),
        pytest.param("水管漏了".encode(), "text/plain", "text/plain", id="words"),
        pytest.param("水管漏了".encode(), "text/html", UNKNOWN, id="words that are called a page"),
        pytest.param(b"", "", UNKNOWN, id="nothing"),
    ],
)  # fmt: skip
def test_the_bytes_say_what_it_is(data: bytes, declared: str, type: str) -> None:
    assert type_of(data, declared) == type


@pytest.mark.parametrize(
    ("name", "type", "harmful"),
    [
        ("1.jpg", "image/jpeg", False),
        ("合同.docx", "application/zip", False),
        ("照片.jpg", PROGRAM, True),
        ("invoice.pdf.exe", UNKNOWN, True),
        ("invoice.EXE. .", UNKNOWN, True),
        ("page.html", UNKNOWN, True),
        ("words.txt", "text/html", True),
        ("drawing.svg", "image/png", True),
        ("", UNKNOWN, False),
        ("exe", "image/jpeg", True),
        ("ph.py", "text/plain", True),
        ("a.sh", UNKNOWN, True),
        ("修复.COMMAND", UNKNOWN, True),
        ("page.php", "text/plain", True),
        ("macro.xlsb", "application/zip", True),
        ("设置.settingcontent-ms", "text/plain", True),
        ("共享.library-ms", UNKNOWN, True),
        ("a.jnlp", "text/plain", True),
        ("a.diagcab", UNKNOWN, True),
        ("链接.website", "text/plain", True),
        ("数据.iqy", "text/plain", True),
        ("a.exe/", "image/jpeg", True),
        ("a.exe::$DATA", "image/jpeg", True),
        ("a．ｅｘｅ", "image/jpeg", True),
        ("会议 10:30.jpg", "image/jpeg", False),
        ("报价.xlsx", "application/zip", False),
        ("录音.m4a", "audio/mp4", False),
        ("现场.mov", "video/quicktime", False),
        ("说明.txt", "text/plain", False),
    ],
)
def test_what_could_run_is_known_by_its_bytes_or_its_name(name: str, type: str, harmful: bool) -> None:
    assert is_harmful(name, type) is harmful


@pytest.mark.parametrize(
    ("name", "declared", "head", "type"),
    [
        pytest.param("1.jpg", "image/jpeg", b"\xff\xd8\xff", "image/jpeg", id="a photo"),
        pytest.param(
            "合同.docx",
            "application/vnd.openxmlformats",
            b"PK\x03\x04",
            "application/vnd.openxmlformats",
            id="a letter",
        ),
        pytest.param("1.txt", "text/plain", b"words", "text/plain", id="words"),
        pytest.param("1", "", b"?", UNKNOWN, id="whatever it may be"),
        pytest.param("1.jpg", "image/jpeg", b"<html>", None, id="a page that is called a photo"),
        pytest.param("1.svg", "image/svg+xml", b"?", None, id="a drawing that acts"),
        pytest.param("1.jpg", "image/jpeg", b"MZ", None, id="a program"),
        pytest.param("1.exe", "image/jpeg", b"\xff\xd8\xff", None, id="what is called a program"),
        pytest.param("ph.py", "text/plain", b"import os", None, id="a program in words"),
        pytest.param("a.sh", "", b"rm -rf", None, id="a script that does not say what runs it"),
    ],
)
def test_what_could_run_is_not_even_taken_where_it_can_be_said(
    name: str, declared: str, head: bytes, type: str | None
) -> None:
    assert accepted(name, declared, head) == type
