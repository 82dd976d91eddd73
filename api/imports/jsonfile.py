"""JSON; refused with line and column if it is invalid or nested too deep."""

import json
import re
from typing import Any, BinaryIO, NoReturn

from api.imports.errors import CONTROL, ImportRefused
from api.imports.sources import decoded, named

MAX_DEPTH = 64
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def load(stream: BinaryIO, name: str) -> Any:
    """The value in the file."""
    content = decoded(stream, name)
    try:
        value = json.loads(content, parse_constant=_not_a_number)
    except json.JSONDecodeError as error:
        character = content[error.pos : error.pos + 1]
        if "control character" in error.msg and character not in "\t\n\r":
            sentence = CONTROL.format(named(character))
            raise ImportRefused(name, sentence, error.lineno, error.colno) from error
        raise ImportRefused(name, f"Invalid JSON: {error.msg}.", error.lineno, error.colno) from error
    except RecursionError:
        value = None  # deeper than MAX_DEPTH for certain: found below
    except ValueError as error:
        raise ImportRefused(name, f"Invalid JSON: {error}.") from error
    _check_depth(content, name)
    return _without_lone_surrogates(value) if _SURROGATE.search(content) else value


def _not_a_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _without_lone_surrogates(value: Any) -> Any:
    """Half an emoji, where an editor cut one in two: JSON can spell it, UTF-8 cannot."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="ignore"))


def _check_depth(content: str, name: str) -> None:
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(content):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        if depth > MAX_DEPTH:
            line = content.count("\n", 0, token.start()) + 1
            column = token.start() - content.rfind("\n", 0, token.start())
            raise ImportRefused(name, f"Values are nested more than {MAX_DEPTH} levels deep.", line, column)
