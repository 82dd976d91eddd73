"""A strict parser of request heads, so that no two readers of one can disagree (RFC 9112 §2–§6)."""

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from api.server.limits import Limits
from api.server.policy import Code, Environ

END = b"\r\n\r\n"


class Refused(Exception):
    """The server answers the request itself, and closes the connection."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


class Head:
    """A request head as a WSGI environ, with its framing (RFC 9112 §6.3)."""

    __slots__ = ("chunked", "environ", "expects_continue", "http11", "keep_alive", "length")

    def __init__(self, environ: Environ, *, http11: bool) -> None:
        self.environ = environ
        self.http11 = http11
        self.length = 0
        self.chunked = False
        self.keep_alive = http11
        self.expects_continue = False


def parse_head(block: bytes, environ: Environ, limits: Limits) -> Head:
    """The head in `block`, which ends before the empty line, added to `environ`; or Refused."""
    text = block.decode("latin-1")  # PEP 3333: native strings of bytes
    request_line, *lines = text.split("\r\n")
    _check_sizes(request_line, lines, len(block), limits)
    # Any control character, and a CR or LF outside a line end, makes the two differ.
    if block.translate(None, _PRINTABLE) != b"\r\n" * len(lines):
        raise Refused("bad-request")
    match = _REQUEST_LINE.fullmatch(request_line)
    if match is None:
        raise Refused("bad-request")
    method, target, minor = match.groups()

    environ["REQUEST_METHOD"], environ["RAW_URI"] = method, target
    head = Head(environ, http11=minor != "0")
    _add_fields(environ, lines)
    _read_framing(head)
    _read_host_and_target(environ, method, target, http11=head.http11)
    environ["SERVER_PROTOCOL"] = "HTTP/1.1" if head.http11 else "HTTP/1.0"
    if "HTTP_CONNECTION" in environ:
        options = {option.strip(" \t").lower() for option in environ["HTTP_CONNECTION"].split(",")}
        head.keep_alive = "close" not in options and (head.http11 or "keep-alive" in options)
    if method == "CONNECT":  # RFC 9110 §9.3.6: what follows could be meant for a tunnel
        head.keep_alive = False
    return head


def glimpse(head: bytearray, limits: Limits) -> Environ:
    """Method and target as far as an unfinished or malformed head shows them, for the log alone."""
    match = _BEGINNING.match(head[: limits.line_bytes].decode("latin-1"))
    return {} if match is None else {"REQUEST_METHOD": match[1], "RAW_URI": match[2]}


def check_unfinished(head: bytearray, checked: int, limits: Limits) -> None:
    """Refuse at once what no further byte can repair; the first `checked` bytes have passed before."""
    if _INVALID.search(head, max(checked - 1, 0)):
        raise Refused("bad-request")
    line_end = head.find(b"\r\n")
    if (line_end if line_end >= 0 else len(head) - 1) > limits.line_bytes:
        raise Refused("uri-too-long")
    if line_end >= 0:
        if line_end + 2 > checked and not _REQUEST_LINE.fullmatch(head[:line_end].decode("latin-1")):
            raise Refused("bad-request")  # an HTTP/0.9 client sends no more
        last_line = len(head) - head.rfind(b"\r\n") - 2
        if last_line - 1 > limits.field_bytes or len(head) > limits.head_bytes:
            raise Refused("headers-too-large")


_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"  # noqa: S105 (RFC 9110 §5.6.2)
# Methods are case-sensitive, and every known one is in capitals: a lower-case letter is a mistake.
# Minor versions above 1 are read as 1.1 (RFC 9110 §2.5).
_REQUEST_LINE = re.compile(r"([!#-'*+\-.^_`|~0-9A-Z]+) ([!\"$-~]+) HTTP/1\.([0-9])")
_BEGINNING = re.compile(rf"({_TOKEN}) ([^ #\r\n]*)")  # without a fragment, which may contain a secret
_PRINTABLE = bytes({0x09, *range(0x20, 0x100)} - {0x7F})
_INVALID = re.compile(rb"(?<!\r)\n|\r(?!\n|\Z)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{0,5}))?")
_DIGITS = re.compile(r"[0-9]+")
_ONCE: dict[str, Code] = {
    "HTTP_HOST": "bad-request",
    "CONTENT_TYPE": "bad-request",
    "CONTENT_LENGTH": "bad-framing",
}


def _check_sizes(request_line: str, lines: list[str], total: int, limits: Limits) -> None:
    if len(request_line) > limits.line_bytes:
        raise Refused("uri-too-long")
    if len(lines) > limits.fields or total > limits.head_bytes:
        raise Refused("headers-too-large")
    if total > limits.field_bytes and max(map(len, lines), default=0) > limits.field_bytes:
        raise Refused("headers-too-large")


def _add_fields(environ: Environ, lines: list[str]) -> None:
    """RFC 9112 §5: no space before the colon, no folding; repeated fields are joined (RFC 9110 §5.3)."""
    for line in lines:
        name, colon, value = line.partition(":")
        key = _environ_key(name)
        if not colon or not key:
            if colon and key is None:
                continue
            raise Refused("bad-request")
        value = value.strip(" \t")
        if key in environ:
            if key in _ONCE:
                raise Refused(_ONCE[key])
            value = f"{environ[key]}, {value}"
        environ[key] = value


@lru_cache(1024)
def _environ_key(name: str) -> str | None:
    """Empty for an invalid name; None for one with "_", which would look like the one with "-"."""
    if not re.fullmatch(_TOKEN, name):
        return ""
    if "_" in name:
        return None
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def _read_framing(head: Head) -> None:
    """RFC 9112 §6: one length or chunked, never both, never guessed."""
    environ = head.environ
    length = environ.get("CONTENT_LENGTH")
    coding = environ.pop("HTTP_TRANSFER_ENCODING", None)  # the application gets a body of known length
    if length is not None:
        if coding is not None or not _DIGITS.fullmatch(length):
            raise Refused("bad-framing")
        # RFC 9110 §8.6: leading zeros count for nothing, and over 19 digits without them is too large anyway.
        head.length = int(length.lstrip("0")[:19] or "0")
        environ["CONTENT_LENGTH"] = str(head.length)
    if coding is not None:
        if not head.http11:
            raise Refused("bad-framing")
        if coding.lower() != "chunked":
            raise Refused("transfer-coding")
        head.chunked = True
    expectation = environ.get("HTTP_EXPECT")
    if expectation is not None:
        if expectation.lower() != "100-continue":
            raise Refused("expectation-failed")
        head.expects_continue = head.http11  # RFC 9110 §10.1.1: ignored in HTTP/1.0


def _read_host_and_target(environ: Environ, method: str, target: str, *, http11: bool) -> None:
    """RFC 9112 §3.2 and §3.3: the four forms of target, and the host that each names."""
    host = environ.get("HTTP_HOST")
    if host is None:
        if http11:
            raise Refused("host-required")
    elif not _is_host(host):
        raise Refused("host-invalid")
    path, _, environ["QUERY_STRING"] = target.partition("?")
    if method == "CONNECT":
        if not _is_host(target):
            raise Refused("bad-request")
        path = ""
    elif not path.startswith("/") and (target != "*" or method != "OPTIONS"):
        scheme, separator, rest = path.partition("://")
        if not separator or scheme.lower() not in ("http", "https"):
            raise Refused("bad-request")
        authority, slash, path = rest.partition("/")
        if not _is_host(authority):
            raise Refused("host-invalid")
        environ["HTTP_HOST"] = authority
        path = slash + path or ("*" if method == "OPTIONS" and not environ["QUERY_STRING"] else "/")
    environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1") if "%" in path else path


@lru_cache(256)
def _is_host(value: str) -> bool:
    """Host = uri-host [":" port], without characters that no name in the DNS has (RFC 9110 §7.2)."""
    match = _HOST.fullmatch(value)
    return match is not None and int(match[1] or 0) <= 65_535
