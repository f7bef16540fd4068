"""The use cases of return locations, and the location of the goods of a claim."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.records.return_location import ReturnedGoods, ReturnLocation, location_for
from app.records.return_parcel import Destination
from app.records.shop import ReturnAddress, Shop
from app.service.callers import Caller
from app.service.errors import ConflictError, NotFoundError
from app.store import return_locations, shops
from app.store.database import Tx

MOST_LOCATIONS = 100


async def put(tx: Tx, caller: Caller, location: ReturnLocation, now: datetime) -> ReturnLocation:
    """The first location is the default whatever it says, so that goods of every claim have a place.

    Raises ConflictError for a default that would stop being one: another location must take its place.
    """
    await return_locations.lock(tx, caller.merchant_id)
    present = {each.location_id: each for each in await return_locations.all_of(tx, caller.merchant_id)}
    others = present.keys() - {location.location_id}
    if not others:
        location = replace(location, is_default=True)
    before = present.get(location.location_id)
    if before is None and len(present) >= MOST_LOCATIONS:
        raise ConflictError("too_many_return_locations", limit=MOST_LOCATIONS)
    if before is not None and before.is_default and not location.is_default:
        raise ConflictError("default_location_needed", field="is_default", id=location.location_id)
    await return_locations.put(tx, caller.merchant_id, location, now)
    return location


async def list_all(tx: Tx, caller: Caller) -> list[ReturnLocation]:
    """The default comes first, then the order of the rules."""
    return await return_locations.all_of(tx, caller.merchant_id)


async def read(tx: Tx, caller: Caller, location_id: str) -> ReturnLocation:
    """Raises NotFoundError."""
    found = await return_locations.all_of(tx, caller.merchant_id)
    for location in found:
        if location.location_id == location_id:
            return location
    raise NotFoundError("return_location", location_id)


async def remove(tx: Tx, caller: Caller, location_id: str) -> ReturnLocation:
    """Parcels that are announced keep the address. Raises NotFoundError, and ConflictError for the default while there
    are others."""
    await return_locations.lock(tx, caller.merchant_id)
    location = await read(tx, caller, location_id)
    if location.is_default and len(await return_locations.all_of(tx, caller.merchant_id)) > 1:
        raise ConflictError("default_location_needed", id=location_id)
    await return_locations.remove(tx, caller.merchant_id, location_id)
    return location


async def destination_of(
    tx: Tx, merchant_id: str, claim: Claim, order: Order, line_ids: Collection[str]
) -> Destination | None:
    """Where these lines of the claim go. None if the shop names no place."""
    location = location_for(await return_locations.all_of(tx, merchant_id), _goods(claim, order, line_ids))
    if location is not None:
        return Destination(
            location_id=location.location_id,
            address=location.address,
            postal_code=location.postal_code,
            phone=location.phone,
        )
    named = (await shops.load(tx, merchant_id)).profile.return_address(order.country)
    return None if named is None else Destination(address=named.address)


async def with_place_of(tx: Tx, merchant_id: str, shop: Shop, claim: Claim, order: Order) -> Shop:
    """The shop with the return address that the rules choose for the goods of the claim."""
    locations = await return_locations.all_of(tx, merchant_id)
    location = location_for(locations, _goods(claim, order, [line.line_id for line in claim.lines]))
    if location is None:
        return shop
    address = " ".join(part for part in (location.postal_code, location.address, location.phone) if part)
    place = ReturnAddress(address=address, method=location.method, hours=location.hours)
    return replace(shop, profile=replace(shop.profile, return_addresses=(place,)))


def _goods(claim: Claim, order: Order, line_ids: Collection[str]) -> ReturnedGoods:
    lines = [order.line(line_id) for line_id in line_ids]
    skus = frozenset(line.sku or line.line_id for line in lines if line is not None)
    return ReturnedGoods(country=order.country, reason=claim.reason, fault=claim.fault, skus=skus)
