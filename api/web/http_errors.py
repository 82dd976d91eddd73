"""What HTTP itself refuses, whatever the resource: one class a problem, each with its status."""

from __future__ import annotations

from typing import ClassVar

from api.errors import DomainError


class Refusal(DomainError):
    """The request is refused before a rule of the domain is asked."""

    status: ClassVar[int] = 400
    headers: ClassVar[dict[str, str]] = {}


class BadRequest(Refusal):
    """The request is not HTTP as RFC 9112 writes it."""

    code, title = "bad-request", "Bad request"
    remedy = "Send the request with an HTTP library rather than by hand."


class HostRequired(Refusal):
    """An HTTP/1.1 request names its host (RFC 9112 §3.2)."""

    code, title = "host-required", "Host header required"
    remedy = "Send one Host header."


class HostInvalid(Refusal):
    """The Host header is not a host with an optional port."""

    code, title = "host-invalid", "Host header invalid"
    remedy = "Send `Host: name` or `Host: name:port`."


class Misdirected(Refusal):
    """This server does not answer for the host that the request names (RFC 9110 §15.5.20)."""

    status, code, title = 421, "misdirected", "Misdirected request"
    remedy = "Use the site's own address; its operator lists the hosts in KIOSQUE_HOSTS."


class MethodNotImplemented(Refusal):
    """No resource of this server knows the method."""

    status, code, title = 501, "method-not-implemented", "Method not implemented"
    remedy = "Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS."


class MethodNotAllowed(Refusal):
    """This path does not answer the method."""

    status, code, title = 405, "method-not-allowed", "Method not allowed"
    remedy = "Use one of the methods in the Allow header."


class UriTooLong(Refusal):
    """The request line is longer than 8,190 bytes."""

    status, code, title = 414, "uri-too-long", "URI too long"
    remedy = "Shorten the path or the query."


class HeadersTooLarge(Refusal):
    """A header is longer than 8,190 bytes, or there are more than 64."""

    status, code, title = 431, "headers-too-large", "Headers too large"
    remedy = "Send fewer and shorter headers."


class BadFraming(Refusal):
    """Where the body ends is not clear (RFC 9112 §6.3)."""

    code, title = "bad-framing", "Bad framing"
    remedy = "Send one Content-Length of digits, or `Transfer-Encoding: chunked`, not both."


class TransferCoding(Refusal):
    """A transfer coding other than chunked."""

    status, code, title = 501, "transfer-coding", "Transfer coding not implemented"
    remedy = "Use `Transfer-Encoding: chunked` or Content-Length."


class IncompleteBody(Refusal):
    """The body ended before its length was reached; nothing was stored."""

    code, title = "incomplete-body", "Incomplete body"
    remedy = "Send as many bytes as Content-Length says."


class ExpectationFailed(Refusal):
    """The only expectation this server meets is 100-continue (RFC 9110 §10.1.1)."""

    status, code, title = 417, "expectation-failed", "Expectation failed"
    remedy = "Leave the Expect header out."


class RequestTimeout(Refusal):
    """The request did not arrive in time: 10 s for its head, 1 kB/s for its body."""

    status, code, title = 408, "request-timeout", "Request timeout"
    remedy = "Send the request again, faster."


class ShuttingDown(Refusal):
    """The server is stopping."""

    status, code, title = 503, "shutting-down", "Shutting down"
    remedy = "Connect again: another worker answers."
    headers: ClassVar[dict[str, str]] = {"Retry-After": "1"}


class InvalidCredentialsFormat(Refusal):
    """Authorization is there, but not as one `Bearer` and one token (RFC 6750 §2.1)."""

    code, title = "invalid-credentials-format", "Malformed Authorization header"
    remedy = "Send one header `Authorization: Bearer <token>`."


class SecretInUrl(Refusal):
    """A secret travels in the query, where logs and histories keep it."""

    code, title = "secret-in-url", "Secret in the URL"
    remedy = "Send it in `Authorization: Bearer`, and change it: it may have been seen."


class InsufficientScope(Refusal):
    """The role may, but the API key was made without this scope (RFC 6750 §3.1)."""

    status, code, title = 403, "insufficient-scope", "Insufficient scope"
    remedy = "Make an API key that has the scope named in WWW-Authenticate."


class NotAcceptable(Refusal):
    """Accept excludes JSON, and this path has nothing else."""

    status, code, title = 406, "not-acceptable", "Not acceptable"
    remedy = "Send `Accept: application/json`, or leave Accept out."


