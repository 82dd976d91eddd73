"""Addresses: what a text shows, and which of them are variants of one picture."""

from __future__ import annotations

import pytest

from api.imports.pictures.addresses import absolute, key_of, name_of, original, shown_in
from api.text.markup import render

UPLOADS = "https://old.example/wp-content/uploads/2020/05"
GHOST = "https://old.example/content/images"
SHOP = "https://cdn.shopify.com/s/files/1/2/products"
OURS = "https://kiosque.test/media/boat-400-0123456789abcdef0123456789abcdef.webp"


@pytest.mark.parametrize(
    ("variant", "whole", "width", "height"),
    [
        (f"{UPLOADS}/boat-300x200.jpg", f"{UPLOADS}/boat.jpg", 300, 200),
        (f"{UPLOADS}/boat-300x200-1024x683.JPEG", f"{UPLOADS}/boat-300x200.JPEG", 1024, 683),
        (f"{UPLOADS}/boat-300x200.jpg?v=2", f"{UPLOADS}/boat.jpg?v=2", 300, 200),
        ("https://a.wordpress.com/boat.jpg?w=300&h=9", "https://a.wordpress.com/boat.jpg", 300, 0),
        (f"{GHOST}/size/w600/2020/boat.jpg", f"{GHOST}/2020/boat.jpg", 600, 0),
        (f"{GHOST}/size/w600h400/format/webp/2020/boat.jpg", f"{GHOST}/2020/boat.jpg", 600, 400),
        (f"{SHOP}/mug_600x600.jpg?v=1", f"{SHOP}/mug.jpg?v=1", 600, 600),
        (f"{SHOP}/mug_x600_crop_center@2x.png", f"{SHOP}/mug.png", 0, 600),
        (f"{SHOP}/mug_grande.jpg", f"{SHOP}/mug.jpg", 0, 0),
        ("https://a.example/cdn/shop/a.jpg?v=1&width=300", "https://a.example/cdn/shop/a.jpg?v=1", 300, 0),
    ],
)  # fmt: skip
def test_a_variant_is_known_by_its_original(variant, whole, width, height):
    assert original(variant) == (whole, width, height)


@pytest.mark.parametrize(
    "address",
    [
        f"{UPLOADS}/boat.jpg",
        f"{UPLOADS}/window-1x1.jpg",
        f"{UPLOADS}/mug_600x600.jpg",
        f"{UPLOADS}/boat-300x200.pdf",
        f"{UPLOADS}/boat.php?width=300",
        "https://[broken/boat-300x200.jpg",
        "",
    ],
)
def test_any_other_address_is_its_own_original(address):
    assert original(address) == (address, 0, 0)


def test_a_text_shows_its_images_and_links_to_larger_ones_but_none_of_this_site():
    shown = shown_in(
        render(
            f"[![A &amp; b]({UPLOADS}/boat-300x200.jpg?a=1&b=2)]({UPLOADS}/boat.jpg)\n\n"
            f'<video poster="/poster.png"></video> [text]({UPLOADS}/plan.pdf) ![]({OURS})'
            " ![](//x.example/é.gif)",
            "markdown",
        )
    )

    assert list(shown) == [
        (f"{UPLOADS}/boat.jpg", ""),
        (f"{UPLOADS}/boat-300x200.jpg?a=1&b=2", "A & b"),
        ("/poster.png", ""),
        ("//x.example/%C3%A9.gif", ""),
    ]


def test_an_address_without_a_host_is_of_the_old_site():
    site = "https://old.example/blog/"

    assert absolute("/content/images/a.png#top", site) == "https://old.example/blog/content/images/a.png"
    assert absolute("//cdn.example/a.png", site) == "https://cdn.example/a.png"
    assert absolute("/a.png", "") == "/a.png"


def test_a_picture_is_the_same_with_tls_and_without():
    assert key_of("http://old.example/a%20b.png") == key_of("https://old.example/a b.png")
    assert key_of("/a.png") != key_of("/b.png")


def test_a_file_has_the_name_at_the_end_of_its_address():
    assert name_of(f"{UPLOADS}/Blaues%20Boot.jpg?v=1") == "Blaues Boot.jpg"
    assert name_of("https://old.example/") == "picture"
