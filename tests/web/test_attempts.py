"""A responder that is called again: nothing of the answer it had begun is left."""

from __future__ import annotations

import falcon
import pytest
from falcon.testing import TestClient

from api.storage import Busy, StorageUnavailable
from api.web import problems
from api.web.context import Request, Response
from api.web.operation import ANYONE, operation
from api.web.responses import created
from api.web.routing import Router


class Parcels:
    """Answers 201, and fails as often as it is told, when the answer stands already."""

    def __init__(self, *failures: Exception) -> None:
        self._failures = list(failures)
        self.calls = 0

    @operation(ANYONE)
    def on_post(self, _req: Request, resp: Response) -> None:
        """Send a parcel."""
        self.calls += 1
        if self._failures:
            created(resp, {"number": self.calls}, location=f"/parcels/{self.calls}")
            raise self._failures.pop()
        resp.status = 204


def post(resource):
    def twice(act):
        try:
            act()
        except Busy:
            act()

    app = falcon.App(request_type=Request, response_type=Response, router=Router(twice))
    problems.install(app, "https://kiosque.test")
    app.add_route("/parcels", resource)
    return TestClient(app).simulate_post("/parcels")


def test_the_second_answer_holds_nothing_of_the_first():
    parcels = Parcels(Busy())

    answer = post(parcels)

    assert (parcels.calls, answer.status_code, answer.text) == (2, 204, "")
    assert not {"location", "etag"} & {name.lower() for name in answer.headers}


@pytest.mark.parametrize("failure", [StorageUnavailable(), ValueError()])
def test_a_problem_promises_nothing_that_the_responder_was_about_to(failure):
    answer = post(Parcels(failure))

    assert answer.status_code in (500, 503)
    assert not {"location", "etag"} & {name.lower() for name in answer.headers}
