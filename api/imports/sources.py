"""The source of an import: a path or a stream."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from api.imports.errors import ImportRefused


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file without the characters that XML forbids, and how many it had."""

    stream: BinaryIO
    name: str
    dropped: int


Readable = str | os.PathLike[str] | BinaryIO | Cleaned

CHUNK = 1_048_576
_CONTROL = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf][\x80-\xbf]"
    rb"|&#0*(?:[0-8]|1[124-9]|2\d|3[01]);|&#[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]);"
)
"""As bytes of UTF-8, and as references."""
_LONGEST_REFERENCE = 12


@contextmanager
def cleaned(path: Path) -> Iterator[Cleaned]:
    """The file in a temporary one without control characters, halves of surrogate pairs and noncharacters."""
    dropped, rest = 0, b""
    with SpooledTemporaryFile(CHUNK) as target, opened(path) as (stream, name):
        is_utf_16 = stream.read(2) in (b"\xff\xfe", b"\xfe\xff")
        stream.seek(0)
        while chunk := stream.read(CHUNK):
            chunk, end = rest + chunk, len(chunk) + len(rest)
            if (
                last := max(chunk.rfind(sign, -_LONGEST_REFERENCE) for sign in (b"&", b"\xef", b"\xed"))
            ) >= 0:
                end = last  # it may go on in the next chunk
            rest = chunk[end:]
            text, count = (chunk[:end], 0) if is_utf_16 else _CONTROL.subn(b"", chunk[:end])
            target.write(text)
            dropped += count
        text, count = (rest, 0) if is_utf_16 else _CONTROL.subn(b"", rest)
        target.write(text)
        yield Cleaned(cast(BinaryIO, target), name, dropped + count)


@contextmanager
def opened(source: Readable) -> Iterator[tuple[BinaryIO, str]]:
    """The bytes of a path or of a seekable stream, from its start, and a name for error messages."""
    if isinstance(source, Cleaned):
        source.stream.seek(0)
        yield source.stream, source.name
        return
    if isinstance(source, str | os.PathLike):
        try:
            stream = Path(source).open("rb")  # noqa: SIM115 - closed below; only opening is to be refused
        except OSError as error:
            raise ImportRefused(os.fspath(source), f"The file cannot be opened: {error.strerror}.") from error
        with stream:
            yield stream, os.fspath(source)
    else:
        source.seek(0)
        yield source, str(getattr(source, "name", "import"))


def decoded(stream: BinaryIO, name: str) -> str:
    """The whole stream as UTF-8 text without its byte order mark; refused at the first invalid byte."""
    raw = stream.read()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = raw.rfind(b"\n", 0, error.start) + 1
        line = raw.count(b"\n", 0, error.start) + 1
        column = len(raw[start : error.start].decode("utf-8-sig")) + 1
        sentence = "The text is not UTF-8: save the file in that encoding."
        raise ImportRefused(name, sentence, line, column) from error


def named(character: str) -> str:
    """A character that nobody can see, by its code."""
    return f"the control character U+{ord(character):04X}"
