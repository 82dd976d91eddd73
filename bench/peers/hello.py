"""The least that Falcon can answer: the ceiling of any server that runs it."""

from __future__ import annotations

import falcon


class Hello:
    """/hello"""

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Say that all is well."""
        resp.data = b'{"status":"ok"}'


app = falcon.App()
app.add_route("/hello", Hello())
