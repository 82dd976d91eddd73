"""PHP's serialised values, as WordPress stores them in post meta; objects are refused."""

import re

MAX_DEPTH = 32
_TOKEN = re.compile(
    rb"N;|b:(?P<boolean>[01]);|i:(?P<integer>-?[0-9]{1,20});|d:(?P<float>[^;]*);"
    rb'|s:(?P<string>[0-9]{1,20}):"|a:(?P<array>[0-9]{1,20}):{'
)

Php = str | int | float | bool | None | dict[str | int, "Php"]


class NotSerialised(ValueError):
    """The bytes are not a serialised PHP value of a supported type."""


def loads(text: str) -> Php:
    """The value; arrays are dicts in their order. Lengths are counted in UTF-8 bytes, as PHP does."""
    reader = _Reader(text.encode())
    value = reader.value(0)
    if reader.at != len(reader.raw):
        raise NotSerialised(f"something follows the value at byte {reader.at}")
    return value


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0

    def value(self, depth: int) -> Php:
        if depth > MAX_DEPTH:
            raise NotSerialised(f"nested more than {MAX_DEPTH} deep")
        if not (token := _TOKEN.match(self.raw, self.at)):
            raise NotSerialised(f"no value begins at byte {self.at}")
        self.at = token.end()
        match token.lastgroup:
            case "boolean":
                return token["boolean"] == b"1"
            case "integer":
                return int(token["integer"])
            case "float":
                return self._float(token["float"])
            case "string":
                return self._string(int(token["string"]))
            case "array":
                return self._array(int(token["array"]), depth)
        return None

    def _array(self, count: int, depth: int) -> dict[str | int, Php]:
        result: dict[str | int, Php] = {}
        for _ in range(count):
            key = self.value(depth + 1)
            if isinstance(key, bool) or not isinstance(key, str | int):
                raise NotSerialised(f"an array key is neither string nor integer before byte {self.at}")
            result[key] = self.value(depth + 1)
        self._expect(b"}")
        return result

    def _string(self, length: int) -> str:
        raw = self.raw[self.at : self.at + length]
        self.at += length
        self._expect(b'";')
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise NotSerialised(f"a string ends within a character at byte {self.at}") from error

    def _float(self, digits: bytes) -> float:
        try:
            return float(digits)
        except ValueError as error:
            raise NotSerialised(f"no number before byte {self.at}") from error

    def _expect(self, end: bytes) -> None:
        if not self.raw.startswith(end, self.at):
            raise NotSerialised(f"{end!r} expected at byte {self.at}")
        self.at += len(end)
