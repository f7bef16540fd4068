"""Secrets at rest: the newest key encrypts, every key decrypts, and nothing repeats a secret."""

import pytest
from cryptography.fernet import Fernet

from app.encryption import Encryption, EncryptionError, split_keys
from app.settings import Settings, SettingsError, read_settings

OLD, NEW = "b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2w=", "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU="


def test_what_an_old_key_has_encrypted_is_read_while_the_new_key_encrypts() -> None:
    before, after = Encryption([OLD]), Encryption([NEW, OLD])
    assert after.decrypt(before.encrypt("110-123-456789")) == "110-123-456789"
    with pytest.raises(EncryptionError, match="no key"):
        before.decrypt(after.encrypt("110-123-456789"))


def test_no_two_tokens_of_one_text_are_equal_and_none_has_the_text() -> None:
    encryption = Encryption([NEW])
    one, two = encryption.encrypt("110123456789"), encryption.encrypt("110123456789")
    assert one != two
    assert "110123456789" not in one


@pytest.mark.parametrize("token", ["", "x", "gAAAAABl", "110123456789"])
def test_what_is_no_token_is_not_decrypted(token: str) -> None:
    with pytest.raises(EncryptionError):
        Encryption([NEW]).decrypt(token)


def test_without_a_key_nothing_is_encrypted() -> None:
    assert not Encryption().is_on
    with pytest.raises(EncryptionError, match="RECOURSE_ENCRYPTION_KEYS"):
        Encryption().encrypt("110123456789")


def test_keys_are_a_list_with_commas() -> None:
    assert split_keys(f" {NEW} , {OLD},") == (NEW, OLD)
    assert split_keys("") == ()
    assert split_keys(key := Fernet.generate_key().decode()) == (key,)


@pytest.mark.parametrize("keys", ["hunter2", f"{NEW},hunter2", NEW[:-2], NEW.replace("b", "+")])
def test_a_complaint_about_a_key_does_not_repeat_the_key(monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    monkeypatch.setenv("RECOURSE_ENCRYPTION_KEYS", keys)
    with pytest.raises(SettingsError, match=r"RECOURSE_ENCRYPTION_KEYS: key [12] is not 32 bytes") as caught:
        read_settings()
    assert keys.rpartition(",")[2] not in str(caught.value)
    assert OLD not in repr(Settings(encryption_keys=OLD))
