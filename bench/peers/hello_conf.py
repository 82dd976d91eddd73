"""Hello under gunicorn exactly as Kiosque runs under it, but for the application."""

from api.serving import gunicorn_settings_from_env

globals().update(gunicorn_settings_from_env() | {"wsgi_app": "bench.peers.hello:app"})
