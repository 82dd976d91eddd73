"""Hello under gunicorn exactly as Kiosque runs under it, but for the application.

With BENCH_ROAMING its workers keep to no core: hello hardly ever gives up the interpreter, so it is faster
where its two threads run side by side, as an application that reads a database is not.
"""

import os

from api.serving import gunicorn_settings_from_env

_settings = gunicorn_settings_from_env() | {"wsgi_app": "bench.peers.hello:app"}
if "BENCH_ROAMING" in os.environ:
    del _settings["pre_fork"]
globals().update(_settings)
