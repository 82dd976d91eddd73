"""A newcomer who pastes what README.md says gets what it promises; the settings are described as they are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from api.settings import SETTINGS
from tests.test_serving import PATIENCE, free_port, get, running

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
OPERATING = (ROOT / "docs/operating.md").read_text()


@pytest.mark.skipif(shutil.which("curl") is None, reason="the README's newcomer has curl")
def test_the_first_steps_lead_to_an_article_and_a_sale(tmp_path):
    steps = README.partition("## First steps")[2].partition("\n## ")[0]
    script = "\n".join(re.findall(r"```sh\n(.*?)```", steps, re.DOTALL))
    port = free_port()
    strict = 'set -euo pipefail\ncurl() { command curl --fail --silent --show-error "$@"; }\n'

    with running("api", "serve", "--demo", folder=tmp_path, port=port):
        run = subprocess.run(
            ["bash", "-c", strict + script.replace("http://127.0.0.1:8000", f"http://127.0.0.1:{port}")],
            env={**os.environ, "no_proxy": "*"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        article, mug = get(port, "/v1/articles/the-quay-at-six"), get(port, "/v1/variants/mug")

    assert (run.returncode, run.stderr) == (0, "")
    assert article["status"] == "published"
    assert mug["stock"] == {"tracked": True, "available": 38}


def test_the_settings_table_is_the_table_of_the_code():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \| (.+?) \|$", OPERATING, re.MULTILINE)

    settings = SETTINGS.values()
    assert rows == [(each.variable, each.kind.name, each.shown, each.meaning) for each in settings]
