"""Markup: what people write stays readable, what could harm their readers does not arrive."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.text import balance as nesting
from api.text import markup


class Tags(HTMLParser):
    """Every tag of a text with its attributes, and how deep they nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.depth = self.deepest = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in nesting.VOID:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag):
        self.depth -= 1


def assert_harmless(html: str) -> None:
    for tag, attributes in Tags(html).found:
        assert tag in markup.TAGS
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name not in ("style", "srcdoc", "formaction", "name", "srcset")
            assert name != "id" or (value or "").startswith("text-")
            if name in ("href", "src", "poster", "cite"):
                scheme = re.match(r"[\s\0-\x20]*([a-z][a-z0-9+.-]*):", value or "", re.IGNORECASE)
                assert not scheme or scheme[1].lower() in ("http", "https", "mailto", "tel"), value


VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.test></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src=`javascript:alert(1)`>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    "<svg/onload=alert(1)>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<input type=image src=x onerror=alert(1)>",
    "<video poster=javascript:alert(1)><source src=javascript:alert(1) onerror=alert(1)></video>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<base href=//evil.test><a href=/x>x</a>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    '<b a"><script>alert(1)</script>">',
    "<!--><img src=x onerror=alert(1)>-->",
    "<a href='x' class='evil' id=getElementById name=forms>x</a>",
    "```html\n<script>alert(1)</script>\n```",
    "<details open ontoggle=alert(1)>",
    "<q cite=javascript:alert(1)>x</q><blockquote cite='java&#10;script:alert(1)'>x</blockquote>",
    "<del cite=' data:text/html,x'>x</del><ins cite='vbscript:x'>x</ins>",
]


@pytest.mark.parametrize("source", VECTORS)
@pytest.mark.parametrize("format", ["markdown", "html"])
def test_nothing_that_runs_is_kept(source, format):
    assert_harmless(markup.render(source, format))
    assert_harmless(markup.render_comment(source))
    assert_harmless(markup.sanitise_comment(source))


pieces = st.sampled_from(
    [
        *(
            "<",
            ">",
            "</",
            "/>",
            '"',
            "'",
            "=",
            " ",
            "\n",
            "&",
            "&lt;",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "`",
            "~",
            "\0",
        ),
        *(
            "script",
            "svg",
            "style",
            "img",
            "table",
            "td",
            "p",
            "b",
            "a",
            "iframe",
            "math",
            "title",
            "select",
            "li",
        ),
        *(
            " href=",
            " href=#x",
            " id=x",
            " name=x",
            ' title=" id="',
            "[^x]",
            "[^x]: ",
            " src=",
            " onerror=",
            " style=",
            "javascript:",
            "alert(1)",
            "data:",
            "[x](",
            "![",
            ")",
            "* ",
            "# ",
        ),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(pieces, max_size=40).map("".join), st.sampled_from(["markdown", "html"]))
def test_no_mixture_of_markup_lets_anything_through(source, format):
    rendered = markup.render(source, format)

    assert_harmless(rendered)
    assert markup.render(rendered, "html") == rendered
    assert markup.text_of(rendered) is not None


@settings(max_examples=200, deadline=None)
@given(st.lists(pieces, max_size=60).map("".join))
def test_tamed_markup_is_closed_in_order(source):
    html = nesting.tamed(source, markup.TAGS)

    stack = []
    for closing, name in re.findall(r"<(/?)([a-z][a-z0-9]*)(?=[\s/>])[^<]*?>", html):
        if closing:
            assert stack.pop() == name
        elif name not in nesting.VOID:
            stack.append(name)
    assert stack == []


LONG = 200_000


@pytest.mark.parametrize(
    ("format", "source"),
    [
        ("markdown", ">" * LONG),
        ("markdown", "1. " * (LONG // 3)),
        ("markdown", "[" * LONG),
        ("markdown", "# a\n" * (LONG // 4)),
        ("markdown", "[^a]: a\n\n" + "[^a]" * (LONG // 4)),
        ("markdown", "[^a]: a\n\n" + "[^a] a long text between notes " * (LONG // 32)),
        ("html", "<h1><h2>" * (LONG // 8)),
        ("html", "<a id=x href=#x>" * (LONG // 16)),
        ("markdown", "<div>\n\n" * (LONG // 7)),
        ("html", "<div>" * (LONG // 5)),
        ("html", "<ul><li>" * (LONG // 8)),
        ("html", "".join(f"<p><b class=language-{number}>" for number in range(LONG // 25))),
        ("html", "<b>" * 100 + "<p>x" * (LONG // 5)),
        ("html", "<script>" * (LONG // 8)),
        ("html", "<!--" * (LONG // 4)),
        ("html", "<a " * (LONG // 3)),
        ("html", '<a b="' * (LONG // 6)),
    ],
    ids=lambda value: value[:16].strip() if len(value) > 8 else value,
)
def test_the_worst_texts_are_rendered_in_seconds_and_stay_small(format, source):
    started = time.process_time()

    rendered = markup.render(source, format)

    assert time.process_time() - started < 10
    assert len(rendered) < 10 * LONG
    assert Tags(rendered).deepest <= nesting.DEEPEST + 10


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("~~a~~", "<p><del>a</del></p>\n"),
        ("```python\nx<1\n```", '<pre><code class="language-python">x&lt;1\n</code></pre>\n'),
        ("a <b>b</b>", "<p>a <b>b</b></p>\n"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>\n"),
        ("[x](/y)", '<p><a href="/y" rel="noopener">x</a></p>\n'),
    ],
)
def test_markdown_is_rendered(source, html):
    assert markup.render(source, "markdown") == html


def test_a_table_and_a_task_list_are_rendered():
    html = markup.render("|a|b|\n|-|:-:|\n|1|2|\n\n- [x] done\n", "markdown")

    assert '<td align="center">2</td>' in html
    (box,) = re.findall("<input ([^>]*)> done", html)
    assert sorted(box.split()) == ['checked=""', 'disabled=""', 'type="checkbox"']  # nh3 keeps no order


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<!-- wp:p --><p class='has-text-align-center x'>a</p>", '<p class="has-text-align-center">a</p>'),
        (
            '<figure class="alignwide"><img src="/a.png" alt="A"><figcaption>c</figcaption></figure>',
            '<figure class="alignwide"><img src="/a.png" alt="A"><figcaption>c</figcaption></figure>',
        ),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ("<font color=red>a</font>", "a"),
        ("a < b", "a &lt; b"),
    ],
)
def test_old_html_keeps_its_meaning(source, html):
    assert markup.render(source, "html") == html


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>a</p><p>b</p>", "a b"),
        ("<p>f<b>o</b>g</p>", "fog"),
        ('<img alt="x > y" src="/a.png">a', "a"),
        ("a<br>b &amp; c", "a b & c"),
    ],
)
def test_a_text_is_read_without_its_tags(source, text):
    assert markup.text_of(markup.render(source, "html")) == text
