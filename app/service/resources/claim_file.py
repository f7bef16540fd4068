"""The public shape of a file that shows facts of a claim."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.model.vocabulary import Role
from app.records.claim_file import ClaimFile, FileStatus


class FileFacts(BaseModel):
    """What the history of the claim has of a file: no words of a person, and no bytes."""

    file_id: str = Field(description="The service makes the id.")
    line_id: str | None = Field(description="The line of the claim that the file is about. Null: the whole claim.")
    status: FileStatus = Field(
        description="`waiting`: the scanner has not answered. `infected` and `erased`: the bytes are erased."
    )
    media_type: str | None = Field(description="The type of what is kept. Null for a registered URL.")
    size: int | None = Field(description="Bytes. Null for a registered URL.")
    digest: str = Field(description="The SHA-256 of what is kept, or of the registered URL, in hexadecimal.")


class ClaimFileBody(FileFacts):
    """A photo, a document or a video that shows facts of a claim."""

    claim_id: str = Field(description="The claim.")
    caption: str | None = Field(description="The words of the author. Escape them when you show them as HTML.")
    role: Role = Field(description="The side that added the file.")
    author: str = Field(description="Who added the file.")
    created_at: datetime = Field(description="When the file was added.")
    erased_at: datetime | None = Field(description="When the bytes were erased. Null until then.")
    erased_by: str | None = Field(description="Who erased the bytes. Null until then.")
    url: str | None = Field(
        description="Where the bytes can be read: a path of this service that needs no key and ends soon, or the "
        "registered URL. Null while the file waits for its scan, after its bytes were erased, and in the answer to a "
        "request that writes."
    )
    url_ends_at: datetime | None = Field(description="When the path ends. Null for a registered URL.")


_FACTS = tuple(FileFacts.model_fields)
_SAME = (*_FACTS, "claim_id", "caption", "role", "author", "erased_at", "erased_by")


def file_facts(file: ClaimFile) -> dict[str, Any]:
    return {name: getattr(file, name) for name in _FACTS}


def claim_file_body(file: ClaimFile, *, url: str | None = None, url_ends_at: datetime | None = None) -> dict[str, Any]:
    return {
        **{name: getattr(file, name) for name in _SAME},
        "created_at": file.added_at,
        "url": file.source_url or url,
        "url_ends_at": url_ends_at,
    }
