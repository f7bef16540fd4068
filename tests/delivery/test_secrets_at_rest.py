"""With a key in the environment, the database shows no secret of an endpoint; keys can be replaced and taken away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import standardwebhooks
from sqlalchemy import text

from app.encryption import Encryption, EncryptionError
from app.service.webhook_delivery import WebhookDispatcher
from app.store import endpoints
from app.store.database import Database
from app.store.statements import Statement
from app.webhooks.sender import Sender
from tests.delivery.conftest import Desk, path_of
from tests.delivery.receiver import Receiver
from tests.delivery.test_webhook_delivery import verifies
from tests.storefront import storefront
from tests.test_cli import output_of, run
from tests.test_encryption import NEW, OLD

STORED = (
    "SELECT headers || secrets || coalesce(signing_key, '') FROM endpoints",
    "SELECT body FROM idempotency_keys",
)
PRIVATE = "Bearer very-private"


@asynccontextmanager
async def desk_with(database_url: str, keys: str) -> AsyncIterator[Desk]:
    """A shop and the jobs of a worker whose environment has these keys."""
    database = Database(database_url, encryption=Encryption(keys.split(",") if keys else ()))
    options: dict[str, Any] = {"webhook_allow_private": True, "encryption_keys": keys, "log_level": "error"}
    async with storefront(database_url, **options) as shop, Sender(allow_private=True, deadline=5) as sender:
        shop.clock.instant = datetime.now(UTC)
        yield Desk(shop, database, WebhookDispatcher(database, sender, shop.clock, concurrency=8))
    await database.close()


async def stored_words(database: Database) -> str:
    async with database.read() as tx:
        return "\n".join([row[0] for sql in STORED for row in await tx.fetch(Statement(text(sql)))])


async def signs(desk: Desk, endpoint: dict[str, Any], receiver: Receiver, secret: str) -> bool:
    """Whether the next delivery has the endpoint's header and a signature with this secret."""
    await desk.shop.post(f"{path_of(endpoint)}/test")
    await desk.work()
    received = receiver.received[-1]
    assert received.headers["authorization"] == PRIVATE
    return verifies(standardwebhooks, secret, received)


async def test_the_database_shows_no_secret_and_the_worker_signs_with_it(database_url: str, receiver: Receiver) -> None:
    async with desk_with(database_url, NEW) as desk:
        post = f"{desk.shop.merchant_id}-create"
        body = {"url": receiver.url, "headers": {"Authorization": PRIVATE}, "ed25519": True}
        created = (await desk.shop.post("/v1/webhook-endpoints", body, key=post)).json()
        rotated = (await desk.shop.post(f"{path_of(created)}/rotate-secret")).json()
        stored = await stored_words(desk.database)
        for secret in (created["secret"], rotated["secret"], "whsec_", "whsk_", "very-private"):
            assert secret not in stored
        assert await signs(desk, created, receiver, rotated["secret"])
        again = await desk.shop.post("/v1/webhook-endpoints", body, key=post)
        assert (again.headers["idempotent-replayed"], again.json()) == ("true", created)
        await desk.shop.delete(path_of(created))
        assert created["secret"] not in await stored_words(desk.database)


async def test_what_was_stored_before_the_first_key_and_with_an_old_key_is_read(
    sqlite_url: str, receiver: Receiver
) -> None:
    secrets = []
    for keys in ("", OLD, f"{NEW},{OLD}"):
        async with desk_with(sqlite_url, keys) as desk:
            endpoint = await desk.register(receiver, headers={"Authorization": PRIVATE}, ed25519=True)
            secrets.append((endpoint, endpoint["secret"], desk.shop.token))
            for earlier, secret, token in secrets:
                desk.shop.token = token
                assert await signs(desk, earlier, receiver, secret)


async def test_a_command_encrypts_what_is_there_moves_it_to_a_new_key_and_back(
    database_url: str, receiver: Receiver
) -> None:
    async with desk_with(database_url, "") as desk:
        endpoint = await desk.register(receiver, headers={"Authorization": PRIVATE}, ed25519=True)
        assert endpoint["secret"] in await stored_words(desk.database)
    for command, keys, needed in (("encrypt", OLD, OLD), ("encrypt", f"{NEW},{OLD}", NEW), ("decrypt", NEW, "")):
        encryption = Encryption([needed] if needed else [])
        environment = {"RECOURSE_ENCRYPTION_KEYS": keys}
        printed = await asyncio.to_thread(output_of, database_url, "secrets", command, **environment)
        assert "of 1 endpoints" in printed
        database = Database(database_url, encryption=encryption)
        async with database.read() as tx:
            (row,) = await tx.fetch(Statement(text("SELECT secrets FROM endpoints")))
            stored = await endpoints.load(tx, desk.shop.merchant_id, endpoint["endpoint_id"])
        await database.close()
        assert (endpoint["secret"] in row[0]) == (not needed)
        assert stored is not None
        assert stored.secrets[0].secret == endpoint["secret"]
        assert stored.headers == {"Authorization": PRIVATE}


def test_nothing_is_encrypted_without_a_key(sqlite_url: str) -> None:
    result = run(sqlite_url, "secrets", "encrypt")
    assert (result.exit_code, result.stderr) == (1, "error: RECOURSE_ENCRYPTION_KEYS has no key\n")


async def test_a_secret_of_another_key_is_an_error_that_does_not_repeat_it(sqlite_url: str, receiver: Receiver) -> None:
    async with desk_with(sqlite_url, OLD) as desk:
        await desk.register(receiver)
    database = Database(sqlite_url, encryption=Encryption([NEW]))
    async with database.read() as tx:
        with pytest.raises(EncryptionError, match="no key of RECOURSE_ENCRYPTION_KEYS"):
            await endpoints.all_of(tx, desk.shop.merchant_id)
    await database.close()
    result = await asyncio.to_thread(run, sqlite_url, "secrets", "encrypt", RECOURSE_ENCRYPTION_KEYS=NEW)
    assert (result.exit_code, result.stderr) == (1, "error: no key of RECOURSE_ENCRYPTION_KEYS decrypts this\n")
