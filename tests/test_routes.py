"""The route table: nothing undeclared, nothing undocumented."""

from __future__ import annotations

import api
from api.routes import routes
from api.web.metrics import Metrics
from api.web.openapi import describe
from api.web.operation import operations


def test_every_resource_declares_what_it_answers(db, settings):
    for path, resource in routes(db, settings, Metrics()):
        assert operations(resource), path


def test_every_route_is_in_the_openapi_document(client, db, settings):
    document = client.simulate_get("/openapi.json").json

    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {path for path, _ in routes(db, settings, Metrics())}


def test_operation_ids_are_unique(db, settings):
    document = describe(routes(db, settings, Metrics()), settings, api.__version__)

    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))


def test_every_resource_is_documented_with_its_path(db, settings):
    for path, resource in routes(db, settings, Metrics()):
        assert type(resource).__doc__ == path


def test_every_schema_has_a_name_that_a_generated_client_can_use(db, settings):
    document = describe(routes(db, settings, Metrics()), settings, api.__version__)

    assert [name for name in document["components"]["schemas"] if not name.isidentifier()] == []
