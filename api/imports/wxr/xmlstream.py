"""An RSS file, one row at a time, so that a large export is never in memory as a tree."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO, NoReturn
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from api.imports.errors import CONTROL, ImportRefused
from api.imports.sources import named

MAX_DEPTH = 64
CHUNK = 65_536
FORBIDDEN = "The file declares a document type or entities, which are refused as unsafe."
MAX_PREFIXES = 50
NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "wp": "http://wordpress.org/export/1.2/",
}
NOT_UTF_8 = (
    "The text is not UTF-8 here: save the file in that encoding, or name the right one in its first line."
)
_CUT_OFF = " The file ends too early: download or export it again."
HELP = {
    "no element found": _CUT_OFF,
    "unclosed token": _CUT_OFF,
    "unclosed CDATA section": _CUT_OFF,
    "junk after document element": " Delete what stands outside <rss>, such as a PHP message.",
    "XML or text declaration not at start of entity": " Delete what stands before <?xml.",
}
_PREFIX = re.compile(rb"[<\s]([A-Za-z][\w.-]*):[A-Za-z]")
_ROW_DEPTH = 3  # rss > channel > row
_UNFINISHED_ENTITY = re.compile(r"&#?\w*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A child of the channel, and where it begins; both count from 1."""

    element: Element
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The first element of a document, and the namespaces declared on it."""

    tag: str
    namespaces: frozenset[str]


class UndeclaredPrefix(ImportRefused):
    """An element has a prefix without a namespace, as in exports of WordPress.com."""


def rows(stream: BinaryIO, name: str, declared: Mapping[str, str] = MappingProxyType({})) -> Iterator[Row]:
    """Every child of the channel in turn; refused if the XML is unsafe or not well-formed.

    `declared`: namespaces by prefix for those that the file uses without declaring them.
    """
    channel = _Channel()
    for _ in _fed(stream, name, channel, declared):
        yield from channel.finished()


def root(stream: BinaryIO, name: str) -> Root:
    """The root element, reading no further than it needs."""
    try:
        return _root(stream, name, {})
    except UndeclaredPrefix:
        stream.seek(0)
        return _root(stream, name, undeclared(stream))


def undeclared(stream: BinaryIO) -> dict[str, str]:
    """A namespace for each prefix of an element that its root does not declare, from the whole stream."""
    stream.seek(0)
    prefixes = dict.fromkeys(prefix for line in stream for prefix in _PREFIX.findall(line))
    stream.seek(0)
    head = stream.read(CHUNK)
    stream.seek(0)
    names = (
        prefix.decode()
        for prefix in prefixes
        if b"xmlns:" + prefix not in head and not prefix.startswith(b"xml")
    )
    return {name: NAMESPACES.get(name, f"urn:undeclared:{name}") for name in [*names][:MAX_PREFIXES]}


def _root(stream: BinaryIO, name: str, declared: Mapping[str, str]) -> Root:
    channel = _Channel()
    for _ in _fed(stream, name, channel, declared):
        if channel.root_tag:
            break
    return Root(tag=channel.root_tag or "", namespaces=frozenset(channel.namespaces))


class _Refused(Exception):
    """Raised in a handler, since only there the place is known: expat parses on to the end of a chunk."""

    def __init__(self, sentence: str, line: int, column: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line
        self.column = column


class _Channel:
    """The parser's target: it builds one row at a time and drops everything else."""

    def __init__(self) -> None:
        self.position: Callable[[], tuple[int, int]] = lambda: (1, 1)
        self.root_tag: str | None = None
        self.namespaces: set[str] = set()
        self._depth = 0
        self._builder: TreeBuilder | None = None
        self._began = (1, 1)
        self._finished: list[Row] = []

    def finished(self) -> list[Row]:
        done, self._finished = self._finished, []
        return done

    def start_ns(self, _prefix: str, uri: str) -> None:
        self.namespaces.add(uri)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self.root_tag = self.root_tag or tag
        if self._depth > MAX_DEPTH:
            raise _Refused(f"Elements are nested more than {MAX_DEPTH} levels deep.", *self.position())
        if self._depth == _ROW_DEPTH:
            self._builder, self._began = TreeBuilder(), self.position()
        if self._builder:
            self._builder.start(tag, attributes)

    def data(self, text: str) -> None:
        if self._builder:
            self._builder.data(text)

    def end(self, tag: str) -> None:
        self._depth -= 1
        if not self._builder:
            return
        self._builder.end(tag)
        if self._depth < _ROW_DEPTH:
            line, column = self._began
            self._finished.append(Row(element=self._builder.close(), line=line, column=column))
            self._builder = None

    def close(self) -> None:
        return None


