"""Errors about HTTP requests, to which `triage.web.errors` gives each its status, and about helpdesks."""

from __future__ import annotations

from models.errors import TriageError


class SignatureError(TriageError):
    """A webhook delivery is not signed, or not with a secret of its connector."""

    code = "bad_signature"


class UnauthenticatedError(TriageError):
    """A request carries no token, or none that is known and valid."""

    code = "unauthenticated"


class ForbiddenError(TriageError):
    """The principal of a request is known, and may not do this."""

    code = "forbidden"


class TooManyRequestsError(TriageError):
    """The rate limit is used up; there is room again in `retry_after_s` seconds."""

    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class OverloadedError(TriageError):
    """The service has as many requests as it can answer; nothing was begun."""

    code = "overloaded"


class ClientGoneError(TriageError):
    """The client closed its connection while its request was worked on; the rest is not done."""

    code = "client_gone"


class CompressedBodyError(TriageError):
    """A body came compressed, which could unpack to any size."""

    code = "compressed_body"


class PreconditionError(TriageError):
    """A condition of the request does not hold; nothing was changed."""

    code = "precondition_failed"


class HelpdeskError(TriageError):
    """A connected helpdesk cannot be reached, or refuses what is asked of it."""

    code = "helpdesk_unavailable"


class HelpdeskBusyError(HelpdeskError):
    """A connected helpdesk asks to be left alone for `retry_after_s` seconds."""

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
