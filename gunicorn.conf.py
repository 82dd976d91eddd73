"""gunicorn reads this file by itself; the packaged settings come first, what you write below wins."""

from api.serving import gunicorn_settings_from_env

globals().update(gunicorn_settings_from_env())

# Threads for a slow client instead of a descriptor, without the promises on deadlines and framing:
# worker_class = "gthread"

# A larger site behind a proxy that keeps its connections open:
# worker_connections = 1_000
