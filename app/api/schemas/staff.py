"""The bodies of a merchant's staff."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from app.api.schemas.buyers import Email
from app.api.schemas.common import Input, Name, Word
from app.records.api_key import Scope
from app.service.passwords import LONGEST
from app.service.resources.staff import StaffBody, StaffInvitationBody, StaffRoleBody, StaffSessionBody
from app.service.staff import StaffChange
from app.service.staff_invitations import Invitee, LinkDelivery

StaffLanguage = Literal["ko", "ja", "en"]
Token = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]
NewPassword = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST),
    Field(description="At least 12 characters. A password that many people have, or of your own words, is refused."),
]
Password = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST), Field(description="Your password.")]
LINK_DELIVERY: Any = Field(
    default=LinkDelivery.MAIL,
    description="`mail`: the link goes to the person. `answer`: the answer has the link, and you hand it over.",
)
Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z -]{6,30}$")]


class CreatePasswordLinkRequest(Input):
    """How the link comes to the person."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"delivery": "answer"}]})

    delivery: LinkDelivery = LINK_DELIVERY


class CreateStaffInvitationRequest(Input):
    """Whom to invite."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "minji@mug.example", "role": "clerk"}]})

    email: Email = Field(description="Where the mail with the link goes. The person signs in with this address.")
    role: Word = Field(description="A built-in role or one of your own.")
    language: StaffLanguage = Field(default="ko", description="The language of the mail, and then of the person.")
    delivery: LinkDelivery = LINK_DELIVERY

    def invitee(self) -> Invitee:
        return Invitee(email=self.email.lower(), role=self.role, language=self.language)


class AcceptStaffInvitationRequest(Input):
    """What a person answers to an invitation."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"token": "rsi_...", "name": "김민지", "password": "말린 자두 세 봉지와 연필"}],
        }
    )

    token: Token = Field(description="The token of the link.")
    name: Name = Field(description="The name that the history shows. A person who is there already keeps their name.")
    password: NewPassword


class UpdateStaffRequest(Input):
    """What changes about a person. A field that is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "manager"}]})

    name: Name | None = Field(default=None, description="The name that the history shows from now on.")
    role: Word | None = Field(default=None, description="A built-in role or one of your own.")
    language: StaffLanguage | None = Field(default=None, description="The language of mails and pages.")
    disabled: StrictBool | None = Field(
        default=None, description="`true`: the person cannot sign in, and their sessions end."
    )

    def change(self) -> StaffChange:
        return StaffChange(name=self.name, role=self.role, language=self.language, disabled=self.disabled)


class PutStaffRoleRequest(Input):
    """The scopes of a role."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"scopes": ["orders:read", "claims:read", "claims:decide"]}]}
    )

    scopes: list[Scope] = Field(
        min_length=1, max_length=50, description="What people with the role may do. You must have each of them."
    )


class OpenOwnSessionRequest(Input):
    """How a person signs in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "merchant_id": "0198b0a4-33c1-7d5e-8f10-2c4d6e8fa0b2",
                    "email": "minji@mug.example",
                    "password": "말린 자두 세 봉지와 연필",
                    "code": "492039",
                }
            ]
        }
    )

    merchant_id: Name = Field(description="The id of the shop.")
    email: Email = Field(description="Your address.")
    password: Password
    code: Code | None = Field(
        default=None, description="The code of your authenticator, or a recovery code. Each works once."
    )


class ConfirmTotpRequest(Input):
    """A code of the authenticator that has the new secret."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "492039"}]})

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] = Field(description="What the authenticator shows.")


class SetOwnPasswordRequest(Input):
    """A new password."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"password": "말린 자두 세 봉지와 연필", "new_password": "비 오는 날의 초록 우산 둘"}]
        }
    )

    password: Password
    new_password: NewPassword


class StaffList(BaseModel):
    """People who work for the shop."""

    data: list[StaffBody] = Field(description="Everybody, who came first is first. At most 500.")


class StaffInvitationList(BaseModel):
    """Invitations to the staff."""

    data: list[StaffInvitationBody] = Field(description="The newest comes first. At most 100.")


class StaffRoleList(BaseModel):
    """The roles of the staff."""

    data: list[StaffRoleBody] = Field(description="The built-in roles, and then your own by name.")


class StaffSessionList(BaseModel):
    """Open sessions of the staff."""

    data: list[StaffSessionBody] = Field(description="The newest comes first. At most 200.")


class OwnSession(StaffSessionBody):
    """Your own session: who you are, and what you may do."""

    staff: StaffBody = Field(description="You.")
    scopes: list[Scope] = Field(description="What you may do. Empty until you have set up a second factor.")


class OwnSessionWithToken(OwnSession):
    """A new session with its token."""

    token: str = Field(description="Send it as `Authorization: Bearer rs_...`. Only this answer shows it.")


class TotpSecret(BaseModel):
    """The secret for an authenticator."""

    secret: str = Field(description="In base32, to type in.")
    url: str = Field(description="The same as an `otpauth:` address, for a QR code.")


class RecoveryCodeList(BaseModel):
    """Codes for the day on which the authenticator is lost."""

    codes: list[str] = Field(description="Each works once in place of a code. Only this answer shows them.")
