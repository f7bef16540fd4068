"""Takes a signed checkpoint out of the database once a day: into a folder, to a URL, or both.

With several workers the first one writes the file of the day, and each sends its own checkpoint to the URL.
"""

import asyncio
from datetime import date
from pathlib import Path

from app.clock import Clock, Elapsed
from app.records.checkpoint import FeedDigest
from app.service import checkpoints
from app.store.database import Database
from app.webhooks.sender import Sender, WebhookRequest
from app.webhooks.signature import Secret

_BATCH_SECONDS = 10.0
_NAME = "recourse-checkpoint-{day}.json"


class CheckpointNotDeliveredError(OSError):
    """The URL has not accepted the checkpoint."""


class CheckpointDelivery:
    """Without a key, or without a place, nothing is done. The digests stay in memory between the days; after a start
    they come from the newest file of the folder."""

    def __init__(
        self, database: Database, now: Clock, elapsed: Elapsed, *, key: str, folder: str = "", url: str = ""
    ) -> None:
        is_on = bool(key and (folder or url)) and not key.startswith("whpk_")
        self._database = database
        self._now = now
        self._elapsed = elapsed
        self._secret = Secret.parse(key) if is_on else None
        self._folder = Path(folder) if folder else None
        self._url = url
        self._feeds: dict[str, FeedDigest] | None = None
        self._delivered_on: date | None = None

    async def run(self) -> int:
        """Read for some seconds, and return how many rows there were; deliver when there are no more. Raises OSError
        if the checkpoint cannot be delivered, and CheckpointError for a file of the folder that nobody has signed."""
        day = self._now().date()
        if self._secret is None or self._delivered_on == day or (self._url == "" and self._path(day).exists()):
            return 0
        if self._feeds is None:
            self._feeds = await asyncio.to_thread(self._newest, self._secret)
        until = self._elapsed() + _BATCH_SECONDS
        async with self._database.read() as tx:
            count = await checkpoints.advance(tx, self._feeds, lambda: self._elapsed() >= until)
        if count:
            return count
        await self._deliver(checkpoints.signed(self._feeds, self._now(), self._secret), day, self._secret)
        self._delivered_on = day
        return 0

    def _path(self, day: date) -> Path:
        return (self._folder or Path()) / _NAME.format(day=day)

    def _newest(self, secret: Secret) -> dict[str, FeedDigest]:
        files = sorted(self._folder.glob(_NAME.format(day="*"))) if self._folder else []
        return dict(checkpoints.read(files[-1].read_bytes(), secret.text).feeds) if files else {}

    async def _deliver(self, file: bytes, day: date, secret: Secret) -> None:
        if self._folder is not None and not self._path(day).exists():
            await asyncio.to_thread(checkpoints.write, self._path(day), file)
        if self._url:
            request = WebhookRequest(
                url=self._url,
                headers={},
                webhook_id=f"checkpoint-{day}",
                at=self._now(),
                secrets=[secret],
                body=file,
            )
            async with Sender(allow_private=True) as sender:  # the operator's own address
                outcome = await sender.send(request)
            if outcome.verdict != "delivered":
                raise CheckpointNotDeliveredError(f"the URL of checkpoints: {outcome.error or outcome.status}")
