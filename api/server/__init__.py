"""The server in front of the application: gunicorn runs it as `api.server.worker.Worker`."""
