"""The smallest Falcon application: the upper limit of any server that runs Falcon."""

from __future__ import annotations

import falcon


class Hello:
    """/hello"""

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Answer with a constant."""
        resp.data = b'{"status":"ok"}'


app = falcon.App()
app.add_route("/hello", Hello())