class UnsupportedMediaType(Refusal):
    """The body is not JSON in UTF-8, or does not say so."""

    status, code, title = 415, "unsupported-media-type", "Unsupported media type"
    remedy = "Send `Content-Type: application/json`; PATCH also takes application/merge-patch+json."


class UnsupportedEncoding(Refusal):
    """The body is compressed."""

    status, code, title = 415, "unsupported-encoding", "Unsupported content encoding"
    remedy = "Send the body as it is, without Content-Encoding."
    headers: ClassVar[dict[str, str]] = {"Accept-Encoding": "identity"}


class BodyTooLarge(Refusal):
    """The body is larger than 256 KiB."""

    status, code, title = 413, "body-too-large", "Body too large"
    remedy = "Send at most 262,144 bytes."


class BodyRequired(Refusal):
    """The body is empty where a JSON object is needed."""

    code, title = "body-required", "Body required"
    remedy = "Send a JSON object with at least the required fields."


class InvalidJson(Refusal):
    """The body is not JSON as RFC 8259 writes it: UTF-8, no byte order mark, no NaN or Infinity."""

    code, title = "invalid-json", "Invalid JSON"
    remedy = "Mend the body at `offset`, counted in characters from 0."


class DuplicateKey(Refusal):
    """An object names the same key twice."""

    code, title = "duplicate-key", "Duplicate key"
    remedy = "Send each key once."


class JsonTooDeep(Refusal):
    """The body nests deeper than 32 levels."""

    code, title = "json-too-deep", "JSON too deep"
    remedy = "Send a flatter document."


class InvalidUnicode(Refusal):
    """A text holds half of a surrogate pair."""

    code, title = "invalid-unicode", "Invalid Unicode"
    remedy = r"Send characters beyond U+FFFF as they are, or as both halves: \ud83d\ude00."


class InvalidParameter(Refusal):
    """A query parameter cannot be read, or is out of its bounds."""

    code, title = "invalid-parameter", "Invalid parameter"
    remedy = "See the parameter's type and bounds in /openapi.json."


class InvalidCursor(Refusal):
    """`after` has not the form of a cursor of this list."""

    code, title = "invalid-cursor", "Invalid cursor"
    remedy = "Follow `next` as it is given, or leave `after` out to start anew."


class UnknownParameter(Refusal):
    """The path does not know this query parameter."""

    code, title = "unknown-parameter", "Unknown parameter"
    remedy = "Leave it out; /openapi.json lists the parameters."


class RepeatedParameter(Refusal):
    """A query parameter is given more than once."""

    code, title = "repeated-parameter", "Repeated parameter"
    remedy = "Give it once."


class PreconditionFailed(Refusal):
    """The resource has changed since you read it (RFC 9110 §13.1)."""

    status, code, title = 412, "precondition-failed", "Precondition failed"
    remedy = "Read it again, apply your change to what it is now, and send the ETag of this answer."


class IdempotencyKeyInvalid(Refusal):
    """Idempotency-Key is empty, longer than 255, not visible ASCII, or given twice."""

    code, title = "idempotency-key-invalid", "Invalid Idempotency-Key"
    remedy = "Send one fresh random key, such as a UUID, for each thing you do."


class IdempotencyKeyReused(Refusal):
    """The key was used before with another body."""

    status, code, title = 422, "idempotency-key-reused", "Idempotency-Key reused"
    remedy = "Take a fresh key for another request."


class IdempotencyInProgress(Refusal):
    """The first request with this key is still being answered."""

    status, code, title = 409, "idempotency-in-progress", "Request in progress"
    remedy = "Try again after Retry-After seconds, with the same key."
    headers: ClassVar[dict[str, str]] = {"Retry-After": "1"}


class RangeNotSatisfiable(Refusal):
    """The range starts behind the end of the file (RFC 9110 §14.1.2)."""

    status, code, title = 416, "range-not-satisfiable", "Range not satisfiable"
    remedy = "Ask within the length that Content-Range tells."


class Internal(Refusal):
    """Something unforeseen happened; it is in the server's log under this request id."""

    status, code, title = 500, "internal", "Internal error"
    remedy = "Try again; if it stays, give the operator the request id."


class Teapot(Refusal):
    """This server is, in this respect, a teapot (RFC 2324 §2.3.2)."""

    status, code, title = 418, "teapot", "I'm a teapot"
    remedy = "Brew coffee elsewhere."
