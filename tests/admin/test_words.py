"""The office speaks each of its languages whole: one file of words for each, and no word that is missing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

JS = Path("api/admin/static/js").absolute()
USE = re.compile(r"(?<![\w.])w\.(\w+(?:\.\w+)*)")
LANGUAGES = sorted(file.stem for file in (JS / "words").glob("*.js"))
LIST = """
const [file, language] = process.argv.slice(1);
const shape = (words, path) => typeof words === "object" && words
  ? Object.entries(words).flatMap(([name, value]) => shape(value, [...path, name]))
  : [[path.join("."), typeof words === "function" ? words.length : -1]];
import(file).then((module) => console.log(JSON.stringify(shape(module[language], []))));
"""


def words(language: str) -> dict[str, int]:
    """The paths of all words → the number of their parameters, -1 for plain text."""
    if not shutil.which("node"):
        pytest.skip("needs Node: apt-get install nodejs")
    command = ["node", "-e", LIST, str(JS / "words" / f"{language}.js"), language]
    return dict(json.loads(subprocess.check_output(command, stderr=subprocess.DEVNULL)))


def test_there_are_two_languages():
    assert LANGUAGES == ["en", "fr"]


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_a_language_has_the_words_of_english_with_the_same_parameters(language):
    assert words(language) == words("en")


def test_every_word_that_a_page_uses_is_there():
    known = words("en")
    blocks = {path.rpartition(".")[0] for path in known} | {path.split(".")[0] for path in known}

    used = {
        f"{file.name}: w.{path}"
        for file in JS.rglob("*.js")
        for path in USE.findall(file.read_text())
        if not _is_known(path, known, blocks)
    }

    assert used == set()


def _is_known(path: str, known: dict[str, int], blocks: set[str]) -> bool:
    """A word, a method of one (`w.note.length`), or a block that is asked by a name at run time."""
    parts = path.split(".")
    return any(".".join(parts[:end]) in known for end in range(1, len(parts) + 1)) or path in blocks
