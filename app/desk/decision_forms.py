"""The forms of the commands that a clerk gives to a claim: their fields, and the body that the fields become.

The commands are those that fit any claim. Goods that come back have a page of their own.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.api.schemas.bulk import BODIES, BulkCommand
from app.api.schemas.commands import CommandRequest
from app.api.schemas.rejections import RejectClaimRequest
from app.desk.visit import Arrived
from app.engine.model.commands import Command
from app.engine.model.vocabulary import Role
from app.service.ids import new_id

FORMS: Mapping[str, tuple[str, ...]] = {
    BulkCommand.APPROVE: ("override",),
    BulkCommand.REJECT: ("ground", "message", "alternatives", "evidence"),
    BulkCommand.CONVERT: ("to", "because", "note"),
    BulkCommand.HOLD: ("reason", "note"),
    BulkCommand.RELEASE: ("note",),
    BulkCommand.COMPLETE_REPAIR: (),
    BulkCommand.CONFIRM_DELIVERY: (),
    BulkCommand.EXPIRE: ("evidence",),
}
"""The fields by the command, in the order of the buttons."""
_SEVERAL = ("alternatives",)
_LINES = ("evidence",)
"""Fields with one value in each line of the text."""

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What a form has, as the template shows it again. A field that the form has not is empty."""

    one: Mapping[str, str]
    alternatives: tuple[str, ...]


def entered(fields: Fields) -> Entered:
    return Entered(
        one=defaultdict(str, fields), alternatives=tuple(value for name, value in fields if name == "alternatives")
    )


def body_of(command: str, fields: Fields) -> dict[str, Any]:
    """The body of the command, without what is empty."""
    body: dict[str, Any] = {}
    for name in FORMS[command]:
        values = [value.strip() for key, value in fields if key == name and value.strip()]
        if name in _LINES:
            values = [line.strip() for value in values for line in value.splitlines() if line.strip()]
        if values:
            body[name] = values if name in (*_SEVERAL, *_LINES) else values[-1]
    return body


def command_of(seen: Arrived, command: str, fields: Fields) -> Command:
    """Raises ValidationError for fields that the command does not take."""
    body: CommandRequest = BODIES[BulkCommand(command)].model_validate(body_of(command, fields))
    by = seen.actor(Role.SELLER, None)
    if isinstance(body, RejectClaimRequest):
        return body.command(by, lambda: new_id(seen.now))
    made: Command = body.command(by)  # type: ignore[attr-defined] # each of the others makes its command of `by`
    return made
