"""What a use case can say instead of doing its work. Raising any of these rolls the transaction back."""

from app.engine.model.refusals import Refusal


class ServiceError(Exception):
    """`code` is stable and for programs, the message for people."""

    code = "error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NotFoundError(ServiceError):
    """There is no such thing, or it is another merchant's: the two look the same."""

    code = "not_found"


class StaleVersionError(ServiceError):
    """The caller decided on a version that is not the newest."""

    code = "stale_version"


class ConflictError(ServiceError):
    """What is asked contradicts what is on record. `field` names the part of the request at fault."""

    def __init__(self, code: str, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.field = field


class InvalidError(ServiceError):
    """The request makes no sense, whatever is on record."""

    def __init__(self, code: str, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.field = field


class RefusedError(ServiceError):
    """The engine's answer is no, for each of these reasons."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__(", ".join(refusal.code for refusal in refusals))
        self.code = refusals[0].code
        self.refusals = refusals
