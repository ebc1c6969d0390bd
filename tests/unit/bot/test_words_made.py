"""How words are made: templates of one's own, numbered answers, shortening, filters."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import FileSystemBytecodeCache

import bot.words
from bot.shown import block, fit, name_masked, phone_masked, short
from bot.words import LOCALES, Words, known_locale, templates_dir
from complaints.errors import ConfigError
from connectors.port import Button, Form
from tests.unit.bot.words_kit import DUE, FULL, REFERENCE, SHANGHAI, WORDS, Case, context

# Templates of one's own


@pytest.fixture
def own(tmp_path: Path) -> Path:
    for locale in LOCALES:
        layout = tmp_path / "_layout" / locale
        layout.mkdir(parents=True)
        for file in (templates_dir() / "_layout" / locale).iterdir():
            (layout / file.name).write_text(file.read_text("utf-8"), "utf-8")
    return tmp_path


def write(directory: Path, name: str, **parts: str) -> None:
    folder = directory / name / "zh"
    folder.mkdir(parents=True, exist_ok=True)
    for part, text in parts.items():
        (folder / f"{part}.txt").write_text(text, "utf-8")


def test_the_templates_are_found_in_a_checkout_and_in_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "bot"
    package.mkdir()
    monkeypatch.setattr(bot.words, "__file__", str(package / "words.py"))
    with pytest.raises(ConfigError, match="no templates"):
        templates_dir()
    (tmp_path / "templates" / "_layout").mkdir(parents=True)
    assert templates_dir() == tmp_path / "templates"
    (package / "templates" / "_layout").mkdir(parents=True)
    assert templates_dir() == package / "templates"


def test_forms_fall_back_to_the_im_words(own: Path) -> None:
    write(own, "hello", im="你好 {{ c.reference }}")
    words = Words("C", "", SHANGHAI, own)
    assert words.render("hello", "zh", Form.SMS, FULL).text == f"你好 {REFERENCE}"
    assert f"\n\n你好 {REFERENCE}\n\n" in words.render("hello", "zh", Form.EMAIL, FULL).text


def test_mail_words_may_bring_their_own_subject(own: Path) -> None:
    write(own, "hello", im="im", email="Subject: {{ c.reference }} 您好\n\n正文")
    rendered = Words("C", "", SHANGHAI, own).render("hello", "zh", Form.EMAIL, FULL)
    assert rendered.subject == f"{REFERENCE} 您好"
    assert "\n\n正文\n\n" in rendered.text
    assert "Subject" not in rendered.text


def test_missing_and_broken_words_name_the_file(own: Path) -> None:
    write(own, "typo", im="{{ c.referense }}")
    write(own, "broken", im="{% if %}")
    words = Words("C", "", SHANGHAI, own)
    with pytest.raises(ConfigError, match=r"absent/zh/im\.txt is missing"):
        words.render("absent", "zh", Form.IM, FULL)
    with pytest.raises(ConfigError, match=r"typo/zh/im\.txt.*referense"):
        words.render("typo", "zh", Form.IM, FULL)
    with pytest.raises(ConfigError, match=r"broken/zh/im\.txt"):
        words.check(["broken"])
    with pytest.raises(ConfigError, match=r"words\.toml"):
        Words("C", "", SHANGHAI, own / "nowhere")


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own for what an earlier start kept."""
    folder = tmp_path_factory.mktemp("kept")
    monkeypatch.setattr(FileSystemBytecodeCache, "_get_default_cache_dir", lambda self: str(folder))
    return folder


def test_the_words_of_both_languages_are_checked_at_a_start(own: Path, kept: Path) -> None:
    for locale in LOCALES:
        (own / "hello" / locale).mkdir(parents=True)
        (own / "hello" / locale / "im.txt").write_text("{{ c.reference }}" if locale == "zh" else "{% if %}")
    with pytest.raises(ConfigError, match=r"hello/en/im\.txt"):
        Words("C", "", SHANGHAI, own).check(iter(["hello"]))


def test_words_that_were_found_right_are_read_again_only_if_they_change(own: Path, kept: Path) -> None:
    for locale in LOCALES:
        (own / "hello" / locale).mkdir(parents=True)
        (own / "hello" / locale / "im.txt").write_text("1")
    read: list[str] = []

    def check(*notices: str) -> None:
        words = Words("C", "", SHANGHAI, own)
        found = words._template
        words._template = lambda *key: read.append("/".join(key)) or found(*key)  # type: ignore[method-assign, func-returns-value]
        read.clear()
        words.check(notices)

    check("hello")
    assert "hello/en/im" in read
    check("hello")
    assert read == []
    (own / "gone").symlink_to(own / "nowhere")
    check("hello")
    assert "hello/en/im" in read
    (own / "gone").unlink()
    with pytest.raises(ConfigError, match="more/zh/im"):
        check("hello", "more")
    (own / "hello" / "en" / "im.txt").write_text("{% if %}")
    for _ in range(2):  # what is wrong is wrong at every start
        with pytest.raises(ConfigError, match="hello/en/im"):
            check("hello")
    (own / "hello" / "en" / "im.txt").unlink()
    with pytest.raises(ConfigError, match="missing"):
        check("hello")


