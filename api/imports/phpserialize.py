"""PHP's serialised values, as WordPress stores them in post meta; objects are refused."""

MAX_DEPTH = 32

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
        match self._take(2):
            case b"N;":
                return None
            case b"b:":
                return self._boolean()
            case b"i:":
                return self._integer(b";")
            case b"d:":
                return self._number()
            case b"s:":
                return self._string()
            case b"a:":
                return self._array(depth)
            case other:
                raise NotSerialised(f"{other!r} at byte {self.at - 2} begins no value")

    def _array(self, depth: int) -> dict[str | int, Php]:
        count = self._integer(b":")
        self._expect(b"{")
        result: dict[str | int, Php] = {}
        for _ in range(count):
            name = self.value(depth + 1)
            if isinstance(name, bool) or not isinstance(name, str | int):
                raise NotSerialised(f"an array key is neither text nor integer before byte {self.at}")
            result[name] = self.value(depth + 1)
        self._expect(b"}")
        return result

    def _string(self) -> str:
        length = self._integer(b":")
        self._expect(b'"')
        raw = self._take(length)
        self._expect(b'";')
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise NotSerialised(f"a string ends within a character at byte {self.at}") from error

    def _boolean(self) -> bool:
        digit = self._until(b";")
        if digit not in {b"0", b"1"}:
            raise NotSerialised(f"no truth value before byte {self.at}")
        return digit == b"1"

    def _number(self) -> float:
        try:
            return float(self._until(b";"))
        except ValueError as error:
            raise NotSerialised(f"no number before byte {self.at}") from error

    def _integer(self, end: bytes) -> int:
        digits = self._until(end)
        if (
            not digits.removeprefix(b"-").isdigit()
            or len(digits) > 20
            or (end == b":" and digits[:1] == b"-")
        ):
            raise NotSerialised(f"no integer before byte {self.at}")
        return int(digits)

    def _until(self, end: bytes) -> bytes:
        stop = self.raw.find(end, self.at)
        if stop < 0:
            raise NotSerialised(f"no {end!r} after byte {self.at}")
        part, self.at = self.raw[self.at : stop], stop + len(end)
        return part

    def _take(self, count: int) -> bytes:
        part = self.raw[self.at : self.at + count]
        if len(part) < count:
            raise NotSerialised("the value ends too early")
        self.at += count
        return part

    def _expect(self, expected: bytes) -> None:
        if self._take(len(expected)) != expected:
            raise NotSerialised(f"{expected!r} expected before byte {self.at}")
