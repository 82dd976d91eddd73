"""The one way an import says no to a whole file: where in it, and why, in one sentence."""

from api.errors import OperatorError


class ImportRefused(OperatorError):
    """The file cannot be imported and nothing of it was.

    `line` and `column` count from 1; in a CSV file `column` is the number of the field in its row.
    Both are None where the fault has no single place (another kind of file, a wrong JSON structure).
    """

    def __init__(self, path: str, line: int | None, column: int | None, sentence: str) -> None:
        place = ":".join(str(part) for part in (path, line, column) if part is not None)
        super().__init__(f"{place}: {sentence}")
        self.path = path
        self.line = line
        self.column = column
        self.sentence = sentence
