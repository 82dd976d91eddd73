"""The errors of HTTP itself, which any path may answer with; each has a status of its own."""

from __future__ import annotations

from typing import ClassVar

from api.errors import DomainError


class Refusal(DomainError):
    """The request is refused before any rule of the domain runs."""

    status: ClassVar[int] = 400
    headers: ClassVar[dict[str, str]] = {}


class BadRequest(Refusal):
    """The request is not HTTP as RFC 9112 defines it."""

    code, title = "bad-request", "Bad request"
    remedy = "Send the request with an HTTP library rather than by hand."


class HostRequired(Refusal):
    """An HTTP/1.1 request must have a Host header (RFC 9112 §3.2)."""

    code, title = "host-required", "Host header required"
    remedy = "Send exactly one Host header."


class HostInvalid(Refusal):
    """The Host header is not a host name with an optional port."""

    code, title = "host-invalid", "Host header invalid"
    remedy = "Send `Host: name` or `Host: name:port`."


class NoSuchPath(Refusal):
    """The API has no such path, whoever asks."""

    status, code, title = 404, "no-such-path", "No such path"
    remedy = "Check the spelling, without a final slash: GET /v1 and /openapi.json list every path."


class Misdirected(Refusal):
    """This server does not serve the host in the request (RFC 9110 §15.5.20)."""

    status, code, title = 421, "misdirected", "Misdirected request"
    remedy = "Use the site's own address; its operator lists the hosts in KIOSQUE_HOSTS."


class MethodNotImplemented(Refusal):
    """No path on this server supports the method."""

    status, code, title = 501, "method-not-implemented", "Method not implemented"
    remedy = "Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS."


class MethodNotAllowed(Refusal):
    """This path does not support the method."""

    status, code, title = 405, "method-not-allowed", "Method not allowed"
    remedy = "Use one of the methods in the Allow header."


class UriTooLong(Refusal):
    """The request line is longer than 8,190 bytes."""

    status, code, title = 414, "uri-too-long", "URI too long"
    remedy = "Shorten the path or the query string."


class HeadersTooLarge(Refusal):
    """A header is longer than 8,190 bytes, or the request has more than 64 headers."""

    status, code, title = 431, "headers-too-large", "Headers too large"
    remedy = "Send fewer and shorter headers."


class BadFraming(Refusal):
    """The length of the body is ambiguous (RFC 9112 §6.3)."""

    code, title = "bad-framing", "Bad framing"
    remedy = "Send either one numeric Content-Length or `Transfer-Encoding: chunked`, not both."


class TransferCoding(Refusal):
    """The only supported transfer coding is chunked."""

    status, code, title = 501, "transfer-coding", "Transfer coding not implemented"
    remedy = "Use `Transfer-Encoding: chunked` or Content-Length."


class IncompleteBody(Refusal):
    """The body is shorter than Content-Length, or its last chunk is missing; nothing was stored."""

    code, title = "incomplete-body", "Incomplete body"
    remedy = "Send the whole body; check that Content-Length is its size in bytes."


class ExpectationFailed(Refusal):
    """The only supported expectation is 100-continue (RFC 9110 §10.1.1)."""

    status, code, title = 417, "expectation-failed", "Expectation failed"
    remedy = "Remove the Expect header."


class RequestTimeout(Refusal):
    """The request did not arrive in time: 10 s for its headers, 1 kB/s for its body."""

    status, code, title = 408, "request-timeout", "Request timeout"
    remedy = "Send the request again over a faster connection."


class ShuttingDown(Refusal):
    """The server is shutting down."""

    status, code, title = 503, "shutting-down", "Shutting down"
    remedy = "Reconnect after the seconds in Retry-After; another worker will answer."
    headers: ClassVar[dict[str, str]] = {"Retry-After": "1"}


class InvalidCredentialsFormat(Refusal):
    """The Authorization header is not `Bearer` followed by one token (RFC 6750 §2.1)."""

    code, title = "invalid-credentials-format", "Malformed Authorization header"
    remedy = "Send exactly one header `Authorization: Bearer <token>`."


class SecretInUrl(Refusal):
    """The query string contains a secret, which logs and browser histories would store."""

    code, title = "secret-in-url", "Secret in the URL"
    remedy = "Send it in `Authorization: Bearer`, and replace it: others may have seen it."


class InsufficientScope(Refusal):
    """Your role allows this; the API key lacks the scope (RFC 6750 §3.1)."""

    status, code, title = 403, "insufficient-scope", "Insufficient scope"
    remedy = "Create an API key with the scope named in WWW-Authenticate."


