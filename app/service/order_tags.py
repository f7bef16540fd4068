"""The tag of an order: it changes with every change of the order, so a push can name what it was made from."""

import hashlib
from collections.abc import Mapping

from app import json_text
from app.engine.model.order import Order
from app.records.order import StoredOrder
from app.service.errors import StaleVersionError


def tag_of(order: Order, metadata: Mapping[str, str]) -> str:
    """The same order and metadata have the same tag."""
    text = json_text.dump({"order": order, "metadata": metadata})
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def refuse_other_tag(stored: StoredOrder | None, order_id: str, if_match: str | None) -> None:
    """Raises StaleVersionError if the order does not exist or has another tag. `*` is the tag of every order."""
    if if_match is not None and (stored is None or if_match not in ("*", tag_of(stored.order, stored.metadata))):
        raise StaleVersionError(resource="order", id=order_id)
