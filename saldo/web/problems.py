"""Errors over HTTP as `application/problem+json` (RFC 9457): what happened and what to do, nothing about the inside."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from sanic.exceptions import SanicException
from sanic.response import HTTPResponse, json


class Problem(Exception):
    """A request that cannot be answered; turned into a response at the channel's edge."""

    def __init__(self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}

    def response(self) -> HTTPResponse:
        body: dict[str, Any] = {"type": "about:blank", "title": self.status.phrase, "status": int(self.status)}
        return json(
            {**body, "detail": self.detail},
            status=int(self.status),
            headers={"Cache-Control": "no-store", **self.headers},
            content_type="application/problem+json",
        )


def problem_of(error: SanicException) -> Problem:
    """What the server itself refuses: an unknown path, another method, a body that is no JSON."""
    status = HTTPStatus(getattr(error, "status_code", 500))
    return Problem(status, f"{status.description or status.phrase}.", getattr(error, "headers", None))