def _fed(stream: BinaryIO, name: str, channel: _Channel, declared: Mapping[str, str]) -> Iterator[None]:
    """Feed the file to a parser, yielding after each chunk; every error becomes a refusal with its place."""
    parser = DefusedXMLParser(target=channel, forbid_dtd=True)
    expat = parser.parser

    def refuse_document_type(*_: object) -> NoReturn:
        raise _Refused(FORBIDDEN, *channel.position())

    channel.position = lambda: (expat.CurrentLineNumber, expat.CurrentColumnNumber + 1)
    expat.StartDoctypeDeclHandler = refuse_document_type  # as defusedxml's own, and knows the place
    try:
        while chunk := stream.read(CHUNK):
            if channel.root_tag is None:
                chunk = _with_namespaces(_without_blanks_before(chunk), declared)
            parser.feed(chunk)
            yield
        parser.close()
        yield
    except ParseError as error:
        line, column = error.position
        raise _not_well_formed(stream, name, line, column, str(error)) from error
    except _Refused as error:
        column = error.column
        if error.sentence == FORBIDDEN:
            column = _line(stream, error.line).rfind("<!DOCTYPE", 0, column) + 1 or column
        raise ImportRefused(name, error.sentence, error.line, column) from error
    except DefusedXmlException as error:
        raise ImportRefused(name, FORBIDDEN, *channel.position()) from error
    except (ValueError, LookupError) as error:  # an encoding that expat does not know
        raise ImportRefused(name, "Unknown encoding; save the file as UTF-8.", 1, 1) from error


def _without_blanks_before(head: bytes) -> bytes:
    """A declaration must stand first: blank lines go behind it, and lines are counted as before."""
    bare = head.removeprefix(b"\xef\xbb\xbf")
    blanks = bare[: len(bare) - len(bare.lstrip())]
    declaration, end, rest = bare[len(blanks) :].partition(b"?>")
    if not blanks or not end or not declaration.startswith(b"<?xml "):
        return head
    return declaration + end + blanks + rest


def _with_namespaces(head: bytes, declared: Mapping[str, str]) -> bytes:
    attributes = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in declared.items())
    return re.sub(rb"<rss(?=[\s>])", lambda tag: tag[0] + attributes.encode(), head, count=1)


def _not_well_formed(stream: BinaryIO, name: str, line: int, offset: int, message: str) -> ImportRefused:
    """Expat stops after a bare `&`, at the character that cannot follow it: point at the `&` itself."""
    written, reason = _line(stream, line), message.split(": line ")[0]
    if reason == "unbound prefix":
        return UndeclaredPrefix(name, f"The XML is not well-formed: {reason}.", line, offset + 1)
    if reason == "not well-formed (invalid token)":
        if bare := _UNFINISHED_ENTITY.search(written[:offset]):
            sentence = "The XML is not well-formed: a bare & must be written as &amp;."
            return ImportRefused(name, sentence, line, bare.start() + 1)
        character = written[offset : offset + 1]
        if character < " " and character:
            return ImportRefused(name, CONTROL.format(named(character)), line, offset + 1)
        if character == "\ufffd":
            return ImportRefused(name, NOT_UTF_8, line, offset + 1)
    if reason == "reference to invalid character number":
        return ImportRefused(name, CONTROL.format("a reference to a control character"), line, offset + 1)
    help_ = HELP.get(reason, "")
    return ImportRefused(name, f"The XML is not well-formed: {reason}.{help_}", line, offset + 1)


def _line(stream: BinaryIO, number: int) -> str:
    stream.seek(0)
    return next(itertools.islice(stream, number - 1, None), b"").decode(errors="replace")
