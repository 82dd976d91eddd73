"""An HTTP/1.1 server for WSGI applications, run by gunicorn; other packages import these names alone."""

from api.server.body_errors import BodyError
from api.server.limits import Limits
from api.server.policy import Answer, Code, Environ, Lane, Policy
from api.server.worker import Worker

__all__ = ["Answer", "BodyError", "Code", "Environ", "Lane", "Limits", "Policy", "Worker"]
