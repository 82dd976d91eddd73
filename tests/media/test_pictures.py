"""The sizes of pictures: none larger than it came, right way up, in its colours, silent about places."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from api.media.sizes import resized
from tests.media.pictures import (
    BLUE,
    GREEN,
    RED,
    animated,
    decoded,
    deep_png,
    encoded,
    jpeg,
    painted,
    png,
    profile,
    with_exif,
)


class Shown:
    """The files that are made of a picture."""

    def __init__(self, content: bytes, folder: Path) -> None:
        source = folder / "original"
        source.write_bytes(content)
        format = Image.open(io.BytesIO(content)).format or ""
        made = resized(source, {"MPO": "JPEG"}.get(format, format), folder, 50_000_000)
        self.size = made["width"], made["height"]
        self.sizes = [(one["width"], one["height"]) for one in made["sizes"]]
        self.contents = [(folder / one["file"]).read_bytes() for one in made["sizes"]]
        self.images = [decoded(content) for content in self.contents]


@pytest.fixture
def show(tmp_path: Path) -> Callable[[bytes], Shown]:
    return lambda content: Shown(content, tmp_path)


def is_like(image: Image.Image, place: tuple[float, float], colour: tuple[int, int, int]) -> bool:
    """Whether the picture has about that colour there."""
    x, y = int(place[0] * image.width), int(place[1] * image.height)
    pixel = image.convert("RGB").getpixel((x, y))
    return all(abs(own - other) < 30 for own, other in zip(pixel, colour, strict=True))


def is_upright(image: Image.Image) -> bool:
    return (
        is_like(image, (0.1, 0.1), GREEN)
        and is_like(image, (0.1, 0.9), RED)
        and is_like(image, (0.9, 0.1), BLUE)
        and is_like(image, (0.9, 0.9), BLUE)
    )


@pytest.mark.parametrize(
    ("size", "sizes"),
    [
        ((3_000, 2_000), [(1600, 1067), (800, 534), (400, 267)]),
        ((1_000, 2_000), [(800, 1600), (400, 800), (200, 400)]),
        ((1_000, 500), [(1000, 500), (800, 400), (400, 200)]),
        ((300, 200), [(300, 200)]),
        ((5_000, 1), [(1600, 1), (800, 1), (400, 1)]),
        ((1, 1), [(1, 1)]),
    ],
)
def test_a_picture_has_three_sizes_and_none_is_larger_than_it_came(show, size, sizes):
    shown = show(encoded(Image.new("RGB", size, RED), "PNG"))

    assert shown.size == size
    assert shown.sizes == [image.size for image in shown.images] == sizes


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_stands_upright_and_does_not_say_where_it_was_taken(show, orientation):
    shown = show(with_exif(orientation))

    assert shown.size == (1200, 800)
    assert all(is_upright(image) for image in shown.images)
    assert all(dict(image.getexif()) == {} for image in shown.images)
    assert all(b"Ada" not in content for content in shown.contents)


@pytest.mark.filterwarnings("ignore:.*EXIF")
def test_damaged_exif_harms_no_picture(show):
    shown = show(jpeg(exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(20)))

    assert is_upright(shown.images[0])


KINDS = {
    "progressive JPEG": jpeg(progressive=True),
    "grey JPEG": encoded(painted(mode="L"), "JPEG"),
    "CMYK JPEG": encoded(painted(mode="CMYK"), "JPEG"),
    "JPEG with a preview": encoded(painted(), "MPO", save_all=True, append_images=[painted(120, 80)]),
    "palette PNG": encoded(painted(mode="P"), "PNG"),
    "PNG with alpha": encoded(painted(mode="RGBA"), "PNG"),
    "lossless WebP": encoded(painted(), "WEBP", lossless=True),
    "AVIF": encoded(painted(), "AVIF"),
    "GIF": encoded(painted(), "GIF"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_picture_is_shown_as_it_looks(show, kind):
    image = show(KINDS[kind]).images[-1]

    if kind == "grey JPEG":
        assert is_like(image, (0.9, 0.5), (66, 66, 66))
    else:
        assert is_upright(image)


def test_16_bits_a_channel_are_shown_as_8(show):
    colour = show(deep_png(BLUE)).images[0]
    shade = show(encoded(Image.new("I;16", (64, 64), 128 * 257), "PNG")).images[0]

    assert is_like(colour, (0.5, 0.5), BLUE)
    assert is_like(shade, (0.5, 0.5), (128, 128, 128))


def test_what_is_transparent_stays_so(show):
    image = painted(mode="RGBA")
    image.paste((0, 0, 0, 0), (600, 0, 1200, 800))
    palette = Image.new("P", (64, 64), 1)
    palette.putpalette([0, 0, 0, *RED])
    palette.paste(0, (32, 0, 64, 64))

    for content in (encoded(image, "PNG"), encoded(palette, "PNG", transparency=0)):
        picture = show(content).images[0]

        left, right = (picture.getpixel((int(picture.width * part), 30)) for part in (0.25, 0.75))
        assert (left[3], right[3]) == (255, 0)


@pytest.mark.parametrize(
    ("depth", "kind", "there", "nothing"),
    [
        (16, 0, b"\x60\x10", b"\xc3\x50"),
        (16, 2, b"\x60\x10" * 3, b"\xc3\x50\x00\x00\x00\x00"),
        (8, 0, b"\x60", b"\xc3"),
        (4, 0, b"\x66", b"\xcc"),
        (2, 0, b"\x55", b"\xaa"),
    ],
)
def test_the_colour_that_stands_for_nothing_is_transparent_whatever_its_bits(
    show, depth, kind, there, nothing
):
    colour = {8: b"\x00" + nothing, 4: b"\x00\x0c", 2: b"\x00\x02"}.get(depth, nothing)
    row = b"\0" + there * 4 + nothing * 4
    width = 8 * 8 // min(depth, 8)

    picture = show(png(width, 8, depth, kind, zlib.compress(row * 8), transparent=colour)).images[0]

    left, right = picture.getpixel((0, 4)), picture.getpixel((width - 1, 4))
    assert (left[3], right[3]) == (255, 0)
    assert abs(left[0] - 96) < 15


@pytest.mark.parametrize("missing", [1, 12, 14])
def test_a_png_without_its_end_is_refused(missing, tmp_path):
    source = tmp_path / "original"
    source.write_bytes(encoded(painted(), "PNG")[:-missing])

    assert resized(source, "PNG", tmp_path, 50_000_000) == {"refused": "invalid-image"}


@pytest.mark.parametrize(("format", "options"), [("GIF", {"disposal": 2}), ("WEBP", {}), ("PNG", {})])
def test_what_moves_is_transparent_where_no_frame_is(show, format, options):
    frames = [Image.new("RGBA", (100, 60)) for _ in range(3)]
    for number, frame in enumerate(frames):
        frame.paste((*RED, 255), (10 * number, 0, 10 * number + 10, 60))

    content = encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=80, **options)
    image = show(content).images[0]

    image.seek(2)
    assert [image.convert("RGBA").getpixel((x, 5))[3] for x in (5, 25, 95)] == [0, 255, 0]


def test_a_png_may_hold_many_words(show):
    words = PngImagePlugin.PngInfo()
    words.add_text("history", "A boat. " * 200_000, zip=True)

    assert is_upright(show(encoded(painted(), "PNG", pnginfo=words)).images[0])


def test_the_profile_of_colours_is_handed_on_where_it_fits(show):
    own = profile()

    picture = show(jpeg(icc_profile=own)).images[0]
    grey = show(encoded(painted(mode="L"), "JPEG", icc_profile=own)).images[0]

    assert picture.info["icc_profile"] == own
    assert "icc_profile" not in grey.info


@pytest.mark.parametrize(("format", "loop"), [("GIF", 0), ("WEBP", 3), ("PNG", 0), ("AVIF", 0)])
def test_what_moves_goes_on_moving_at_its_pace(show, format, loop):
    others = {} if format == "AVIF" else {"loop": loop}

    shown = show(animated(format, 4, **others))

    image, durations = shown.images[-1], []
    for number in range(image.n_frames):
        image.seek(number)
        image.load()
        durations.append(image.info["duration"])
    assert shown.size == (600, 400)
    assert (image.n_frames, image.size, image.info["loop"]) == (4, (400, 267), loop)
    assert durations == [80, 160, 240, 320]
