"""The machine and the versions, without which no figure means anything."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from api import sqlite

PACKAGES = (
    "falcon", "gunicorn", "sqlalchemy", "msgspec",
    "flask", "django", "djangorestframework", "fastapi", "uvicorn", "tornado",
)  # fmt: skip


def described(folder: Path) -> dict[str, str]:
    """The machine and the versions; `folder` is the one with the databases."""
    return {
        "Processor": f"{_processor()}, {os.cpu_count()} cores",
        "Memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB",
        "System": f"{_system()}, Linux {platform.release()}, databases on {_filesystem(folder)}",
        "Python": f"{platform.python_version()}, SQLite {sqlite.version()}",
        "Packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "Tools": ", ".join(filter(None, (_said("wrk", "-v"), _said("nginx", "-v")))),
    }


def load_average() -> float:
    """The load average of the last minute: a high one before a run means a busy machine."""
    return os.getloadavg()[0]


def _processor() -> str:
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def _system() -> str:
    release = Path("/etc/os-release")
    found = re.search(r'PRETTY_NAME="(.+)"', release.read_text()) if release.exists() else None
    return found[1] if found else platform.system()


def _filesystem(folder: Path) -> str:
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    over = [(place, kind) for place, kind in mounts if folder.resolve().is_relative_to(place)]
    return max(over, key=lambda mount: len(mount[0]))[1]


def _said(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+(\.\d+)?", run.stdout + run.stderr)
    return f"{command[0]} {found[0]}" if found else command[0]
