"""The bodies of buyers' access to their orders: links, sessions and tokens."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from app.api.schemas.common import Input
from app.records.buyer_access import AccessKind, BuyerAccess
from app.service.buyer_access import LINK_LASTS, LINK_LASTS_AT_MOST, TOKEN_LASTS, TOKEN_LASTS_AT_MOST

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


class CreateBuyerLinkRequest(Input):
    """A link to one order, which opens one session."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"hours": 72}]})

    hours: Annotated[StrictInt, Field(ge=1, le=LINK_LASTS_AT_MOST // _HOUR)] = Field(
        default=LINK_LASTS // _HOUR, description="How long the link can be opened."
    )

    @property
    def lasts(self) -> timedelta:
        return timedelta(hours=self.hours)


class CreateBuyerTokenRequest(Input):
    """A token for the browser of a buyer who has signed in at your storefront."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"minutes": 15}]})

    minutes: Annotated[StrictInt, Field(ge=1, le=TOKEN_LASTS_AT_MOST // _MINUTE)] = Field(
        default=TOKEN_LASTS // _MINUTE, description="How long the token can be used."
    )

    @property
    def lasts(self) -> timedelta:
        return timedelta(minutes=self.minutes)


class BuyerAccessBody(BaseModel):
    """Access of the buyer to one order. No secret is shown."""

    access_id: str = Field(description="The service makes the id.")
    order_id: str = Field(description="The order. The access reaches no other order.")
    kind: AccessKind = Field(description="A link, the session that it opens, or a token of the storefront.")
    created_by: str | None = Field(description="The name of the API key. Null for a session, and for a link by mail.")
    created_at: datetime = Field(description="When it was made.")
    expires_at: datetime = Field(description="The first instant that is too late.")
    used_at: datetime | None = Field(description="When the link opened its session. Null: not yet.")
    ended_at: datetime | None = Field(description="When it was ended before its time. Null: it was not.")


class BuyerLinkList(BaseModel):
    """The links of an order."""

    data: list[BuyerAccessBody] = Field(description="The newest 100 links, the newest first.")


class BuyerTokenBody(BuyerAccessBody):
    """Access with its token. No other answer shows the token."""

    token: str = Field(description="The secret. Only this answer shows it.")


class BuyerLinkBody(BuyerTokenBody):
    """A new link."""

    url: str | None = Field(
        description="The address to give to the buyer. Null if the operator has not set `RECOURSE_PUBLIC_URL`."
    )


_FIELDS = tuple(BuyerAccessBody.model_fields)


def access_body(access: BuyerAccess) -> dict[str, Any]:
    return {name: getattr(access, name) for name in _FIELDS}