class SessionRequired(Refusal):
    """Access to accounts, passwords and e-mail are managed by session, never by API key or by the token of an
    order."""

    status, code, title = 403, "session-required", "Session required"
    remedy = "Log in with POST /v1/sessions and send that token instead."


class ConfirmationRequired(Refusal):
    """This needs a session that has proved in the last 10 minutes whose it is."""

    status, code, title = 403, "confirmation-required", "Confirmation required"
    remedy = "Prove it with PUT /v1/sessions/current/confirmation, then repeat the request."


class SecondFactorMissing(Refusal):
    """Staff need a second factor here, and your account has none."""

    status, code, title = 403, "second-factor-missing", "Second factor missing"
    remedy = "Add one by session with POST /v1/me/second-factors; until then nothing else is allowed."


class NotAcceptable(Refusal):
    """The Accept header excludes JSON, the only format of this path."""

    status, code, title = 406, "not-acceptable", "Not acceptable"
    remedy = "Send `Accept: application/json`, or no Accept header."


class UnsupportedMediaType(Refusal):
    """The Content-Type is not one that this operation takes: for most, that of JSON in UTF-8."""

    status, code, title = 415, "unsupported-media-type", "Unsupported media type"
    remedy = "Send `Content-Type: application/json`, or a type that Accept-Post or Accept-Patch lists here."


class UnsupportedEncoding(Refusal):
    """Compressed bodies are not supported."""

    status, code, title = 415, "unsupported-encoding", "Unsupported content encoding"
    remedy = "Send the body uncompressed, without Content-Encoding."
    headers: ClassVar[dict[str, str]] = {"Accept-Encoding": "identity"}


class BodyTooLarge(Refusal):
    """The body is larger than this operation allows."""

    status, code, title = 413, "body-too-large", "Body too large"
    remedy = "Send at most 262,144 bytes, or 3,145,728 to write an article or an item."


class BodyRequired(Refusal):
    """The body is empty, but a JSON object or a file is required."""

    code, title = "body-required", "Body required"
    remedy = "Send a JSON object with at least the required fields, or the bytes of the file."


class InvalidParameter(Refusal):
    """A query parameter has the wrong type or is out of range."""

    code, title = "invalid-parameter", "Invalid parameter"
    remedy = "See the parameter's type and limits in /openapi.json."


class InvalidCursor(Refusal):
    """`after` is not a valid cursor for this list."""

    code, title = "invalid-cursor", "Invalid cursor"
    remedy = "Use `next` unchanged, or leave `after` out to start from the beginning."


class UnknownParameter(Refusal):
    """This path does not take this query parameter."""

    code, title = "unknown-parameter", "Unknown parameter"
    remedy = "Remove it; /openapi.json lists the parameters of each path."


class RepeatedParameter(Refusal):
    """A query parameter was sent more than once."""

    code, title = "repeated-parameter", "Repeated parameter"
    remedy = "Send each parameter once."


class PreconditionFailed(Refusal):
    """The resource has changed since you read it, or exists already (RFC 9110 §13.1)."""

    status, code, title = 412, "precondition-failed", "Precondition failed"
    remedy = "Read it again, apply your change to the new version, and send its ETag in If-Match."


class IdempotencyKeyInvalid(Refusal):
    """Idempotency-Key is empty, over 255 characters, not visible ASCII, sent twice, or, without an account,
    under 22 characters."""

    code, title = "idempotency-key-invalid", "Invalid Idempotency-Key"
    remedy = "Send one new random key, such as a UUID, for each operation."


class IdempotencyKeyReused(Refusal):
    """This Idempotency-Key was already used with a different body."""

    status, code, title = 422, "idempotency-key-reused", "Idempotency-Key reused"
    remedy = "Use a new key for a different request."


class IdempotencyInProgress(Refusal):
    """The first request with this Idempotency-Key is still being processed."""

    status, code, title = 409, "idempotency-in-progress", "Request in progress"
    remedy = "Retry with the same key after the seconds in Retry-After."
    headers: ClassVar[dict[str, str]] = {"Retry-After": "1"}


class CreatedThenDeleted(Refusal):
    """The first request with this Idempotency-Key succeeded, but what it created has been deleted since."""

    status, code, title = 410, "created-then-deleted", "Created, then deleted"
    remedy = "There is nothing to repeat. To create it again, use a new key."


class Internal(Refusal):
    """An unexpected error occurred; the server's log has it under this request id."""

    status, code, title = 500, "internal", "Internal error"
    remedy = "Try again; if it persists, report the request id to the operator."


class Teapot(Refusal):
    """This server is, in this respect, a teapot (RFC 2324 §2.3.2)."""

    status, code, title = 418, "teapot", "I'm a teapot"
    remedy = "Brew coffee elsewhere."
