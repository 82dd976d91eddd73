"""The gunicorn configuration of hello: that of Kiosque, with another application.

With BENCH_ROAMING its workers are not pinned to cores: hello hardly ever releases the interpreter, so it is
faster when its two threads can run side by side, unlike an application that reads a database.
"""

import os

from api.serving import gunicorn_settings_from_env

_settings = gunicorn_settings_from_env() | {"wsgi_app": "bench.peers.hello:app"}
if "BENCH_ROAMING" in os.environ:
    del _settings["pre_fork"]
globals().update(_settings)
