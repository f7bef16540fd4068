"""The bodies of root hashes."""

from pydantic import BaseModel, Field

from app.service.resources.root_hash import RootHashBody


class RootHashPage(BaseModel):
    """A page of root hashes."""

    data: list[RootHashBody] = Field(description="The newest day comes first.")
    next_cursor: str | None = Field(description="Null on the last page.")
