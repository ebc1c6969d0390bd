"""HTML mails as plain text: nothing glued, nothing split, nothing hidden."""

# ruff: noqa: E501 - one sample per line reads better than one sample over ten

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.email.html import html_to_text, words_only

PAGES = [
    # words and white space
    pytest.param("空调<b>坏</b>了", "空调坏了", id="a tag splits no word"),
    pytest.param("<span>空调</span><span>坏了</span>", "空调坏了", id="neither do two"),
    pytest.param("the <b>air</b> <i>conditioner</i>", "the air conditioner", id="blanks between tags stay"),
    pytest.param("the<b> air </b>conditioner", "the air conditioner", id="blanks inside tags stay"),
    pytest.param("a\r\n   b\t\tc", "a b c", id="white space collapses"),
    pytest.param("<div>a</div>\n\n   <div>b</div>", "a\nb", id="white space between blocks is nothing"),
    pytest.param("a&nbsp;&nbsp;b &lt;c&gt; &amp; &#20320;&#x597d; &hellip;", "a  b <c> & 你好 …", id="entities"),
    pytest.param("soft&shy;ware zero\u200bwidth\ufeff", "software zerowidth", id="what is not seen"),
    pytest.param("<o:p>空调</o:p><v:shape>坏了</v:shape>", "空调坏了", id="Word's own tags"),
    # lines and blocks
    pytest.param("a<br>b<br/>c", "a\nb\nc", id="br"),
    pytest.param("a<br><br>b", "a\n\nb", id="two br"),
    pytest.param("<div>a<br></div><div>b</div>", "a\nb", id="br at the end of a block"),
    pytest.param("<div>a</div><div><br></div><div>b</div>", "a\n\nb", id="an empty line as Gmail writes it"),
    pytest.param("<p>a</p><p>b</p>", "a\n\nb", id="paragraphs"),
    pytest.param("<p style='margin:0'>a</p><p style='margin: 0cm 0cm 0pt'>b</p>", "a\nb", id="paragraphs without a margin"),
    pytest.param('<p class="MsoNormal">a<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">b</p>', "a\n\nb", id="Outlook's paragraphs"),
    pytest.param("a<div>b</div>c", "a\nb\nc", id="text around a block"),
    pytest.param("<h1>题目</h1>正文", "题目\n\n正文", id="heading"),
    pytest.param("<div><div><div>a</div></div></div><div>b</div>", "a\nb", id="nested blocks"),
    pytest.param("<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc", id="pre"),
    pytest.param("<div style='white-space: pre-wrap'>a\n  b</div>", "a\n  b", id="white space that counts"),
    pytest.param("<center>a</center><hr>b", "a\nb", id="ruler"),
    pytest.param("<dl><dt>项<dd>值</dl>", "项\n值", id="definitions"),
    pytest.param("a<p>b", "a\n\nb", id="never closed"),
    pytest.param("</div></p>a</b>", "a", id="never opened"),
    # lists
    pytest.param("<ul><li>一</li><li>二</li></ul>", "* 一\n* 二", id="list"),
    pytest.param("<ol><li>一<li>二</ol>三", "1. 一\n2. 二\n三", id="numbers"),
    pytest.param("<ol start=3><li>三</li></ol>", "3. 三", id="numbers from three"),
    pytest.param("<ul><li>一<ul><li>甲</li></ul></li><li>二</li></ul>", "* 一\n  * 甲\n* 二", id="list in a list"),
    pytest.param("<ul><li><p>一</p></li><li><div>二</div></li></ul>", "* 一\n\n* 二", id="blocks in a list"),
    # tables
    pytest.param("<table><tr><th>名称</th><th>数量</th></tr><tr><td>空调</td><td>2</td></tr></table>", "名称  数量\n空调  2", id="data"),
    pytest.param("<table><tr><td><p>订单</p></td><td><p class=MsoNormal>A1</p></td></tr></table>", "订单  A1", id="paragraphs in cells"),
    pytest.param("<table><tr><td><div>a</div><div>b</div></td><td>c</td></tr></table>", "a\nb\nc", id="layout"),
    pytest.param("<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>c", "a  b\nc", id="table in a table"),
    pytest.param("<table><tr><td></td><td> &nbsp; </td><td>a</td></tr></table>", "a", id="empty cells"),
    pytest.param("<table><tr><td>" + "长" * 400 + "</td><td>b</td></tr></table>", "长" * 400 + "\nb", id="a long cell is layout"),
    pytest.param("<td>a</td><td>b</td>", "ab", id="cells of no table are no cells"),
    # links
    pytest.param('<a href="https://x.cn/a?b=1">照片</a>在此', "照片 <https://x.cn/a?b=1>在此", id="a link and where it leads"),
    pytest.param('<a href="https://x.cn/">https://x.cn</a>', "https://x.cn", id="a link that says so itself"),
    pytest.param('<a href="http://www.x.cn/">x.cn</a>', "x.cn", id="the same, shortened"),
    pytest.param('<a href="mailto:kf@x.cn?subject=hi">kf@x.cn</a> <a href="mailto:kf@x.cn">写信</a>', "kf@x.cn 写信 <kf@x.cn>", id="mailto"),
    pytest.param('<a href="tel:+8613800138000">138 0013 8000</a> <a href="tel:110">报警</a>', "138 0013 8000 报警 <110>", id="tel"),
    pytest.param('<a href="#top">a</a> <a href="javascript:x()">b</a> <a name=c>c</a> <a href="">d</a>', "a b c d", id="links that lead nowhere"),
    pytest.param('<a href="https://x.cn/a"><img src=x></a>b', "b", id="a link without words"),
    pytest.param('<a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.cn%2Fa&amp;data=05">照片</a>', "照片 <https://x.cn/a>", id="behind a scanner"),
    pytest.param('<a href="https://[broken">a</a>', "a <https://[broken>", id="a broken address"),
    # what is not to be seen
    pytest.param("<style>p{}</style><script>x()</script><title>t</title><!-- c -->a", "a", id="styles, scripts, comments"),
    pytest.param("<!--[if mso]><p>old Outlook</p><![endif]--><![if !mso]>a<![endif]>", "a", id="conditional comments"),
    pytest.param('<div style="display:none;max-height:0">预览</div>a', "a", id="preheader"),
    pytest.param('<span style="DISPLAY : NONE">x</span><p hidden>y</p><i style="mso-hide:all">z</i>a', "a", id="hidden in other ways"),
    pytest.param('<div style="font-size:0;line-height:0">预览</div>a', "a", id="too small to see"),
    pytest.param('<div style="max-height:0px; overflow:hidden">预览</div>a', "a", id="no height"),
    pytest.param('<td style="font-size:0px"><div style="font-size:14px">a</div></td>', "a", id="made visible again"),
    pytest.param('<div style="display:none">a</div>', "a", id="hidden, but all there is"),
    pytest.param('<div style="font-size:0.9em">a</div><p style="opacity:0.5">b</p>', "a\n\nb", id="small and pale is not hidden"),
    pytest.param('<img alt="😀" src=x>a<img alt="现场照片" src=x>', "😀a", id="a picture that stands for a character"),
    pytest.param("<select><option>a<option>b</select>c", "c", id="form fields"),
    pytest.param("", "", id="nothing"),
    pytest.param("just words", "just words", id="no HTML at all"),
    pytest.param("a < b > c", "a < b > c", id="signs of comparison"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "text"), PAGES)
