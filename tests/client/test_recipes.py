"""Whoever pastes a recipe of docs/testing.md has a test that passes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_readme import STRICT, blocks

PAGE = (Path(__file__).parents[2] / "docs/testing.md").read_text()
ADDRESS = "http://127.0.0.1:8100"


def test_the_recipe_for_pytest_passes(kiosque_server, tmp_path):
    (recipe,) = re.findall(r"```python\n(import pytest\n.*?)```", PAGE, re.DOTALL)
    (tmp_path / "test_shop.py").write_text(recipe)

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--kiosque-url", kiosque_server.url],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "2 passed" in run.stdout, run.stdout + run.stderr


def test_the_recipe_for_node_passes(kiosque_server, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node (apt-get install nodejs)")
    recipe, _playwright = re.findall(r"```js\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "shop.test.mjs").write_text(recipe)

    run = subprocess.run(
        [node, "--test", tmp_path],
        cwd=tmp_path,
        env={**os.environ, "REHEARSAL": kiosque_server.url},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"(?m)^\S* pass 2$", run.stdout)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_recipe_for_curl_sells_out_and_gets_the_units_back(kiosque_server):
    (recipe,) = blocks(PAGE, "curl")

    run = subprocess.run(
        ["bash", "-c", STRICT + recipe.replace(ADDRESS, kiosque_server.url)],
        env={**os.environ, "no_proxy": "*"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert re.findall(r'"available":(\d+)', run.stdout) == ["0", "3"]
