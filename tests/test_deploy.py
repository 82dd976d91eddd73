"""The files to deploy with: settings that exist, time to stop, and no rights beyond the need."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.serving import DRAIN_SECONDS
from api.settings import SETTINGS

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "deploy" / "kiosque.service"
COMPOSED = [ROOT / "compose.yaml", ROOT / "compose.postgresql.yaml"]
FILES = [UNIT, ROOT / "Dockerfile", *COMPOSED]


def nodes(path: Path) -> list[dict[str, Any]]:
    services = yaml.safe_load(path.read_text())["services"].values()
    return [service for service in services if "build" in service]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_in_it_exists(path: Path):
    named = set(re.findall(r"KIOSQUE_[A-Z_]+", path.read_text()))

    assert named
    assert named <= {setting.variable for setting in SETTINGS.values()}


def test_whoever_stops_the_server_waits_for_its_requests():
    unit = re.search(r"(?m)^TimeoutStopSec=(\d+)$", UNIT.read_text())
    graces = [node["stop_grace_period"] for path in COMPOSED for node in nodes(path)]

    assert unit is not None
    assert int(unit[1]) > DRAIN_SECONDS
    assert len(graces) == 3
    assert all(int(grace.removesuffix("s")) > DRAIN_SECONDS for grace in graces)


def test_no_image_is_the_latest_of_its_kind_and_none_runs_as_root():
    texts = [path.read_text() for path in FILES]
    images = [
        image for text in texts for image in re.findall(r"(?m)^(?:FROM|\s+image:|  image:) *(\S+)", text)
    ]

    assert images
    assert all(":" in image and not image.endswith(":latest") for image in images)
    assert re.findall(r"(?m)^USER (\d+)$", texts[1]) == ["10001"]


def test_the_container_is_given_every_file_that_its_build_takes():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    allowed = {line.removeprefix("!") for line in ignored if line.startswith("!")}

    assert allowed >= {"api", "pyproject.toml", "requirements/run.txt", "README.md", "LICENSE"}
    assert all((ROOT / name).exists() for name in allowed)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_the_unit_gives_the_server_little_beyond_its_own_data():
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", str(UNIT)]

    run = subprocess.run(command, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout[-200:]
