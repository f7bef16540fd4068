"""The bodies of surveys for the seller."""

from pydantic import BaseModel, Field

from app.service.resources.survey import SurveyBody


class SurveyPage(BaseModel):
    """A page of a list of surveys."""

    data: list[SurveyBody] = Field(description="The newest answer comes first.")
    next_cursor: str | None = Field(description="Null on the last page.")
