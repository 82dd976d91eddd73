"""Pictures of every kind, made here, so that a test says what is odd about one."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

RED, GREEN, BLUE = (220, 30, 30), (30, 160, 60), (30, 60, 200)
NORTH, EAST = (48.0, 51.0, 24.0), (2.0, 21.0, 0.0)


def painted(width: int = 1200, height: int = 800, mode: str = "RGB") -> Image.Image:
    """Red at the left, blue at the right, and a green corner at the top left."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    image.paste(GREEN, (0, 0, width // 4, height // 4))
    return image.convert(mode)


def encoded(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    """The file of a picture."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def decoded(content: bytes) -> Image.Image:
    """The picture in a file."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def jpeg(width: int = 1200, height: int = 800, **options: Any) -> bytes:
    """A photograph."""
    return encoded(painted(width, height), "JPEG", **options)


def with_exif(orientation: int) -> bytes:
    """A photograph that stands upright once it is turned, and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera of Ada"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", NORTH, "E", EAST
    turns = {
        1: (), 2: (0,), 3: (3,), 4: (1,), 5: (5,), 6: (2,), 7: (6,), 8: (4,),
    }  # fmt: skip
    image = painted()
    for turn in turns[orientation]:
        image = image.transpose(Image.Transpose(turn))
    return encoded(image, "JPEG", exif=exif)


def animated(format: str = "GIF", frames: int = 4, **options: Any) -> bytes:
    """A picture that moves."""
    pictures = [
        Image.new("RGB", (600, 400), (37 * number % 256, 255 - number, 90)) for number in range(frames)
    ]
    options = {"duration": [80 * (number + 1) for number in range(frames)]} | options
    return encoded(pictures[0], format, save_all=True, append_images=pictures[1:], **options)


def bomb(width: int, height: int) -> bytes:
    """A small file that says it has far too many pixels."""
    return png(width, height, 1, 0, zlib.compress(bytes(100_000)))


def deep_png(colour: tuple[int, int, int], size: int = 64) -> bytes:
    """A PNG of 16 bits a channel."""
    row = b"\0" + struct.pack(">HHH", *(value * 257 for value in colour)) * size
    return png(size, size, 16, 2, zlib.compress(row * size))


def png(width: int, height: int, depth: int, kind: int, content: bytes, *, transparent: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    named = ((b"tRNS", transparent),) if transparent else ()
    chunks = ((b"IHDR", head), *named, (b"IDAT", content), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def profile(name: str = "sRGB") -> bytes:
    """A profile of colours."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
POLYGLOT = b"GIF89a/*" + b"\0" * 5 + b"*/=1;<script>alert(1)</script>"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
