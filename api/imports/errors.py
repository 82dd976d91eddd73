"""The refusal of a whole file: the place in it and the reason, in one sentence."""

from api.errors import OperatorError

CONTROL = "The file contains {}, which is not allowed there: --lenient drops such characters."


class ImportRefused(OperatorError):
    """The file cannot be imported, and nothing of it has been.

    `line` and `column` count from 1; in a CSV file `column` is the number of the field in its row.
    Both are None where the error has no single place (the wrong kind of file or JSON structure).
    """

    def __init__(self, path: str, sentence: str, line: int | None = None, column: int | None = None) -> None:
        place = ":".join(str(part) for part in (path, line, column) if part is not None)
        super().__init__(f"{place}: {sentence}")
        self.path = path
        self.line = line
        self.column = column
        self.sentence = sentence
