"""Every error as ``{"error": {"code", "message", ...}}``, whatever its cause.

``code`` is stable, ``message`` is for people, ``parameter`` names what was wrong with
the request. Nothing of the program's inside gets out.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from energy_logger_server.api.errors import EnergyLoggerError
from energy_logger_server.errors import RunInProgress, StoreError, StoreUnavailable

from .error_page import not_found_page, wants_page
from .reply import json_reply

_RETRY_AFTER_S = 5
"""When to try again where nobody knows better, seconds."""

_LOGGER = logging.getLogger(__name__)


class ApiError(Exception):
    """A request that cannot be answered as asked.

    Attributes:
        status: HTTP status.
        code: Stable name of the problem.
        parameter: Query parameter or part of the path that is to blame.
        headers: To be sent along.
    """

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        message: str,
        *,
        parameter: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what the answer will say."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.parameter = parameter
        self.headers = headers


def invalid_parameter(name: str, message: str) -> ApiError:
    """Return the error about a parameter that cannot be used."""
    return ApiError(
        HTTPStatus.BAD_REQUEST,
        "invalid_parameter",
        f"{name} {message}",
        parameter=name,
    )


def contradiction(name: str, message: str) -> ApiError:
    """Return the error about parameters that are valid, but not together."""
    return ApiError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "contradiction",
        f"{name} {message}",
        parameter=name,
    )


def unknown(name: str, message: str) -> ApiError:
    """Return the error about a part of the path that names nothing."""
    return ApiError(HTTPStatus.NOT_FOUND, f"unknown_{name}", message, parameter=name)


def nothing_stored(message: str) -> ApiError:
    """Return the error that there is no value to show yet."""
    return ApiError(HTTPStatus.NOT_FOUND, "no_data", message)


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what a handler raises into the one shape of errors."""
    try:
        return await handler(request)
    except ApiError as err:
        return _reply(err)
    except web.HTTPError as err:
        if isinstance(err, web.HTTPNotFound) and wants_page(request):
            return not_found_page(request)
        return _reply(_of_router(err))
    except web.HTTPException:
        # a redirect is no error
        raise
    except EnergyLoggerError as err:
        return _reply(_of_server(request, err))
    # the second of the two places that catch everything: one request must not take
    # the connection of the next one down, and its reader learns nothing of our inside
    except Exception:
        _LOGGER.exception("%s %s failed", request.method, request.rel_url.raw_path)
        return _reply(
            ApiError(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                "internal",
                "this is a defect of the server: its log says more",
            )
        )


def _of_router(err: web.HTTPError) -> ApiError:
    status = HTTPStatus(err.status)
    if isinstance(err, web.HTTPNotFound):
        return ApiError(status, "not_found", "there is nothing at this path")
    if isinstance(err, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(err.allowed_methods))
        return ApiError(
            status,
            "method_not_allowed",
            f"this path takes only {allowed}",
            headers={hdrs.ALLOW: allowed},
        )
    if isinstance(err, web.HTTPRequestEntityTooLarge):
        return ApiError(
            status, "body_too_large", "body is larger than 1 MiB", parameter="body"
        )
    return ApiError(status, f"http_{err.status}", err.reason)


def _of_server(request: web.Request, err: EnergyLoggerError) -> ApiError:
    if isinstance(err, RunInProgress):
        return ApiError(HTTPStatus.CONFLICT, err.code, str(err), parameter="source")
    _LOGGER.error("%s %s: %s", request.method, request.rel_url.raw_path, err)
    message = "the server cannot do this now: its log says why"
    if isinstance(err, StoreUnavailable):
        message = f"{err.cause}: try again"
    elif isinstance(err, StoreError):
        message = "the database does not answer: try again"
    return ApiError(HTTPStatus.SERVICE_UNAVAILABLE, err.code, message)


def _reply(err: ApiError) -> web.Response:
    problem: dict[str, object] = {"code": err.code, "message": str(err)}
    if err.parameter is not None:
        problem["parameter"] = err.parameter
    headers = {**(err.headers or {})}
    if err.status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers.setdefault(hdrs.RETRY_AFTER, str(_RETRY_AFTER_S))
    return json_reply({"error": problem}, status=err.status, headers=headers)
