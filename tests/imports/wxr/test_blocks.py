"""Blocks whose content stands elsewhere in the file."""

from __future__ import annotations

import json

import pytest

from tests.imports.wxr import meta, post, read

USE = '<!-- wp:block {"ref":5} /-->'


def content(body: str) -> str:
    return f"<content:encoded><![CDATA[{body}]]></content:encoded>"


def test_a_reusable_block_is_put_in_wherever_a_post_uses_it() -> None:
    export = read(
        post(1, inside=content(f"<p>a</p>{USE}")) + post(5, type_="wp_block", inside=content("<p>b</p>"))
    )

    assert export.articles[0].body == "<p>a</p><p>b</p>"
    assert (export.skipped, [w.reason for w in export.warnings if "block" in w.reason]) == ((), [])


@pytest.mark.parametrize(
    "fields", [{"status": "draft"}, {"status": "private"}, {"status": "trash"}, {"post_password": "x"}]
)
def test_a_reusable_block_that_is_not_public_shows_nothing(fields: dict[str, str]) -> None:
    block = post(5, type_="wp_block", inside=content("<p>secret</p>"), **fields)
    export = read(post(1, inside=content(USE)) + block)

    assert "secret" not in export.articles[0].body
    assert "a reusable block is not in this file" in [w.reason for w in export.warnings]


def test_blocks_that_hold_each_other_end() -> None:
    export = read(
        post(1, inside=content(USE)) + post(5, type_="wp_block", inside=content(f"<p>b</p>{USE * 9}"))
    )

    assert export.articles[0].body.count("<p>b</p>") < 100_000


def test_a_block_that_wordpress_generates_is_counted() -> None:
    export = read(post(1, inside=content('<p>a</p><!-- wp:latest-posts {"order":"asc"} /-->')))

    assert export.articles[0].body == "<p>a</p>"
    assert [(skip.kind, skip.label) for skip in export.skipped] == [("block", "latest-posts")]


def test_footnotes_are_listed_where_they_belong() -> None:
    notes = json.dumps([{"id": "n1", "content": "See <em>there</em>"}])
    export = read(post(1, inside=content("<p>a</p><!-- wp:footnotes /-->") + meta(footnotes=notes)))

    assert export.articles[0].body == (
        '<p>a</p><ol><li id="n1">See <em>there</em> <a href="#n1-link">↩︎</a></li></ol>'
    )


@pytest.mark.parametrize("title", ["[:en]Hello[:fr]Bonjour[:]", "&lt;!--:en--&gt;Hello&lt;!--:--&gt;"])
def test_a_post_in_several_languages_is_noted(title: str) -> None:
    export = read(post(1, inside=f"<title>{title}</title>"))

    assert any("several languages" in warning.reason for warning in export.warnings)
