"""The sizes of a picture, made by a process of its own within bounds of memory and time."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from api.errors import Invalid
from api.media.formats import IMAGES
from api.storage import StorageUnavailable

MOST_PIXELS = 50_000_000
"""Of all frames together."""
SECONDS = 60

PROGRAM = Path(__file__).with_name("sizes.py")


class ImageTooLarge(Invalid):
    """The picture has more pixels than this server resizes, or takes too much memory or time to resize."""

    code, title = "image-too-large", "Image too large"
    remedy = "Send a picture of at most 50 megapixels, those of all its frames together."


class InvalidImage(Invalid):
    """The bytes begin like a picture of that type, but no picture can be decoded from them."""

    code, title = "invalid-image", "Invalid image"
    remedy = "Check that the file is complete and opens elsewhere, then send it again."


class Resized(Struct, frozen=True):
    """A file of one size."""

    width: int
    height: int
    file: str


class Picture(Struct, frozen=True):
    """The size of a picture as it is seen, right way up, and its files, the largest first."""

    width: int = 0
    height: int = 0
    sizes: tuple[Resized, ...] = ()
    refused: Literal["image-too-large", "invalid-image"] | None = None


_REFUSALS = {error.code: error for error in (ImageTooLarge, InvalidImage)}
_decoder = msgspec.json.Decoder(Picture)
_TOO_MUCH = (-signal.SIGXCPU, -signal.SIGKILL)
"""How it ends when it takes too much time or, by the kernel, memory."""


def resize(source: Path, media_type: str, folder: Path) -> Picture:
    """Make the sizes of a picture as files in `folder`. Raises ImageTooLarge, InvalidImage."""
    try:
        run = subprocess.run(  # noqa: S603
            command(source, media_type, folder),
            stdout=subprocess.PIPE,
            timeout=SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ImageTooLarge from None
    except OSError as error:
        raise StorageUnavailable from error
    if run.returncode in _TOO_MUCH:
        raise ImageTooLarge
    if run.returncode < 0:  # a decoder crashed
        raise InvalidImage
    if run.returncode:
        raise StorageUnavailable  # it says why in our log
    picture = _decoder.decode(run.stdout)
    if picture.refused:
        raise _REFUSALS[picture.refused]
    return picture


def command(source: Path, media_type: str, folder: Path) -> tuple[str | Path, ...]:
    """The program that makes the sizes and prints a Picture, with its arguments."""
    return (sys.executable, "-P", PROGRAM, source, IMAGES[media_type], folder, str(MOST_PIXELS))
