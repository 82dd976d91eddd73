"""Documentation that lies fails the build."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from api.cli import kiosque
from api.settings import SETTINGS, Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_settings_table_of_the_readme_is_the_table_of_the_code():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \| (.+?) \|$", README, re.MULTILINE)

    assert rows == [(setting.variable, setting.kind, setting.shown, setting.help) for setting in SETTINGS]


def test_every_setting_has_a_field_and_every_field_a_setting():
    assert [setting.field for setting in SETTINGS] == list(Settings.__dataclass_fields__)


def test_every_make_target_of_the_readme_exists():
    makefile = (ROOT / "Makefile").read_text()

    for target in set(re.findall(r"(?m)(?:^|`)make ([a-z]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_command_of_the_readme_exists():
    for command in set(re.findall(r"(?m)(?:^|`|bin/)kiosque ([a-z-]+)", README)):
        assert command in kiosque.commands, command


def test_no_text_installs_the_other_project_that_the_package_index_has_as_kiosque():
    folders = [path for name in (".ci", "api", "bench", "tests") for path in (ROOT / name).rglob("*")]
    texts = [path for path in (*ROOT.iterdir(), *folders) if path.is_file() and path.suffix != ".pyc"]
    installs = re.compile(rb"""(?i)pip install (-\S+ )*["']?kiosque(?!-server)|\bkiosque\[""")

    assert [path.name for path in texts if installs.search(path.read_bytes())] == []
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["name"] == "kiosque-server"
