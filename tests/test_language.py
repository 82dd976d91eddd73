"""Plain English wherever people meet Kiosque: forms that have crept in before do not come back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent

STILL_TO_BE_READ = ("api/storage/migrations/versions/",)
FILES = [
    path
    for package in ("api", "kiosque_client")
    for path in sorted((ROOT / package).rglob("*.py"))
    if not path.relative_to(ROOT).as_posix().startswith(STILL_TO_BE_READ)
]
PAGES = [*ROOT.glob("docs/**/*.md"), *(ROOT / name for name in ("README.md", "SECURITY.md", "CHANGELOG.md"))]

RIDDLE = re.compile(r"(?:What|Who|Whom|Whose|Where|When|Which|Whether|How)\b")
"""A docstring that opens like this is a question; a thing has a name."""

FORMS = re.compile(
    r"""\b(?:
        ha(?:s|ve)\ not\ the | form\ asked\ for | anew
        | told(?!\ to) | tells\ (?:what|which|whether|how|that) | which,\ is\ not
        | be\ (?:a\ text|a\ list|a\ whole\ number)
        | behind\ the\ (?:end|cursor)
        | stands?\ against | h[eo]ld\ against | holds\ against
        | (?:do|does)\ not\ fit | fit\ together
        | comes?\ to\ another | (?:is|are)\ another's | others\ than
        | RFC\ \d+\ writes
        | mend | in\ earnest | in\ vain | belongs?\ into
        | not\ written\ over | dates?\ it\ back | what\ came\ is\ not
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""Written once by somebody who thought in another language; see the table in CONTRIBUTING.md."""

NAMES = {"told", "given", "wanted", "sighted", "asked"}


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every literal, docstrings and parts of f-strings included: errors, summaries, help texts, settings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, " ".join(node.value.split())


def docstrings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Those of modules, classes and responders, which become descriptions, meanings and summaries."""
    for node in ast.walk(tree):
        is_responder = isinstance(node, ast.FunctionDef) and node.name.startswith("on_")
        if isinstance(node, ast.Module | ast.ClassDef) or is_responder:
            yield getattr(node, "lineno", 1), ast.get_docstring(node) or ""


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name


def test_no_sentence_has_a_form_that_only_a_translation_has():
    texts = [(path, line, text) for path in FILES for line, text in strings(ast.parse(path.read_text()))]
    texts += [
        (path, number, line) for path in PAGES for number, line in enumerate(path.read_text().splitlines(), 1)
    ]

    found = [
        f"{where(path, line)}: {match[0]}" for path, line, text in texts if (match := FORMS.search(text))
    ]

    assert found == []


def test_a_docstring_names_the_thing_instead_of_asking_for_it():
    texts = [(path, line, text) for path in FILES for line, text in docstrings(ast.parse(path.read_text()))]

    assert [f"{where(path, line)}: {text}" for path, line, text in texts if RIDDLE.match(text)] == []


def test_every_module_has_a_docstring():
    assert [path for path in FILES if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_a_name_says_what_it_names():
    used = {
        f"{where(path, line)}: {name}"
        for path in FILES
        for line, name in names(ast.parse(path.read_text()))
        if name in NAMES
    }

    assert used == set()
