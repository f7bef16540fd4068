"""How the commands about keys end a key."""

from tests.test_cli import create_key, list_keys, output_of, run


def test_a_key_can_expire_and_be_replaced(database_url: str) -> None:
    old = create_key(database_url, "storefront", "--expires-in-days", "30")
    rotated = output_of(database_url, "keys", "rotate", old["key id"], "--overlap-hours", "0").splitlines()
    new = {line[:10].strip(): line[10:] for line in rotated}
    assert new["API key"].split("_")[1] == old["API key"].split("_")[1]
    states = {row[0]: row[3].split()[0] for row in list_keys(database_url)}
    assert states == {old["key id"]: "expired", new["key id"]: "in"}
    again = run(database_url, "keys", "rotate", old["key id"])
    assert again.stderr == f"error: Key {old['key id']} is revoked or has expired. Make a new key.\n"


def test_a_key_is_revoked_once(database_url: str) -> None:
    key = create_key(database_url, "storefront")["key id"]
    output_of(database_url, "keys", "revoke", key)
    before = list_keys(database_url)
    output_of(database_url, "keys", "revoke", key)
    assert list_keys(database_url) == before
