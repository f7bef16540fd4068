"""The bodies of the buyer's session."""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from app.api.schemas.buyer_access import BuyerAccessBody
from app.api.schemas.common import Input

LinkToken = Annotated[str, StringConstraints(pattern=r"^rbl_[0-9a-f]{32}_[0-9A-Za-z_-]{43}$")]


class OpenBuyerSessionRequest(Input):
    """The token of a link."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"token": "rbl_0198b0a433c17d5e8f102c4d6e8fa0b2_0000000000000000000000000000000000000000000"}]
        }
    )

    token: LinkToken = Field(description="The token of the link that the buyer got.")


class BuyerSessionBody(BuyerAccessBody):
    """A session, or a token of the storefront."""

    idle_by: datetime | None = Field(
        description="When the session ends if nobody uses it. It moves with each use. Null for a token of the"
        " storefront."
    )


class BuyerSessionWithToken(BuyerSessionBody):
    """A new session."""

    token: str = Field(description="The secret of the session. Only this answer shows it.")
