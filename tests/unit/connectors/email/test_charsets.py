"""Text whose label is wrong, unknown or missing (trap 13)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.email.charsets import codec_for, decode

TEXT = "空调坏了，请尽快来修"
TRUE = [
    ("gb2312", "gb18030", "䶮家的空调坏了"),
    ("GB2312", "gbk", TEXT),
    ("gbk", "gbk", TEXT),
    ("x-gbk", "gbk", TEXT),
    ("gb_2312-80", "gb18030", TEXT),
    ("GB18030", "gb18030", "𠮷野家"),
    ("cp936", "gbk", TEXT),
    ("hz-gb-2312", "hz", "空调坏了"),
    ("big5", "big5", "空調壞了，請來修理"),
    ("big5-hkscs", "big5hkscs", "冷氣壞咗，唔該㗎"),
    ("x-x-big5", "big5", "空調壞了"),
    ("utf-8", "utf-8", TEXT),
    ("UTF8", "utf-8", TEXT),
    ('"utf-8"', "utf-8", TEXT),
    ("utf-8; format=flowed", "utf-8", TEXT),
    ("utf8mb4", "utf-8", TEXT),
    ("utf-16", "utf-16", TEXT),
    ("utf-16le", "utf-16-le", TEXT),
    ("utf-7", "utf-7", "空调 ok"),
    ("unicode-1-1-utf-7", "utf-7", "空调 ok"),
    ("iso-2022-jp", "iso-2022-jp", "エアコンが壊れた"),
    ("shift_jis", "cp932", "エアコン①"),
    ("euc-jp", "euc-jp", "エアコンが壊れた"),
    ("euc-kr", "euc-kr", "에어컨이 고장났어요"),
    ("ks_c_5601-1987", "cp949", "똠방각하"),
    ("iso-2022-kr", "iso-2022-kr", "에어컨"),
    ("koi8-r", "koi8-r", "кондиционер сломан"),
    ("koi8-u", "koi8-u", "кондиціонер зламався"),
    ("windows-1251", "cp1251", "кондиционер сломан"),
    ("iso-8859-5", "iso8859-5", "кондиционер сломан"),
    ("iso-8859-1", "cp1252", "Café “kaputt” – 5 €"),
    ("windows-1252", "cp1252", "Café “kaputt” – 5 €"),
    ("iso-8859-15", "iso8859-15", "5 €"),
    ("iso-8859-2", "iso8859-2", "żółć"),
    ("windows-1250", "cp1250", "žluťoučký kůň"),
    ("iso-8859-9", "cp1254", "çalışmıyor"),
    ("windows-1253", "cp1253", "δεν λειτουργεί"),
    ("windows-1255", "cp1255", "לא עובד"),
    ("iso-8859-8-i", "iso8859-8", "לא עובד"),
    ("windows-1256", "cp1256", "لا يعمل"),
    ("windows-1258", "cp1258", "hỏng".encode("cp1258", "ignore").decode("cp1258")),
    ("tis-620", "cp874", "แอร์เสีย"),
    ("macintosh", "mac-roman", "Café"),
    ("us-ascii", "ascii", "plain"),
]


@pytest.mark.parametrize(("label", "charset", "text"), TRUE, ids=[label for label, _, _ in TRUE])
def test_true_labels(label: str, charset: str, text: str) -> None:
    assert decode(text.encode(charset), label) == text


LIES = [
    pytest.param("utf-8", "gbk", TEXT, id="says utf-8, is gbk"),
    pytest.param("gb2312", "utf-8", TEXT, id="says gb2312, is utf-8"),
    pytest.param("gb2312", "utf-8", "你好", id="says gb2312, is two characters of utf-8"),
    pytest.param("gbk", "utf-8", "Grüße aus Köln, wie vereinbart für später", id="says gbk, is German in utf-8"),
    pytest.param("big5", "utf-8", "空調壞了", id="says big5, is utf-8"),
    pytest.param("windows-1251", "utf-8", "кондиционер", id="says windows-1251, is utf-8"),
    pytest.param("iso-8859-1", "gbk", TEXT, id="says latin-1, is gbk"),
    pytest.param("windows-1252", "gbk", "1号楼102室,空调坏了.", id="says windows-1252, is gbk"),
    pytest.param("iso-8859-1", "utf-8", TEXT, id="says latin-1, is utf-8"),
    pytest.param("us-ascii", "utf-8", TEXT, id="says ascii, is utf-8"),
    pytest.param("us-ascii", "gbk", TEXT, id="says ascii, is gbk"),
    pytest.param("utf-16", "ascii", "hello!", id="says utf-16, is ascii"),
    pytest.param("utf-16", "utf-8", TEXT, id="says utf-16, is utf-8"),
    pytest.param("unknown-8bit", "gbk", TEXT, id="unknown name, gbk"),
    pytest.param("x-user-defined", "utf-8", TEXT, id="unknown name, utf-8"),
    pytest.param("iso-2022-cn", "utf-8", TEXT, id="a charset nobody reads"),
    pytest.param("", "gbk", TEXT, id="empty name"),
    pytest.param("rot13", "ascii", "hello", id="a codec that is no charset"),
    pytest.param("idna", "ascii", "hello", id="a codec for something else"),
    pytest.param("unicode_escape", "ascii", r"C:\new", id="a codec that interprets"),
    pytest.param("\0\ud800", "utf-8", TEXT, id="no name at all"),
    pytest.param("a" * 10_000, "utf-8", TEXT, id="a name without end"),
    pytest.param(None, "iso-2022-jp", "エアコン", id="nothing said, Japanese"),
    pytest.param(None, "hz", "空调坏了", id="nothing said, hz"),
    pytest.param(None, "gbk", "空调坏了", id="nothing said, gbk"),
    pytest.param(None, "utf-8-sig", "空调坏了", id="byte order mark"),
]


@pytest.mark.parametrize(("label", "charset", "text"), LIES)
def test_labels_that_lie(label: str | None, charset: str, text: str) -> None:
    assert decode(text.encode(charset), label) == text


@pytest.mark.parametrize(
    ("label", "text"),
    [
        pytest.param("iso-8859-1", "Übergrößenträger für ÄÖÜ, à bientôt", id="German and French"),
        pytest.param("windows-1251", "Здравствуйте", id="Russian"),
        pytest.param("iso-8859-1", "naïve façade, 25 °C", id="few marks"),
        pytest.param("gb2312", "é", id="one letter of utf-8 under a Chinese label is two bytes of gb"),
    ],
)
def test_a_label_that_may_be_true_is_believed(label: str, text: str) -> None:
    data = "茅".encode("gbk") if label == "gb2312" else text.encode(label)
    assert decode(data, label) == ("茅" if label == "gb2312" else text)


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        pytest.param(TEXT.encode()[:-1], "utf-8", TEXT[:-1] + "\ufffd", id="cut inside a character"),
        pytest.param(TEXT.encode("gbk")[:-1], "gb2312", TEXT[:-1] + "\ufffd", id="the same in gbk"),
        pytest.param(
            (TEXT * 3).encode() + b"\xff" + TEXT.encode(), "utf-8", TEXT * 3 + "\ufffd" + TEXT, id="one bad byte"
        ),
        pytest.param(
            "エアコン".encode("iso-2022-jp") + b"\x1b$B%", "iso-2022-jp", "エアコン\ufffd", id="cut in Japanese"
        ),
    ],
)
def test_one_broken_character_breaks_no_other(data: bytes, label: str, text: str) -> None:
    assert decode(data, label) == text


@given(st.binary(max_size=300), st.none() | st.text(max_size=20) | st.sampled_from([label for label, _, _ in TRUE]))
def test_nothing_breaks_it_and_all_of_it_can_be_written(data: bytes, label: str | None) -> None:
    decode(data, label).encode()


@given(st.text(max_size=60))
def test_a_codec_that_is_named_exists(label: str) -> None:
    codec = codec_for(label)
    assert codec is None or "x".encode(codec)
