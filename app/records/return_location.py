"""Return locations: where goods go back to, and the rule that chooses among them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from app.records.shop import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLocationRule:
    """Which goods go to a location. An empty set is no condition, and all conditions must hold. `skus`: every product
    of the goods is among them."""

    countries: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    faults: frozenset[str] = frozenset()
    skus: frozenset[str] = frozenset()

    def fits(self, goods: "ReturnedGoods") -> bool:
        asked = (
            (self.countries, {goods.country}),
            (self.reasons, {goods.reason}),
            (self.faults, {goods.fault}),
            (self.skus, goods.skus),
        )
        return all(not allowed or allowed.issuperset(values) for allowed, values in asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedGoods:
    """What a rule reads of goods that come back."""

    country: str
    reason: str
    fault: str
    skus: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLocation:
    """`address` has the name of the receiver. `position` orders the rules: of two that fit, the lower one counts. One
    location of a shop is the default, for goods that no rule fits."""

    location_id: str
    name: str
    address: str
    is_default: bool
    updated_at: datetime
    postal_code: str | None = None
    phone: str | None = None
    method: Texts = field(default_factory=dict)
    hours: Texts = field(default_factory=dict)
    position: int = 0
    rule: ReturnLocationRule = ReturnLocationRule()


def location_for(locations: Iterable[ReturnLocation], goods: ReturnedGoods) -> ReturnLocation | None:
    """The location that the rules choose. None without locations."""
    ordered = sorted(locations, key=lambda each: (each.is_default, each.position, each.location_id))
    return next((each for each in ordered if each.is_default or each.rule.fits(goods)), None)
