"""Every way to fail, as a status and `{"error": {"code", "message", "retry_ms", "state"}}`.

A form that is filled in wrongly has `problems` as well: `{"field", "message"}` each.
"""

import math
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from havana.chat.errors import BadRequest, Internal, Misfilled, NotFound, Refusal, TooLarge
from havana.chat.views import state_of

log = structlog.get_logger()

AnyRequest = Request[Any, Any, Any]

BROKEN_OFF = "client disconnected prematurely"
"""How Litestar (2.25) says that a body ended before its end."""

STATUS = {
    "bad_request": 400,
    "unauthorised": 401,
    "forbidden": 403,
    "not_found": 404,
    "unknown_command": 404,
    "already_claimed": 409,
    "stale": 409,
    "closed": 409,
    "limit": 409,
    "too_large": 413,
    "rate": 429,
    "internal": 500,
    "busy": 503,
}


def refused(request: AnyRequest, refusal: Refusal) -> Response[dict[str, Any]]:
    """A rule said no."""
    # Only a guard that has recognised an agent says so; everybody else gets the visitor's numbers.
    public = not request.state.get("staff", False)
    error: dict[str, Any] = {
        "code": refusal.code,
        "message": refusal.message,
        "retry_ms": refusal.retry_ms,
        "state": state_of(refusal.fold, public=public) if refusal.fold else None,
    }
    if isinstance(refusal, Misfilled):
        error["problems"] = [msgspec.structs.asdict(problem) for problem in refusal.problems]
    headers = {"Cache-Control": "no-store"}
    if refusal.retry_ms is not None:
        headers["Retry-After"] = str(math.ceil(refusal.retry_ms / 1000))
    return Response({"error": error}, status_code=STATUS[refusal.code], headers=headers)


def misasked(request: AnyRequest, error: HTTPException) -> Response[dict[str, Any]]:
    """The framework did not get as far as a handler: no such address, a body of the wrong shape."""
    match error.status_code:
        case 404:
            return refused(request, NotFound("There is nothing at this address."))
        case 413:
            return refused(request, TooLarge("The request is too large."))
        case 500 if error.detail == BROKEN_OFF:
            # Nobody reads this answer, and whoever goes away in the middle must not fill the log.
            return refused(request, BadRequest("The request is not complete."))
        case status if status >= 500:
            return failed(request, error)
        case status:
            response = refused(request, BadRequest(_explained(error)))
            response.status_code = status
            response.headers.update(error.headers or {})
            return response


def too_deep(request: AnyRequest, error: RecursionError) -> Response[dict[str, Any]]:
    """JSON nested deeper than the parser bears."""
    log.warning("request nested too deeply", path=request.url.path, error=str(error))
    return refused(request, BadRequest("The body is nested too deeply."))


def failed(request: AnyRequest, error: Exception) -> Response[dict[str, Any]]:
    """A bug of ours: the whole story to the log, none of it to the user."""
    log.error("request failed", method=request.method, path=request.url.path, exc_info=error)
    return refused(request, Internal("Something went wrong on our side. Please try again."))


def _explained(error: HTTPException) -> str:
    """What is wrong with which field, as far as the decoder can say."""
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        said = [f"{item.get('key') or 'body'}: {item.get('message')}" for item in error.extra]
        return f"The request is not valid. {'; '.join(said)}."
    if error.status_code == 400:
        return "The body is not valid JSON."
    return f"{error.detail}."


HANDLERS: ExceptionHandlersMap = {
    Refusal: refused,
    HTTPException: misasked,
    RecursionError: too_deep,
    Exception: failed,
}
