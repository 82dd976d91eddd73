"""The program that makes the sizes of a picture: a process of its own, so that no picture harms the server.

It is run by its path and imports nothing of Kiosque. Its arguments are the file, its format, a folder for the
sizes and the most pixels that it may have; it prints one line of JSON.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

LONGEST = (1600, 800, 400)
"""Pixels of the longer side."""
MEMORY = 1_000_000_000
CPU_SECONDS = 30

Turn = Image.Transpose
_ORIENTATION = 0x0112
_TURNS = {
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_270,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_90,
}
"""EXIF's orientation → how the picture is turned to stand upright."""
_ON_ITS_SIDE = (5, 6, 7, 8)

_LAST_OF_PNG = b"IEND\xaeB`\x82"

_FLAGS, _MOVES, _ALPHA = 20, 0x02, 0x10
"""Where the head of a WebP has its flags, and two of them."""

_TO_8_BITS = {"L;2": 85, "L;4": 17, "RGB;16B": 1 / 256}
_RESIZABLE = ("RGB", "RGBA", "L", "LA", "CMYK", "I;16")
_USUAL_MS = 100
"""The duration of a frame that says none, as browsers show it."""


def main(source: str, format: str, folder: str, most_pixels: str) -> None:
    """Print the size of the picture and of each file made, or why there are none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # rather this than the server
    warnings.simplefilter("ignore")  # nobody reads them
    try:
        outcome = resized(source, format, Path(folder), int(most_pixels))
    except MemoryError:
        outcome = {"refused": "image-too-large"}
    except OSError as error:
        if error.errno is not None:  # of the disk; a decoder's has none
            raise
        outcome = {"refused": "invalid-image"}
    except Exception:  # noqa: BLE001  # whatever a decoder raises, the picture is the cause
        outcome = {"refused": "invalid-image"}
    print(json.dumps(outcome))


def resized(source: str | Path, format: str, folder: Path, most_pixels: int) -> dict[str, Any]:
    """The size of the picture as it is seen, and its files in `folder`; or why it is refused."""
    Image.MAX_IMAGE_PIXELS = None  # counted below, and refused rather than warned of
    PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY  # of words, which are thrown away
    content = _with_alpha(Path(source).read_bytes()) if format == "WEBP" else None
    with Image.open(source if content is None else io.BytesIO(content), formats=(format,)) as image:
        _scale_transparent_colour(image)
        # The further pictures in a camera's JPEG are previews and depths.
        count = 1 if format == "JPEG" else getattr(image, "n_frames", 1)
        width, height = image.size
        if width * height * count > most_pixels:
            return {"refused": "image-too-large"}
        lengths = sorted({min(longest, max(width, height)) for longest in LONGEST}, reverse=True)
        orientation, profile = _orientation(image), image.info.get("icc_profile")
        frames, durations = list[Image.Image](), list[int]()
        for frame in _frames(image, count):
            picture, fitting = _in_rgb(_turned(_fitted(frame, lengths[0]), orientation), profile)
            frames.append(picture)
            durations.append(int(frame.info.get("duration") or _USUAL_MS))
        loop = image.info.get("loop", 1 if format == "GIF" else 0)
    if format == "PNG" and _LAST_OF_PNG not in Path(source).read_bytes():
        return {"refused": "invalid-image"}  # cut off behind the pixels, which the decoder forgives
    animation = {"save_all": True, "duration": durations, "loop": loop} if count > 1 else {}
    sizes = [_saved(frames, longest, folder, fitting, animation) for longest in lengths]
    if orientation in _ON_ITS_SIDE:
        width, height = height, width
    return {"width": width, "height": height, "sizes": sizes}


def _scale_transparent_colour(image: Image.Image) -> None:
    """Let the transparent colour of a PNG be in 8 bits, as its pixels are once they are decoded."""
    tiles = getattr(image, "tile", ())
    scale = _TO_8_BITS.get(str(tiles[0].args)) if tiles else None
    colour = image.info.get("transparency")
    if scale is not None and colour is not None:
        image.info["transparency"] = (
            int(colour * scale) if isinstance(colour, int) else tuple(int(value * scale) for value in colour)
        )


def _orientation(image: Image.Image) -> int:
    with suppress(Exception):  # damaged EXIF harms no picture
        return int(image.getexif().get(_ORIENTATION, 1))
    return 1


def _frames(image: Image.Image, count: int) -> Iterator[Image.Image]:
    if count == 1:
        yield image
        return
    for number in range(count):
        image.seek(number)
        image.load()
        yield image.copy()


def _fitted(image: Image.Image, longest: int) -> Image.Image:
    """The picture in at most that size, first of all: a JPEG is decoded no larger than it need be."""
    if image.mode == "I;16" and image.has_transparency_data:
        nothing = image.info["transparency"]
        alpha = image.convert("I").point([255 * (value != nothing) for value in range(2**16)], "L")
        image = _in_8_bits(image)
        image.putalpha(alpha)
    if image.mode not in _RESIZABLE or (image.has_transparency_data and image.mode not in ("RGBA", "LA")):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    image.load()
    return image


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def _in_rgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, bytes]:
    """The picture in RGB with the profile of its colours, which fits no other colours than it is made for."""
    if image.mode == "I;16":
        image = _in_8_bits(image)
    if image.mode in ("RGB", "RGBA"):
        return image, profile or b""
    if profile and image.mode in ("CMYK", "L"):
        with suppress(ImageCms.PyCMSError, OSError):
            own, screen = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, own, screen, outputMode="RGB")
            assert converted is not None  # noqa: S101  # it is only None when it converts in place
            return converted, b""
    return image.convert("RGBA" if image.mode == "LA" else "RGB"), b""


def _in_8_bits(image: Image.Image) -> Image.Image:
    return image.convert("I").point([value >> 8 for value in range(2**16)], "L")


def _saved(
    frames: Sequence[Image.Image], longest: int, folder: Path, profile: bytes, animation: dict[str, Any]
) -> dict[str, Any]:
    for frame in frames:
        frame.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    path = folder / f"{longest}.webp"
    first, *others = frames
    if animation:
        animation = {**animation, "append_images": others}
    first.save(path, "WEBP", quality=80, method=4, icc_profile=profile, exif=b"", xmp=b"", **animation)
    if animation and any(frame.mode == "RGBA" for frame in frames):
        path.write_bytes(_with_alpha(path.read_bytes()))
    return {"width": first.width, "height": first.height, "file": path.name}


def _with_alpha(webp: bytes) -> bytes:
    """The picture, which says that it is transparent if it moves.

    Frames without alpha that cover only a part of it leave the rest transparent, but encoders do not say so.
    """
    moves = webp[12:16] == b"VP8X" and webp[_FLAGS : _FLAGS + 1] and webp[_FLAGS] & _MOVES
    return b"%b%c%b" % (webp[:_FLAGS], webp[_FLAGS] | _ALPHA, webp[_FLAGS + 1 :]) if moves else webp


if __name__ == "__main__":
    main(*sys.argv[1:])