def test_an_unknown_locale_speaks_chinese() -> None:
    assert [known_locale(said) for said in ("zh-CN", "en_GB", "EN", "fr", "")] == ["zh", "en", "en", "zh", "zh"]
    assert WORDS.render("thanks", "fr", Form.IM, FULL) == WORDS.render("thanks", "zh", Form.IM, FULL)


# Numbered answers


def test_buttons_become_a_numbered_line_below_the_words() -> None:
    rendered = WORDS.render("plan", "zh", Form.SMS, FULL)
    numbered = WORDS.numbered(rendered)
    assert numbered.text == f"{rendered.text}\n回复序号：1 接受，2 不接受"
    assert numbered.buttons == (Button("接受", f"接受 {REFERENCE}"), Button("不接受", f"不接受 {REFERENCE}"))
    english = WORDS.numbered(WORDS.render("withdraw_confirm", "en", Form.IM, FULL))
    assert english.text.endswith("\nReply with a number: 1 Yes, 2 No")


def test_the_numbered_line_stays_whole_when_room_is_short() -> None:
    rendered = replace(WORDS.render("plan", "zh", Form.IM, FULL), text="很长的方案。" * 50)
    numbered = WORDS.numbered(rendered, 70)
    assert len(numbered.text) <= 70
    assert numbered.text.endswith("…\n回复序号：1 接受，2 不接受")


def test_ratings_are_never_numbered_because_digits_are_scores() -> None:
    rendered = WORDS.render("survey", "zh", Form.SMS, FULL)
    assert rendered.buttons
    assert WORDS.numbered(rendered) == rendered
    assert WORDS.numbered(WORDS.render("thanks", "zh", Form.IM, FULL)).text == "不客气，有事随时说。"


# Shortening


@pytest.mark.parametrize(
    ("text", "max_chars", "expected"),
    [
        pytest.param("短", 5, "短", id="fits"),
        pytest.param("门。锁坏了很久，打不开", 10, "门。锁坏了很久…", id="no sentence end in reach, a pause"),
        pytest.param("门锁坏了很久。打不开", 9, "门锁坏了很久…", id="behind a sentence"),
        pytest.param("the lock is broken again", 15, "the lock is…", id="between words"),
        pytest.param("abcdefghij", 5, "abcd…", id="anywhere"),
        pytest.param("abc👍🏽def", 5, "abc…", id="skin tone"),
        pytest.param("ab👨\u200d👩\u200d👧x", 6, "ab…", id="family"),
        pytest.param("ab🇨🇳🇬🇧", 5, "ab🇨🇳…", id="flags"),
        pytest.param("ab🇨🇳🇬🇧", 4, "ab…", id="half a flag"),
        pytest.param("abe\u0301f", 4, "ab…", id="accent"),
        pytest.param("abc", 1, "…", id="one"),
        pytest.param("abc", 0, "", id="none"),
    ],
)
def test_fit(text: str, max_chars: int, expected: str) -> None:
    assert fit(text, max_chars) == expected


@settings(deadline=None)
@given(st.text(), st.integers(0, 60))
def test_fit_keeps_to_the_limit_and_to_the_beginning(text: str, max_chars: int) -> None:
    cut = fit(text, max_chars)
    assert len(cut) <= max_chars
    assert text.startswith(cut.removesuffix("…"))
    assert cut == text or cut.endswith("…") or not max_chars


def test_short_is_one_line_and_block_keeps_its_lines() -> None:
    assert short(" a \n\n b\tc ", 40) == "a b c"
    assert block(" a \n\n b\tc ") == "a\nb c"
    assert short(None) == block(None) == ""


# Filters


def say(own: Path, template: str, locale: str = "zh", **more: object) -> str:
    folder = own / "probe" / locale
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "im.txt").write_text(template, "utf-8")
    return Words("C", "", SHANGHAI, own).render("probe", locale, Form.IM, context(Case()) | more).text


