"""The errors of the use cases: a stable code and its parameters. Raising one of them rolls the transaction back.

No sentence is written here. `app/messages/refusals/` has one sentence for each code and language.
"""

from app.engine.model.refund import ReportRefusal
from app.engine.model.refusals import Param, Refusal


class ServiceError(Exception):
    """`field` names the wrong part of the request. `params` are the facts behind the sentence."""

    code = "error"

    def __init__(self, *, field: str | None = None, **params: Param) -> None:
        super().__init__(self.code, params)
        self.field = field
        self.params = params


class NotFoundError(ServiceError):
    """The resource does not exist, or belongs to another merchant. Both cases have the same answer."""

    code = "not_found"

    def __init__(self, resource: str, identity: str) -> None:
        super().__init__(resource=resource, id=identity)


class StaleVersionError(ServiceError):
    """The caller's version is not the newest version."""

    code = "stale_version"


class ConflictError(ServiceError):
    """The request contradicts the stored data."""

    def __init__(self, code: str, *, field: str | None = None, **params: Param) -> None:
        self.code = code
        super().__init__(field=field, **params)


class InvalidError(ServiceError):
    """The request is invalid with any stored data."""

    def __init__(self, code: str, *, field: str | None = None, **params: Param) -> None:
        self.code = code
        super().__init__(field=field, **params)


class SignInError(ServiceError):
    """The caller is not who they say, or has not shown it yet."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()


class ForbiddenError(ServiceError):
    """The caller is known, and may not do this."""

    def __init__(self, code: str, *, field: str | None = None, **params: Param) -> None:
        self.code = code
        super().__init__(field=field, **params)


class TooManyError(ServiceError):
    """The caller asks too often. `retry_after` is in seconds."""

    def __init__(self, code: str, *, retry_after: int) -> None:
        self.code = code
        super().__init__()
        self.retry_after = retry_after


class RefusedError(ServiceError):
    """The engine refuses the command, for each of these reasons."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        self.code = refusals[0].code
        super().__init__()
        self.refusals = refusals


class ReportRefusedError(ServiceError):
    """A report contradicts its refund, for each of these reasons."""

    def __init__(self, refusals: tuple[ReportRefusal, ...]) -> None:
        self.code = refusals[0].code
        super().__init__()
        self.refusals = refusals
