"""The formats of files: which there are, and whether bytes begin like one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

IMAGES: Mapping[str, str] = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
    "image/gif": "GIF",
}
"""Media type → the name by which the decoder knows it."""

_BRANDS_OF_PICTURES = frozenset((b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1"))


def _brands(head: bytes) -> frozenset[bytes]:
    """The kinds of content that an ISO base media file says it has, none for any other file."""
    if head[4:8] != b"ftyp":
        return frozenset()
    length = int.from_bytes(head[:4])
    listed = head[8:12] + head[16 : min(length, len(head))]
    return frozenset(listed[start : start + 4] for start in range(0, len(listed), 4))


def _is_avif(head: bytes) -> bool:
    return bool(_brands(head) & {b"avif", b"avis"})


def _is_mp4(head: bytes) -> bool:
    brands = _brands(head)
    return bool(brands) and not brands & _BRANDS_OF_PICTURES


def _is_mp3(head: bytes) -> bool:
    has_frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and bool(head[1] & 0x06)
    return head.startswith(b"ID3") or has_frame


_BEGINNINGS: Mapping[str, Callable[[bytes], bool]] = {
    "image/jpeg": lambda head: head.startswith(b"\xff\xd8\xff"),
    "image/png": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    "image/webp": lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
    "image/avif": _is_avif,
    "image/gif": lambda head: head.startswith((b"GIF87a", b"GIF89a")),
    "application/pdf": lambda head: head.startswith(b"%PDF-"),
    "application/epub+zip": lambda head: (
        head.startswith(b"PK\x03\x04") and head[30:58] == b"mimetypeapplication/epub+zip"
    ),
    "application/zip": lambda head: head.startswith((b"PK\x03\x04", b"PK\x05\x06")),
    "audio/mpeg": _is_mp3,
    "video/mp4": _is_mp4,
}

TYPES = tuple(_BEGINNINGS)
"""Every media type that is stored: pictures, and files to sell."""

HEAD_BYTES = 128
"""Enough of a file to know its format by."""


def begins_like(head: bytes, media_type: str) -> bool:
    """Whether a file with this beginning may be of the type."""
    return _BEGINNINGS[media_type](head)
