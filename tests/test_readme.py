"""Whoever pastes what README.md says gets what it promises; docs/operating.md agrees with the server."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.settings import SETTINGS
from tests.test_serving import PATIENCE, free_port, get, wait_until_ready

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
OPERATING = (ROOT / "docs/operating.md").read_text()
PASSWORD = "cobalt-heron-58"
STRICT = 'set -euo pipefail\ncurl() { command curl --fail --silent --show-error "$@"; }\n'

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="the README's newcomer has curl")


def blocks(page: str, heading: str) -> list[str]:
    """What is to be pasted into a terminal, in the section whose heading begins so."""
    section = re.split(r"(?m)^## ", page.partition(f"\n## {heading}")[2])[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


class Newcomer:
    """A folder with what a clone has and `make` has installed, and terminals in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        for name in ("Makefile", "pyproject.toml", "requirements", "tests"):
            (folder / name).symlink_to(ROOT / name)
        commands = folder / ".venv" / "bin"
        commands.mkdir(parents=True)
        (commands / "activate").write_text(f"PATH={commands}:$PATH\n")
        for name, arguments in (("python", ""), ("kiosque", "-m api"), ("pytest", "-m pytest")):
            (commands / name).write_text(f'#!/bin/sh\nexec {sys.executable} {arguments} "$@"\n')
            (commands / name).chmod(0o755)
        (commands / "pip").symlink_to("/bin/true")  # what it would install is there
        (folder / ".venv" / "installed").touch()
        self._environ = {name: value for name, value in os.environ.items() if not name.startswith("KIOSQUE_")}
        self._environ |= {"KIOSQUE_BIND": f"127.0.0.1:{self.port}", "PYTHONPATH": str(ROOT), "no_proxy": "*"}

    def paste(self, *commands: str, typed: str = "") -> str:
        """What they print, if all of them end with 0."""
        run = subprocess.run(
            self._shell("\n".join(commands)),
            cwd=self.folder,
            env=self._environ,
            input=typed,
            capture_output=True,
            text=True,
            timeout=4 * PATIENCE,
            start_new_session=True,  # without a terminal a password is read from the standard input
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    @contextmanager
    def serving(self, command: str) -> Iterator[None]:
        """A terminal that the command occupies until Ctrl-C."""
        with (self.folder / "log").open("w") as log:
            server = subprocess.Popen(
                self._shell(command),
                cwd=self.folder,
                env=self._environ,
                stdout=log,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        try:
            wait_until_ready(server, self.port)
            yield
        finally:
            os.killpg(server.pid, signal.SIGINT)
            server.wait(PATIENCE)

    def _shell(self, script: str) -> list[str]:
        return ["bash", "-c", STRICT + script.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")]


@pytest.fixture
def newcomer(tmp_path):
    (tmp_path / "kiosque").mkdir()
    return Newcomer(tmp_path / "kiosque")


def test_the_first_steps_lead_to_an_article_and_a_sale(newcomer):
    demo, *steps = blocks(README, "First steps")

    with newcomer.serving(demo):
        newcomer.paste(*steps)
        article = get(newcomer.port, "/v1/articles/the-quay-at-six")
        mug = get(newcomer.port, "/v1/variants/mug")

    assert article["status"] == "published"
    assert article["url"].endswith("/article/?slug=the-quay-at-six")
    assert mug["stock"] == {"tracked": True, "available": 38}
    assert not (newcomer.folder / "data").exists()


def test_a_site_of_ones_own_has_an_owner_and_what_was_imported(newcomer):
    owner, serve, imports = blocks(README, "Your own site")
    activate = owner.splitlines()[0]

    created = newcomer.paste(owner, typed=f"{PASSWORD}\n{PASSWORD}\n")
    with newcomer.serving(f"{activate}\n{serve}"):
        imported = newcomer.paste(activate, imports)
        articles, items = (get(newcomer.port, f"/v1/{kind}")["data"] for kind in ("articles", "items"))

    assert created.endswith("Created owner@example.org, owner.\n")
    assert re.search(r"[1-9]\d* created", imported)
    assert articles
    assert items


def test_the_proof_adds_up(newcomer):
    (prove,) = blocks(README, "It never sells")

    printed = newcomer.paste(blocks(README, "Your own site")[0].splitlines()[0], prove)

    assert printed.count("The ledger adds up.") == 2
    assert printed.count("The books agree.") == 1


def test_a_test_against_kiosque_passes(newcomer):
    (test,) = blocks(README, "Testing against Kiosque")

    assert "1 passed" in newcomer.paste(test)


def test_no_command_of_the_readme_is_left_out():
    headings = ("First steps", "Your own site", "It never sells", "Testing against")
    pasted = [blocks(README, heading) for heading in headings]

    assert sum(map(len, pasted)) == README.count("```sh\n")


def test_six_commands_lead_to_the_first_article_and_eight_to_the_first_sale():
    demo, prepare, article, item, order = blocks(README, "First steps")
    begin = [*commands(demo), *commands(prepare)]
    look = commands(order).pop()

    assert len([*begin, *commands(article)]) == 6
    assert len([*begin, *commands(item), *commands(order)]) == 8 + 1
    assert look.startswith("curl $K/v1/variants/")


def commands(block: str) -> list[str]:
    """The commands of a block, each with the lines that continue it."""
    return re.split(r"\n(?=[^\s}])", textwrap.dedent(block).strip())


def test_the_drill_restores_a_backup_beside_the_running_server(newcomer, tmp_path):
    file, backups = "2026-11-22.kiosque", str(tmp_path / "backups")
    drill = next(block for block in re.findall(r"```sh\n(.*?)```", OPERATING, re.DOTALL) if "mktemp" in block)
    drill = drill.replace("/var/backups/kiosque", backups)
    before, _, after = re.sub(r"(?m)(?:KIOSQUE_BIND=\S+ )?kiosque serve.*$", "@", drill).partition("@")
    activate = ". .venv/bin/activate"
    newcomer.paste(activate, "kiosque migrate", f"mkdir {backups}", f"kiosque backup {backups}/{file}")

    printed = newcomer.paste(
        activate, "export KIOSQUE_DATABASE_URL=postgresql://nobody@127.0.0.1:1/production", before, after
    )

    assert f"Restored {backups}/{file}" in printed
    assert "BAD" not in printed
    assert "KIOSQUE_BIND=127.0.0.1:8001 kiosque serve" in drill


def test_what_systemd_and_nginx_are_told_fits_together():
    unit, backup, _timer = re.findall(r"```ini\n(.*?)```", OPERATING, re.DOTALL)
    http, https, *_ = re.findall(r"(?m)^server \{\n(.*?)^\}", OPERATING, re.DOTALL)
    set_for = dict(re.findall(r"Environment=(\w+)=(\S+)", unit))
    (host,) = re.findall(r"server_name (\S+);", https)
    install = "\n".join(blocks(OPERATING, "Installing"))

    assert set_for.keys() <= {setting.variable for setting in SETTINGS.values()}
    assert (set_for["KIOSQUE_URL"], set_for["KIOSQUE_HOSTS"]) == (f"https://{host}", host)
    assert f"proxy_pass http://{SETTINGS['bind'].shown.strip('`')};" in https
    assert f"server_name {host};" in http
    assert f"Environment=KIOSQUE_DATA={set_for['KIOSQUE_DATA']}" in backup
    for needed in (set_for["KIOSQUE_SITE"], set_for["KIOSQUE_DATA"], "useradd", "/opt/kiosque/.venv/bin/pip"):
        assert needed in install


def test_the_settings_table_is_the_table_of_the_code():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \| (.+?) \|$", OPERATING, re.MULTILINE)

    settings = SETTINGS.values()
    assert rows == [(each.variable, each.kind.name, each.shown, each.meaning) for each in settings]
