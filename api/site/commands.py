"""The shell door of the site: the sample's pages as a beginning of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from api.errors import OperatorError
from api.settings import SAMPLE_SITE


class FolderInUse(OperatorError):
    """The folder holds something that a copy could overwrite."""


def copy(folder: Path) -> None:
    """Copy the sample site into a new or empty folder and report the next step."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUse(f"{folder} is not an empty folder. Nothing was copied.")
    shutil.copytree(SAMPLE_SITE, folder, copy_function=shutil.copyfile, dirs_exist_ok=True)
    click.echo(
        f"Copied the sample site to {folder}. Change it as you like and set KIOSQUE_SITE={folder.absolute()}"
    )
