"""The bodies of files that show facts of a claim."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.api.schemas.commands import CommandRequest, example
from app.api.schemas.common import Input, Message, Name
from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Role
from app.service.files import FileNote
from app.service.resources.claim_file import ClaimFileBody


def _without_credentials(url: str) -> str:
    if "@" in url.split("/", 3)[2]:
        raise ValueError("must not hold a user or a password")
    return url


FileUrl = Annotated[
    str,
    StringConstraints(pattern=r"^https://[!-.0-~]+(/[!-~]*)?$", max_length=2000),
    AfterValidator(_without_credentials),
]


class FileNoteInput(CommandRequest):
    """What is said about a file."""

    line_id: Name | None = Field(default=None, description="A line of the claim. The default is the whole claim.")
    caption: Annotated[Message, Field(max_length=500)] | None = Field(
        default=None, description="What the file shows, in the author's words."
    )
    role: Literal[Role.BUYER, Role.SELLER] = Field(
        default=Role.BUYER, description="The side that adds the file. `seller` takes the scope `claims:decide`."
    )

    def note(self, by: Actor) -> FileNote:
        return FileNote(by=by, line_id=self.line_id, caption=self.caption)


class AddClaimFileRequest(FileNoteInput):
    """A form with a file. Fields of the form that are empty are as if they were not sent."""

    model_config = example(line_id="1", caption="손잡이가 깨졌어요", file="(the bytes)")

    file: bytes = Field(
        description="JPEG, PNG, WebP, HEIC, PDF, MP4 or WebM. The content decides the type, and not its name."
    )


class FileNoteForBuyer(Input):
    """What you say about a file."""

    line_id: Name | None = Field(default=None, description="A line of the claim. The default is the whole claim.")
    caption: Annotated[Message, Field(max_length=500)] | None = Field(
        default=None, description="What the file shows, in your words."
    )

    def note(self, by: Actor) -> FileNote:
        return FileNote(by=by, line_id=self.line_id, caption=self.caption)


class AddClaimFileForBuyerRequest(FileNoteForBuyer):
    """A form with a file. Fields of the form that are empty are as if they were not sent."""

    model_config = example(line_id="1", caption="손잡이가 깨졌어요", file="(the bytes)")

    file: bytes = Field(
        description="JPEG, PNG, WebP, HEIC, PDF, MP4 or WebM. The content decides the type, and not its name."
    )


class AddClaimFileUrlRequest(FileNoteInput):
    """A file that is at a URL of somebody else, such as a marketplace."""

    model_config = example(url="https://images.marketplace.example/claims/118/1.jpg", line_id="1")

    url: FileUrl = Field(description="An https URL. The service keeps the URL and does not fetch it.")


class ClaimFilePage(BaseModel):
    """A page of files."""

    data: list[ClaimFileBody] = Field(description="Oldest first. Files whose bytes were erased are included.")
    next_cursor: str | None = Field(description="For the next page. Null on the last page.")


def form_of(schema: str) -> dict[str, Any]:
    """The body of a route that reads its form itself, after it has recognised the caller."""
    content = {"multipart/form-data": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"requestBody": {"required": True, "content": content}}


FORMS = (AddClaimFileRequest, AddClaimFileForBuyerRequest)
"""The bodies of routes that read their form themselves."""