@pytest.mark.parametrize(
    ("template", "chinese", "english"),
    [
        pytest.param("{{ c.due|when }}", "11月22日(周日) 15:00", "Sun 22 Nov, 15:00", id="when"),
        pytest.param(
            "{{ '2026-11-22T15:00:00+08:00'|when }}", "11月22日(周日) 15:00", "Sun 22 Nov, 15:00", id="ISO text"
        ),
        pytest.param(
            "{{ '2026-12-31T17:05:00+00:00'|when }}", "2027年1月1日(周五) 01:05", "Fri 1 Jan 2027, 01:05", id="year"
        ),
        pytest.param("{{ '2026-11-22T07:00:00'|when }}", "11月22日(周日) 15:00", "Sun 22 Nov, 15:00", id="no zone"),
        pytest.param("{{ 'soon'|when }}.{{ None|when }}", "soon.", "soon.", id="no time"),
        pytest.param("{{ 'resolved'|status }}", "已办结，待您评价", "done, waiting for your rating", id="status"),
        pytest.param("{{ c.status|desk_status }}", "已派单", "assigned", id="desk status"),
        pytest.param("{{ 'S0'|severity }}", "紧急", "urgent", id="severity"),
        pytest.param("{{ 'QUAL'|category }} {{ 'X1'|category }}", "工程质量 X1", "Building quality X1", id="category"),
        pytest.param("{{ 'first_contact'|clock }}", "首次联系", "first contact", id="clock"),
        pytest.param("{{ 'own_clock'|clock }}", "own_clock", "own_clock", id="unknown clock"),
        pytest.param("{{ 'neutral'|rating }}", "一般", "it's okay", id="rating"),
        pytest.param("{{ '1d'|limit }} {{ '3wd'|limit }}", "1天 3个工作日", "1 day 3 working days", id="limit"),
        pytest.param("{{ '0.5h'|limit }} {{ 'x'|limit }}", "0.5小时 x", "0.5 hours x", id="odd limit"),
        pytest.param(
            "{{ '132.1h'|limit }} {{ '25h'|limit }}", "5天12小时 25小时", "5 days 12 hours 25 hours", id="reckoned"
        ),
        pytest.param("{{ '5.8h'|limit }}", "5小时48分钟", "5 hours 48 minutes", id="hours and minutes"),
        pytest.param("{{ 'name,place'|asked }}", "姓名和房号或地址", "name and flat or address", id="asked"),
        pytest.param("{{ 'phone'|asked }}", "联系电话", "phone number", id="asked for one"),
        pytest.param("{{ 'limit'|missing }}", "需要多长时间", "how much time is needed", id="missing"),
    ],
)
def test_filters_speak_the_locale(own: Path, template: str, chinese: str, english: str) -> None:
    assert say(own, template) == chinese
    assert say(own, template, "en") == english


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("0086-138-1234-5678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("0755-12345678", "075****5678"),
        ("12345678", "12****78"),
        ("+44 7911 123456", "447****3456"),
        ("110", "****"),
        ("", ""),
    ],
)
def test_phone_masked(phone: str, expected: str) -> None:
    assert phone_masked(phone) == expected


def test_name_masked() -> None:
    masked = [name_masked(name) for name in ("张三", "Wang Jianguo", "Mr King", " ", None)]
    assert masked == ["张*", "W*", "Mr K*", "", ""]


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("zh", "11月22日(周日) 08:00 (柏林时间)|11月22日(周日) 08:00-09:00 (柏林时间)|11月22日(周日) (柏林时间)"),
        ("en", "Sun 22 Nov, 08:00 Europe/Berlin|Sun 22 Nov, 08:00-09:00 Europe/Berlin|Sun 22 Nov Europe/Berlin"),
    ],
)
def test_a_time_elsewhere_names_its_zone(own: Path, locale: str, told: str) -> None:
    template = "{{ facts.start|when }}|{{ facts.start|span(facts.end) }}|{{ facts.start|day }}"
    assert say(own, template, locale, zone=ZoneInfo("Europe/Berlin")) == told


def test_a_line_of_a_list_is_told_in_its_own_zone(own: Path) -> None:
    told = say(own, "{{ here|when }}|{{ there|when }}", here=DUE, there=DUE.astimezone(ZoneInfo("America/Lima")))
    assert told == "11月22日(周日) 15:00|11月22日(周日) 02:00 (America/Lima)"


def test_words_that_were_compiled_before_are_read_anew_once_they_are_changed(own: Path) -> None:
    write(own, "hello", im="早上好")
    assert Words("C", "", SHANGHAI, own).render("hello", "zh", Form.IM, FULL).text == "早上好"
    write(own, "hello", im="晚上好")
    assert Words("C", "", SHANGHAI, own).render("hello", "zh", Form.IM, FULL).text == "晚上好"


def test_words_compiled_for_other_filters_are_compiled_anew(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How a filter is called is compiled into the words that call it."""
    write(own, "hello", im="{{ 'satisfied'|rating }}")
    added = Words._add_filters

    def older(words: Words) -> None:
        added(words)
        words._environment.filters["rating"] = str.upper

    with monkeypatch.context() as patch:
        patch.setattr(Words, "_add_filters", older)
        assert Words("C", "", SHANGHAI, own).render("hello", "zh", Form.IM, FULL).text == "SATISFIED"
    assert Words("C", "", SHANGHAI, own).render("hello", "zh", Form.IM, FULL).text == "满意"


def test_a_full_disk_keeps_no_words_back(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemBytecodeCache, "dump_bytecode", full)
    write(own, "hello", im="早上好")
    assert Words("C", "", SHANGHAI, own).render("hello", "zh", Form.IM, FULL).text == "早上好"
