"""The forms of the commands that a clerk gives to a claim: their fields, and the body that the fields become.

Goods that come back have a page of their own. What a buyer says on the phone is a command of the buyer, which the clerk
gives for the buyer.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.api.schemas.bulk import BODIES, BulkCommand
from app.api.schemas.commands import (
    CommandRequest,
    ConfirmClaimPaymentRequest,
    ReclassifyClaimRequest,
    RetractClaimRequest,
)
from app.api.schemas.goods import DispatchGoodsRequest, ReshipGoodsRequest
from app.api.schemas.offers import AcceptOfferRequest, DeclineOfferRequest, MakeOfferRequest
from app.api.schemas.rejections import RejectClaimRequest
from app.desk.visit import Arrived
from app.engine.model.commands import AcceptOffer, Command
from app.engine.model.money import exponent
from app.engine.model.vocabulary import Role
from app.service.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandForm:
    """`fields` in the order of the page: a name with a dot is a field inside another. `by` is who gives the command."""

    body: type[CommandRequest]
    fields: tuple[str, ...] = ()
    by: Role = Role.SELLER


_TRACKING = ("tracking.carrier", "tracking.number")
COMMANDS: Mapping[str, CommandForm] = {
    **{
        command: CommandForm(body=BODIES[command], fields=fields)
        for command, fields in (
            (BulkCommand.APPROVE, ("override",)),
            (BulkCommand.REJECT, ("ground", "message", "alternatives", "evidence")),
            (BulkCommand.CONVERT, ("to", "because", "note")),
            (BulkCommand.HOLD, ("reason", "note")),
            (BulkCommand.RELEASE, ("note",)),
            (BulkCommand.COMPLETE_REPAIR, ()),
            (BulkCommand.CONFIRM_DELIVERY, ()),
            (BulkCommand.EXPIRE, ("evidence",)),
        )
    },
    "make_offer": CommandForm(body=MakeOfferRequest, fields=("alternative", "amount", "message")),
    "reclassify": CommandForm(body=ReclassifyClaimRequest, fields=("reason", "fault", "note", "evidence")),
    "reship": CommandForm(body=ReshipGoodsRequest, fields=_TRACKING),
    "confirm_payment": CommandForm(body=ConfirmClaimPaymentRequest, fields=("payment_id", "method", "amount")),
    "dispatch": CommandForm(body=DispatchGoodsRequest, fields=_TRACKING, by=Role.BUYER),
    "accept_offer": CommandForm(body=AcceptOfferRequest, fields=("offer_id",), by=Role.BUYER),
    "decline_offer": CommandForm(body=DeclineOfferRequest, fields=("offer_id",), by=Role.BUYER),
    "retract": CommandForm(body=RetractClaimRequest, fields=("note",), by=Role.BUYER),
}
FORMS: Mapping[str, tuple[str, ...]] = {command: form.fields for command, form in COMMANDS.items()}
"""The fields by the command, in the order of the buttons."""
_SEVERAL = ("alternatives",)
_LINES = ("evidence",)
"""Fields with one value in each line of the text."""
_AMOUNT = re.compile(r"[0-9]{1,13}(?:[.][0-9]{1,3})?")

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
            whole, _, part = name.partition(".")
            value = values if name in (*_SEVERAL, *_LINES) else values[-1]
            body[whole] = {**body.get(whole, {}), part: value} if part else value
    return body


def command_of(seen: Arrived, command: str, fields: Fields) -> Command:
    """Raises ValidationError for fields that the command does not take."""
    form, values = COMMANDS[command], body_of(command, fields)
    offer_id = values.pop("offer_id", "")
    if "amount" in values:
        values["amount"] = minor_units(values["amount"], dict(fields).get("currency", ""))
    body = form.body.model_validate(values)
    by = seen.actor(form.by, None)
    if isinstance(body, RejectClaimRequest):
        return body.command(by, lambda: new_id(seen.now))
    if isinstance(body, MakeOfferRequest):
        return body.command(new_id(seen.now), by)
    if isinstance(body, DeclineOfferRequest):
        return body.command(offer_id, by)
    if isinstance(body, AcceptOfferRequest):
        return AcceptOffer(by=by, offer_id=offer_id)
    made: Command = body.command(by)  # type: ignore[attr-defined] # each of the others makes its command of `by`
    return made


def minor_units(text: str, currency: str) -> int | str:
    """The amount as the API takes it. The text itself, which the API refuses, for what is no amount."""
    plain, digits = text.replace(",", ""), exponent(currency)
    if not _AMOUNT.fullmatch(plain):
        return text
    whole, _, part = plain.partition(".")
    return int(whole + part.ljust(digits, "0")) if len(part) <= digits else text
