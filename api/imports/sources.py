"""The source of an import: a path or a stream."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from api.imports.errors import ImportRefused

Readable = str | os.PathLike[str] | BinaryIO


@contextmanager
def opened(source: Readable) -> Iterator[tuple[BinaryIO, str]]:
    """The bytes of a path or of a seekable stream, from its start, and a name for error messages."""
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
        raise ImportRefused(name, "The text is not UTF-8.", line, column) from error
