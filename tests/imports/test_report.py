"""The report of `kiosque import`, for people and programs."""

from __future__ import annotations

import json

import pytest

from api.imports import commands
from tests.imports.wxr import HEAD, TAIL, post


@pytest.fixture
def run(db, settings, tmp_path, capsys):
    """Import files of these contents; the exit code, what was printed, and the report for programs."""

    def one(*contents: str | bytes, **options: bool):
        files = []
        for number, content in enumerate(contents):
            files.append(tmp_path / f"{number}.xml")
            files[-1].write_bytes(content.encode() if isinstance(content, str) else content)
        code = 0
        try:
            commands.import_files(
                db, settings, files, dry_run=False, report_file=tmp_path / "report.json", **options
            )
        except SystemExit as end:
            code = int(end.code or 0)
        return code, capsys.readouterr(), json.loads((tmp_path / "report.json").read_text())["files"]

    return one


def site(*titles: str) -> str:
    rows = (post(n, inside=f"<title>{title}</title>") for n, title in enumerate(titles, 1))
    return HEAD + "".join(rows) + TAIL


def test_the_report_for_programs_has_a_refusal_with_its_place_and_the_counts_of_other_files(run):
    code, _, (first, second) = run(site("A") + "junk", site("B"))

    assert code == 1
    assert (first["refused"]["line"], second["refused"]) == (3, None)
    assert second["counts"]["articles"] == {"created": 1, "updated": 0, "unchanged": 0}


def test_the_report_for_programs_has_every_label(run):
    _, printed, (file,) = run(HEAD + post(1, inside="<title></title>") * 9 + TAIL)

    (skipped,) = file["skipped"]
    assert (skipped["kind"], skipped["count"], len(skipped["labels"])) == ("post", 8, 8)
    assert "8 × post" in printed.out


def test_a_title_without_spaces_can_be_told_from_others(run):
    _, printed, _ = run(site("港の霧についての長い話" * 9 + "&#8212;"))

    assert "港の霧についての長い話" in printed.out


@pytest.mark.parametrize(
    ("character", "name"),
    [(b"\x11", "U+0011"), (b"\x00", "U+0000"), (b"&#x11;", "control character"), (b"\x1f", "U+001F")],
)
def test_a_control_character_is_named_with_its_place_or_dropped_and_counted(run, character, name):
    content = site("A").encode().replace(b"<title>A", b"<title>A" + character + b"B")

    code, _, (refused,) = run(content)
    lenient_code, printed, (dropped,) = run(content, lenient=True)

    assert (code, refused["refused"]["line"]) == (1, 3)
    assert name in refused["refused"]["sentence"]
    assert "--lenient" in refused["refused"]["sentence"]
    assert (lenient_code, dropped["counts"]["articles"]["created"]) == (0, 1)
    assert "were dropped (1 of them)" in printed.out


def test_lenient_takes_nothing_from_a_sound_file(run):
    _, printed, (file,) = run(site("Ünïcödé 😀 &amp; &#169; \t"), lenient=True)

    assert file["counts"]["articles"]["created"] == 1
    assert "dropped" not in printed.out
