"""The staff of a merchant as JSON: people, roles, invitations and sessions."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.records.api_key import Scope
from app.records.staff import Staff, StaffInvitation, StaffRole, StaffSession


class StaffBody(BaseModel):
    """A person who works for the shop."""

    staff_id: str = Field(description="The id of the person.")
    email: str = Field(description="The address with which the person signs in, in lower case.")
    name: str = Field(description="The name that the history shows.")
    role: str = Field(description="The role, which gives the scopes.")
    language: str = Field(description="The language of mails and pages: `ko`, `ja` or `en`.")
    second_factor: bool = Field(description="Whether the person has set up a second factor.")
    created_at: datetime = Field(description="When the person accepted the invitation.")
    disabled_at: datetime | None = Field(description="Since when the person cannot sign in.")


class StaffRoleBody(BaseModel):
    """A named set of scopes."""

    role: str = Field(description="The name of the role.")
    scopes: list[Scope] = Field(description="What people with the role may do.")
    built_in: bool = Field(description="Built-in roles do not change.")
    created_at: datetime | None = Field(description="Null for a built-in role.")
    updated_at: datetime | None = Field(description="Null for a built-in role.")


class StaffInvitationBody(BaseModel):
    """An invitation to the staff, without its token."""

    invitation_id: str = Field(description="The id of the invitation.")
    email: str = Field(description="Who is invited, in lower case.")
    role: str = Field(description="The role that the person gets.")
    language: str = Field(description="The language of the mail, and then of the person.")
    invited_by: str = Field(description="Who has invited the person.")
    staff_id: str | None = Field(
        description="The person who has accepted. An invitation to set a new password has its person from the start."
    )
    created_at: datetime = Field(description="When the invitation was made.")
    expires_at: datetime = Field(description="When the link stops working.")
    accepted_at: datetime | None = Field(description="When the person accepted.")
    revoked_at: datetime | None = Field(description="When the invitation was taken back, or replaced by a newer one.")


class StaffInvitationWithToken(StaffInvitationBody):
    """An invitation with its link."""

    token: str | None = Field(
        description="The secret of the invitation. Only this answer shows it. Null when the link goes by mail."
    )
    url: str | None = Field(
        description="The page on which the person accepts. Null when the link goes by mail, and without"
        " RECOURSE_PUBLIC_URL."
    )


class StaffSessionBody(BaseModel):
    """A session of a person, without its token."""

    session_id: str = Field(description="The id of the session.")
    staff_id: str = Field(description="Whose session it is.")
    ip_address: str | None = Field(description="From where the person signed in.")
    user_agent: str | None = Field(description="What the browser or the program said about itself.")
    created_at: datetime = Field(description="When the person signed in.")
    seen_at: datetime = Field(description="When the session was used last, to the minute.")
    ends_at: datetime = Field(description="When the session ends. It ends earlier after an hour without use.")
    ended_at: datetime | None = Field(description="When somebody ended the session.")


def staff_body(person: Staff) -> dict[str, Any]:
    return {
        "staff_id": person.staff_id,
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "language": person.language,
        "second_factor": person.has_second_factor,
        "created_at": person.created_at,
        "disabled_at": person.disabled_at,
    }


def staff_role_body(role: StaffRole) -> dict[str, Any]:
    return {
        "role": role.role,
        "scopes": sorted(role.scopes),
        "built_in": role.created_at is None,
        "created_at": role.created_at,
        "updated_at": role.updated_at,
    }


def staff_invitation_body(invitation: StaffInvitation) -> dict[str, Any]:
    return {name: getattr(invitation, name) for name in StaffInvitationBody.model_fields}


def staff_session_body(session: StaffSession) -> dict[str, Any]:
    return {name: getattr(session, name) for name in StaffSessionBody.model_fields}
