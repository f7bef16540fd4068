"""The parties that an open claim can wait for."""

from datetime import datetime

from app.engine.model.values import value
from app.engine.model.vocabulary import Word


class Party(Word):
    """Who must act next on an open claim. `provider` is the payment provider that pays a refund."""

    SELLER = "seller"
    BUYER = "buyer"
    CARRIER = "carrier"
    PROVIDER = "provider"


@value
class Turn:
    """Who must act next, since when, and the first instant that is too late, if there is one."""

    party: Party
    began_at: datetime
    ends_by: datetime | None = None
