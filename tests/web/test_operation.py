"""What declaring a responder does at once, so that no request has to."""

from __future__ import annotations

import msgspec

from api.web.operation import ANYONE, operation


def test_nothing_is_left_to_learn_of_a_declared_type_when_requests_come():
    here = globals()
    here["Name"] = str

    class Sent(msgspec.Struct):
        name: Name  # noqa: F821  # known only while it is declared

    class Resource:
        @operation(ANYONE, body=Sent, query=Sent, returns=Sent)
        def on_post(self, _req, _resp, _body):
            """Take it."""

    del here["Name"]

    assert msgspec.convert({"name": "mug"}, Sent) == Sent("mug")