def test_pages(html: str, text: str) -> None:
    lines = html_to_text(html).replace("\xa0", " ").replace("\xad", "").replace("\u200b", "").replace("\ufeff", "")
    assert "\n".join(line.rstrip() for line in lines.split("\n")).strip() == text


TRAPS = [
    pytest.param("<div>" * 50_000 + "hi", "hi", id="never closed"),
    pytest.param("<table><tr><td>" * 30_000 + "hi", "hi", id="tables in tables"),
    pytest.param("".join(f"<font color={n}><p></x>" for n in range(20_000)) + "hi", "hi", id="formatting opened again"),
    pytest.param("<b><i><u>" * 80 + "<p>x" * 200_000, "x", id="formatting opened again in paragraphs"),
    pytest.param("<div " + " ".join(f"a{n}" for n in range(70_000)) + ">hi", "hi", id="attributes"),
    pytest.param("<div " + " ".join(f"a{n}='>'" for n in range(45_000)) + ">hi", "hi", id="attributes with brackets in them"),
    pytest.param("<table>" + "<tr><td>" + "长" * 20_000 + "<tr><td>y" * 2000 + "</table>", "长" * 20_000, id="one wide cell"),
    pytest.param("<" * 500_000, "<", id="brackets only"),
    pytest.param("<!--" * 250_000 + "hi", "", id="comments"),
    pytest.param("<script>" * 120_000 + "hi", "", id="scripts"),
    pytest.param("<p style='font-size:0'>" * 43_000 + "<b>hi</b>", "", id="hidden in hidden"),
    pytest.param("<a href=http://x>" * 30_000 + "hi", "hi", id="links in links"),
    pytest.param("<img src='data:image/png;base64," + "A" * 3_000_000 + "'>hi", "hi", id="a picture written out"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "said"), TRAPS)
def test_traps(html: str, said: str) -> None:
    """Each of these took a parser minutes, or gigabytes, before it was guarded."""
    text = html_to_text(html)
    assert said in text
    assert len(text) <= len(html)


def test_words_alone_are_read_where_no_tree_is_built() -> None:
    html = "<head><title>t</title></head><style>p{}</style>a&amp;b<br>c<!-- x --><p>d</p><script>x('</p>')</script> 1 < 2 <b>e</b"
    assert words_only(html).split() == ["a&b", "c", "d", "1", "<", "2", "e</b"]


TOKENS = ["<div>", "</div>", "<p>", "<table>", "<tr>", "<td>", "</table>", "<ul>", "<li>", "</ul>", "<b>", "</b>", "<br>",
          "<a href=http://x.cn>", "</a>", "<pre>", "</pre>", "<span hidden>", "</span>", "<p style='display:none'>", "x", " ",
          "\n", "空调", "&nbsp;", "<!--", "-->", "<style>", "</style>", "<", ">", "<svg>", "<template>", "<select>"]  # fmt: skip


@given(st.lists(st.sampled_from(TOKENS), max_size=40))
def test_no_order_of_tags_breaks_it(tokens: list[str]) -> None:
    html = "".join(tokens)
    assert len(html_to_text(html)) <= 3 * len(html)
    words_only(html)


@given(
    st.lists(
        st.sampled_from(["<div>", "<p>", "<b>", "<span>", "<i>", "<li>", "<td>", "</b>", "</i>", " "]), max_size=12
    )
)
def test_every_word_is_kept(tokens: list[str]) -> None:
    html = "".join(f"{token}w{number}" for number, token in enumerate(tokens))
    text = html_to_text(html)
    assert all(f"w{number}" in text for number in range(len(tokens)))
