"""Finds what somebody scans or types: the code of a label, a return number, a tracking number, or an order."""

from dataclasses import dataclass
from enum import StrEnum

from app.engine.model.claim import Claim
from app.engine.model.vocabulary import Kind
from app.records.claim import ClaimFilter
from app.records.return_number import plain_number, read_label_code, read_return_number
from app.records.return_parcel import ReturnParcel
from app.records.sorting import PageQuery, Sort
from app.service.callers import Caller
from app.store import claim_lists, claims, return_parcels
from app.store.database import Tx

MOST_CLAIMS = 20
_WITH_GOODS = (Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR)


class CodeKind(StrEnum):
    """What a text that names a return was read as."""

    LABEL_CODE = "label_code"
    RETURN_NUMBER = "return_number"
    TRACKING_NUMBER = "tracking_number"
    ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnMatch:
    """A claim with its parcels, and the parcel that the text names. Without a claim: a parcel that nobody announced."""

    read_as: CodeKind
    claim: Claim | None
    return_number: str | None
    parcels: tuple[ReturnParcel, ...]
    parcel: ReturnParcel | None


async def by_return_number(tx: Tx, caller: Caller, text: str) -> list[ReturnMatch]:
    number = read_return_number(text)
    claim_id = number and await return_parcels.claim_of_number(tx, caller.merchant_id, number)
    return [await _of_claim(tx, caller, claim_id, CodeKind.RETURN_NUMBER)] if claim_id else []


async def by_tracking_number(tx: Tx, caller: Caller, text: str) -> list[ReturnMatch]:
    """Carriers have numbers of their own, so two parcels may have one number."""
    found = await return_parcels.with_tracking_number(tx, caller.merchant_id, plain_number(text))
    return [
        await _of_claim(tx, caller, parcel.claim_id, CodeKind.TRACKING_NUMBER, parcel)
        if parcel.claim_id
        else ReturnMatch(
            read_as=CodeKind.TRACKING_NUMBER, claim=None, return_number=None, parcels=(parcel,), parcel=parcel
        )
        for parcel in found
    ]


async def by_code(tx: Tx, caller: Caller, text: str) -> list[ReturnMatch]:
    """Whatever a scanner reads. The first reading that finds something counts."""
    for search in (_by_label_code, by_return_number, by_tracking_number, _by_order):
        if found := await search(tx, caller, text):
            return found
    return []


async def _by_label_code(tx: Tx, caller: Caller, text: str) -> list[ReturnMatch]:
    code = read_label_code(text)
    if code is None:
        return []
    return_number, number = code
    claim_id = await return_parcels.claim_of_number(tx, caller.merchant_id, return_number)
    if claim_id is None:
        return []
    found = await _of_claim(tx, caller, claim_id, CodeKind.LABEL_CODE)
    named = [each for each in found.parcels if each.number == number]
    return [_with_parcel(found, each) for each in named]


async def _by_order(tx: Tx, caller: Caller, text: str) -> list[ReturnMatch]:
    query = PageQuery(sort=Sort.LAST_CREATED, limit=MOST_CLAIMS)
    page = await claim_lists.page(tx, caller.merchant_id, query, ClaimFilter(order_id=text.strip()))
    with_goods = [stored.claim for stored in page.rows if stored.claim.kind in _WITH_GOODS]
    return [await _of_claim(tx, caller, claim.claim_id, CodeKind.ORDER) for claim in with_goods]


async def _of_claim(
    tx: Tx, caller: Caller, claim_id: str, read_as: CodeKind, parcel: ReturnParcel | None = None
) -> ReturnMatch:
    stored = await claims.load(tx, caller.merchant_id, claim_id)
    if stored is None:
        raise LookupError(f"a parcel names the claim {claim_id}, which does not exist")
    return ReturnMatch(
        read_as=read_as,
        claim=stored.claim,
        return_number=(await return_parcels.numbers(tx, caller.merchant_id, [claim_id])).get(claim_id),
        parcels=tuple(await return_parcels.of_claim(tx, caller.merchant_id, claim_id)),
        parcel=parcel,
    )


def _with_parcel(found: ReturnMatch, parcel: ReturnParcel) -> ReturnMatch:
    return ReturnMatch(
        read_as=found.read_as,
        claim=found.claim,
        return_number=found.return_number,
        parcels=found.parcels,
        parcel=parcel,
    )
