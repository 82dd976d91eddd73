"""What a body embeds leaves a link and a count, and an image that loads late is shown."""

from __future__ import annotations

import pytest

from api.imports.embeds import linked
from api.imports.notes import Notes


def link(address: str, label: str = "") -> str:
    return f'<a href="{address}">{label or address}</a>'


def after(body: str) -> tuple[str, list[str]]:
    """The body, and the reasons of its notes."""
    notes = Notes()
    return linked(body, notes.row("post", "post:1", "Film")), [note.reason for note in notes.warnings]


@pytest.mark.parametrize(
    ("name", "body", "shown"),
    [
        ("iframe", '<iframe src="https://p.example/1"></iframe>', "https://p.example/1"),
        ("iframe", '<IFRAME data-src="//p.example/1">Old browsers</IFRAME>', "https://p.example/1"),
        ("object", '<object data="https://p.example/2"></object>', "https://p.example/2"),
        (
            "object",
            '<object><param name="movie" value="https://p.example/3"><embed src="x.swf"></object>',
            "https://p.example/3",
        ),
        ("embed", "<embed src=https://p.example/4>", "https://p.example/4"),
        ("script", '<script src="https://gist.example/5.js"></script>', "https://gist.example/5.js"),
        (
            "form",
            '<form action="https://l.example"><input type="email"><button>Go</button></form>',
            "https://l.example",
        ),
    ],
)
def test_what_is_embedded_becomes_a_link_and_is_counted(name: str, body: str, shown: str) -> None:
    assert after(f"<p>a</p>{body}") == (f"<p>a</p><p>{link(shown)}</p>", [f"<{name}> became a link"])


def test_in_a_paragraph_the_link_does_not_end_it() -> None:
    body = '<p>a <iframe src="https://p.example" title="A &amp; B"></iframe> b</p>'

    assert after(body)[0] == f"<p>a {link('https://p.example', 'A &amp; B')} b</p>"


@pytest.mark.parametrize(
    "body",
    ["<script>track()</script>", '<script src="//t.example/embed.js"></script>', "<iframe></iframe>"],
)
def test_what_leads_nowhere_is_left_out_and_counted(body: str) -> None:
    shown, reasons = after(f"<p>a</p>{body}")

    assert shown == "<p>a</p>"
    assert [reason.partition(" ")[2] for reason in reasons] == ["was left out"]


@pytest.mark.parametrize(
    "body",
    [
        "<p>a</p><!-- <iframe src='https://p.example'></iframe> -->",
        "<pre><iframe src='https://p.example'></iframe></pre>",
        '<ul><li><input type="checkbox" checked> done</li></ul>',
    ],
)
def test_comments_code_and_tick_boxes_stay(body: str) -> None:
    assert after(body) == (body, [])


@pytest.mark.parametrize(
    "body",
    [
        '<img data-src="https://i.example/a%20b.jpg" alt="A">'
        '<noscript><img src="https://i.example/a%20b.jpg"></noscript>',
        '<img src="data:image/gif;base64,R0" data-lazy-src="https://i.example/a b.jpg" alt="A">',
    ],
)
def test_an_image_that_a_script_would_load_is_shown_once(body: str) -> None:
    assert after(body) == ('<img src="https://i.example/a%20b.jpg" alt="A">', [])


def test_an_image_that_stands_only_where_scripts_are_off_is_shown() -> None:
    image = '<img src="https://i.example/a.jpg">'

    assert after(f"<noscript>{image}</noscript>") == (image, [])


def test_players_have_controls() -> None:
    body = '<audio src="a.mp3"></audio><video controls src="b.mp4"></video>'

    assert after(body)[0] == '<audio controls src="a.mp3"></audio><video controls src="b.mp4"></video>'
