"""The surroundings of these tests: `api` is their own project's, and nothing of the server is imported."""

import sys
from pathlib import Path

import api
import kiosque_client
from kiosque_client import Problem


def test_api_is_this_projects_own():
    assert Path(api.__file__).parents[1] == Path(__file__).parents[1]


def test_nothing_of_the_server_is_imported(kiosque):
    assert kiosque.get("/v1")["mode"] == "rehearsal"
    assert not {"falcon", "sqlalchemy", "msgspec", "gunicorn"} & sys.modules.keys()


def test_the_client_comes_with_its_types():
    assert Path(kiosque_client.__file__).with_name("py.typed").exists()
    assert Problem.__module__ == "kiosque_client.client"
