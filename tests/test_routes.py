"""The route table: nothing undeclared, nothing undocumented."""

from __future__ import annotations

from api.routes import routes
from api.web.metrics import Metrics
from api.web.operation import operations
from tests.client import typed_answers


def test_every_resource_declares_what_it_answers(db, settings):
    for path, resource in routes(db, settings, Metrics()):
        assert operations(resource), path


def test_every_route_is_in_the_openapi_document(client, db, settings):
    document = client.simulate_get("/openapi.json").json

    assert document["openapi"] == "3.1.0"
    running = {path for path, _ in routes(db, settings, Metrics())}
    assert set(document["paths"]) == running - {"/teapot"}


def test_the_client_has_a_type_for_every_answer_in_the_document():
    assert typed_answers.MODULE.read_text() == typed_answers.source(), "`make types` renews it"
