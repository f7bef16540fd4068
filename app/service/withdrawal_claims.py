"""The claims of a withdrawal: what was not shipped is cancelled, and what was shipped is returned.

The buyer leaves the contract, and gives no reason. The claims are judged as every claim, by the instant of the
declaration. Nothing is approved here: the engine's automation and the rules act on them as on every claim.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.engine.model.claim import Actor
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.order import Order, OrderLine
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Kind, Reason, Role, State
from app.records.withdrawal import Withdrawal, WithdrawalLine
from app.service.automatic_rules import try_rules
from app.service.decisions import carry_out
from app.service.errors import RefusedError
from app.service.ids import new_id
from app.store import claims as stored_claims
from app.store import orders
from app.store.database import Tx

_BUYER = Actor(role=Role.BUYER, name="withdrawal")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedClaims:
    """The ids of the claims by their kind, and the codes for which the engine refused one."""

    claims: Mapping[str, str]
    refusals: tuple[str, ...]


async def open_claims(
    tx: Tx, withdrawal: Withdrawal, order_id: str, lines: tuple[WithdrawalLine, ...], now: datetime
) -> OpenedClaims:
    """Open a cancellation and a return over what can be withdrawn of the lines, or of the whole order. The caller has
    locked the order. An ineligible claim is opened too: its assessment has the grounds."""
    stored = await orders.load(tx, withdrawal.declaration.merchant_id, order_id)
    if stored is None:
        raise LookupError(f"order {order_id} was there in this transaction")
    order, claims, codes = stored.order, {}, _unknown(stored.order, lines)
    parts = _parts(order, lines)
    for kind in (Kind.CANCEL, Kind.RETURN):
        requested = tuple(parts[kind])
        if not requested:
            continue
        command = _request(withdrawal, kind, requested, now)
        try:
            opened = await carry_out(tx, withdrawal.declaration.merchant_id, order, command, now)
        except RefusedError as error:
            codes += [refusal.code.value for refusal in error.refusals]
            continue
        outcome = await try_rules(tx, withdrawal.declaration.merchant_id, opened, now)
        order, claims[kind.value] = outcome.facts.order, command.claim_id
    refusals = tuple(dict.fromkeys(codes)) or (() if claims else (_NOTHING,))
    return OpenedClaims(claims=claims, refusals=refusals)


async def leaves_units(tx: Tx, earlier: Withdrawal, order_id: str, lines: tuple[WithdrawalLine, ...]) -> bool:
    """True if units are free that the claims of an earlier withdrawal do not cover: another claim had them then, or the
    buyer has retracted a claim of it. Without `lines` it is about the whole order."""
    merchant_id, covered = earlier.declaration.merchant_id, Counter[str]()
    for claim_id in earlier.claim_ids:
        claim = await stored_claims.load(tx, merchant_id, claim_id)
        if claim is not None and claim.claim.state is not State.RETRACTED:
            covered.update({line.line_id: line.quantity for line in claim.claim.lines})
    stored = await orders.load(tx, merchant_id, order_id)
    if stored is None:
        return False
    free = {each.line_id for part in _parts(stored.order, lines).values() for each in part}
    return any(
        line.line_id in free and min(wanted, line.quantity) > covered[line.line_id]
        for line, wanted in _wanted(stored.order, lines)
    )


_NOTHING = Code.UNITS_UNAVAILABLE.value
"""All units are cancelled, returned or in other claims."""


def _request(
    withdrawal: Withdrawal, kind: Kind, lines: tuple[RequestedLine, ...], now: datetime
) -> Request:  # fmt: skip
    return Request(
        by=_BUYER,
        claim_id=new_id(now),
        kind=kind,
        reason=Reason.CHANGE_OF_MIND,
        lines=lines,
        requested_at=withdrawal.declaration.declared_at,
        note=withdrawal.declaration.text,
    )


def _parts(order: Order, lines: tuple[WithdrawalLine, ...]) -> dict[Kind, list[RequestedLine]]:
    """The units to cancel and the units to return. Units that were not shipped come first."""
    parts: dict[Kind, list[RequestedLine]] = {Kind.CANCEL: [], Kind.RETURN: []}
    for line, wanted in _wanted(order, lines):
        unshipped = max(0, line.unshipped - line.units.open_cancel)
        cancelled = min(wanted, unshipped)
        returned = min(wanted - cancelled, max(0, line.in_buyers_hands))
        for kind, quantity in ((Kind.CANCEL, cancelled), (Kind.RETURN, returned)):
            if quantity:
                parts[kind].append(RequestedLine(line_id=line.line_id, quantity=quantity))
    return parts


def _unknown(order: Order, lines: tuple[WithdrawalLine, ...]) -> list[str]:
    """The code for lines that the order does not have."""
    return [Code.UNKNOWN_LINE.value] if any(order.line(line.line_id) is None for line in lines) else []


def _wanted(order: Order, lines: tuple[WithdrawalLine, ...]) -> Iterator[tuple[OrderLine, int]]:
    """The lines with the number of units. A line that the order does not have is left out."""
    if not lines:
        yield from ((line, line.quantity) for line in order.lines)
        return
    named = {each.line_id: each.quantity for each in lines}
    yield from ((line, named[line.line_id]) for line in order.lines if line.line_id in named)
