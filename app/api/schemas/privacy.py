"""The bodies of the data of buyers."""

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.common import Input, MessageToBuyer
from app.service.resources.privacy import OrderPrivacyBody


class PutLegalHoldRequest(Input):
    """Why the data of the buyer must not be erased."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "소송 2026가단1234, 법무팀 요청"}]})

    reason: MessageToBuyer = Field(description="The reason. Only people of the shop read it.")


class BuyerPrivacyList(BaseModel):
    """What is held about a buyer, order by order."""

    data: list[OrderPrivacyBody] = Field(description="The orders of the buyer, by their ids.")
