"""Signatures, verified by the libraries of other projects."""

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest
import standardwebhooks
import svix.webhooks
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.webhooks.signature import Secret, headers, new_secret, new_signing_key
from tests.webhooks.receivers import AT

BODY = '{"type":"claim.approved","data":{"note":"단순 변심"}}'.encode()


LIBRARIES = [
    pytest.param(standardwebhooks.Webhook, id="standardwebhooks"),
    pytest.param(svix.webhooks.Webhook, id="svix"),
]


def _in_base64(prefix: str, length: int) -> str:
    return prefix + base64.b64encode(bytes(range(length))).decode()


def test_the_example_of_the_specification() -> None:
    secret = Secret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    signed = headers([secret], webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek", at=at, body=b'{"test": 2432232314}')
    assert signed == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=9)), timezone(-timedelta(hours=8))], ids=str)
@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_verify_it(library: type[standardwebhooks.Webhook], zone: timezone) -> None:
    secret = new_secret()
    signed = headers([secret], webhook_id="evt-1", at=datetime.now(zone), body=BODY)
    library(secret.text).verify(BODY, signed)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        library(secret.text).verify(BODY + b" ", signed)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        library(new_secret().text).verify(BODY, signed)


@pytest.mark.parametrize("library", LIBRARIES)
def test_while_a_secret_is_replaced_both_verify(library: type[standardwebhooks.Webhook]) -> None:
    new, old, public = new_secret(), new_secret(), new_signing_key()
    signed = headers([new, old, public], webhook_id="evt-1", at=datetime.now(UTC), body=BODY)
    assert [each.partition(",")[0] for each in signed["webhook-signature"].split(" ")] == ["v1", "v1", "v1a"]
    library(new.text).verify(BODY, signed)
    library(old.text).verify(BODY, signed)


def test_ed25519_verifies_with_the_public_key_alone() -> None:
    key = new_signing_key()
    signed = headers([key], webhook_id="evt-1", at=AT, body=BODY)
    assert key.public is not None
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public.removeprefix("whpk_")))
    version, _, value = signed["webhook-signature"].partition(",")
    content = b"evt-1.%d.%b" % (AT.timestamp(), BODY)
    public.verify(base64.b64decode(value), content)
    assert version == "v1a"
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(value), content + b" ")


@pytest.mark.parametrize("secret", [new_secret(), new_signing_key()], ids=["symmetric", "ed25519"])
def test_a_secret_can_be_written_down_and_is_not_shown(secret: Secret) -> None:
    assert Secret.parse(secret.text) == secret
    assert secret.text not in repr(secret)
    assert repr(secret.key) not in repr(secret)


def test_no_two_secrets_are_the_same() -> None:
    assert len({new().text for new in (new_secret, new_signing_key) for _ in range(100)}) == 200


@pytest.mark.parametrize("length", [24, 64])
def test_a_secret_of_another_system_is_accepted(length: int) -> None:
    assert len(Secret.parse(_in_base64("whsec_", length)).key) == length


def test_a_signing_key_in_the_form_of_libsodium_is_accepted() -> None:
    text = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
    assert Secret.parse(text).public == "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="


@pytest.mark.parametrize(
    "text",
    [
        "",
        "secret",
        "whsec_",
        "whsec_not base64, by far",
        _in_base64("whsec_", 23),
        _in_base64("whsec_", 65),
        "whsk_",
        _in_base64("whsk_", 32),
        _in_base64("whsk_", 64),
        _in_base64("whsk_", 65),
        _in_base64("whpk_", 32),
        "whsec_키키키키",
    ],
)
def test_what_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 # whatever it says, it must not say the secret
        Secret.parse(text)
    assert text.removeprefix("whsec_").removeprefix("whsk_") not in str(refused.value) or len(text) < 7


def test_nothing_goes_out_unsigned() -> None:
    with pytest.raises(ValueError, match="at least one secret"):
        headers([], webhook_id="evt-1", at=AT, body=BODY)


def test_an_id_cannot_run_into_the_timestamp() -> None:
    with pytest.raises(ValueError, match="full stop"):
        headers([new_secret()], webhook_id="evt.1", at=AT, body=BODY)


def test_an_attempt_has_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        headers([new_secret()], webhook_id="evt-1", at=AT.replace(tzinfo=None), body=BODY)
