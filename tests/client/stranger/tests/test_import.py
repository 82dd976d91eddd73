"""An import of what the old shop sold, and a rehearsal that begins with it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosque_client.rehearsal import Rehearsal, serving

EXPORT = Path(__file__).with_name("shop.csv")


@pytest.fixture
def seed(tmp_path):
    for command in (["import", EXPORT], ["backup", tmp_path / "shop.kiosque"]):
        subprocess.run(
            [Path(sys.executable).with_name("kiosque"), *command],
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
            | {"KIOSQUE_DATA": str(tmp_path / "data")},
            check=True,
        )
    return tmp_path / "shop.kiosque"


def test_what_was_imported_is_sold(seed):
    with serving("--seed", str(seed)) as url:
        buyer = Rehearsal(url).as_("customer")
        order = buyer.post("/v1/orders", {"lines": [{"sku": "rope-blue", "quantity": 4}]})

        assert order["lines"][0]["name"].startswith("Rope")
        assert buyer.get("/v1/variants/rope-blue")["stock"]["available"] == 0
