"""WordPress's own shortcodes are shown as far as the file holds what they show."""

from __future__ import annotations

import pytest

from tests.imports.wxr import post, read


def image(id_: int, parent: int = 1, name: str = "") -> str:
    address = f"<wp:attachment_url>https://i.example/{name or f'{id_}.jpg'}</wp:attachment_url>"
    return post(id_, type_="attachment", post_parent=str(parent), inside=address)


def body_of(body: str, *attachments: str) -> str:
    (article,) = read(
        post(1, inside=f"<content:encoded><![CDATA[{body}]]></content:encoded>") + "".join(attachments)
    ).articles
    return article.body


IMAGE = '<img src="https://i.example/1.jpg" alt="">'


@pytest.mark.parametrize(
    ("shortcode", "shown"),
    [
        (
            f'[caption id="x" align="alignleft" width="9"]{IMAGE} The <em>sea</em>[/caption]',
            f'<figure class="alignleft">{IMAGE}<figcaption>The <em>sea</em></figcaption></figure>',
        ),
        (
            f'[wp_caption caption="Sea"]<a href="/x">{IMAGE}</a>[/wp_caption]',
            f'<figure><a href="/x">{IMAGE}</a><figcaption>Sea</figcaption></figure>',
        ),
        ('[audio src="https://i.example/a.mp3"]', '<audio controls src="https://i.example/a.mp3"></audio>'),
        (
            "[video mp4='https://i.example/a.mp4' poster='https://i.example/a.jpg'][/video]",
            '<video controls src="https://i.example/a.mp4" poster="https://i.example/a.jpg"></video>',
        ),
    ],
)
def test_a_shortcode_is_shown(shortcode: str, shown: str) -> None:
    assert body_of(shortcode) == shown


@pytest.mark.parametrize("body", ["[embed]https://v.example/1[/embed]", "https://v.example/1"])
def test_an_address_on_a_line_of_its_own_becomes_a_link(body: str) -> None:
    assert body_of(f"a\n\n{body}\n\nb") == (
        '<p>a</p>\n\n<p><a href="https://v.example/1">https://v.example/1</a></p>\n\n<p>b</p>'
    )


@pytest.mark.parametrize(("shortcode", "names"), [('[gallery ids="8,7"]', "87"), ("[gallery]", "79")])
def test_a_gallery_shows_the_images_it_names_or_else_those_of_its_post(shortcode: str, names: str) -> None:
    attachments = image(7), image(8, parent=2), image(9), image(10, name="map.pdf")

    assert body_of(shortcode, *attachments) == "<figure>{}</figure>".format(
        "".join(f'<img src="https://i.example/{name}.jpg" alt="">' for name in names)
    )


def test_an_image_of_a_gallery_that_is_not_in_the_file_is_noted() -> None:
    content = '<content:encoded>[gallery ids="7,8"]</content:encoded>'
    export = read(post(1, inside=content) + image(7))

    assert [warning.reason for warning in export.warnings if "gallery" in warning.reason] == [
        "1 of the files in its gallery are not in this file"
    ]
    assert export.skipped == ()


@pytest.mark.parametrize("body", ["[[gallery]]", "[poll id=1]", "[caption]no image[/caption]", "[audio]"])
def test_what_cannot_be_shown_stays_text(body: str) -> None:
    assert body in body_of(body)
