"""The feed: each position tells an event of a history or of an order, and no position is left out. Checkpoints tell how
the feed was."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime

from app.records.checkpoint import Checkpoint, FeedDigest, following
from app.service.checkpoints import digested
from app.service.verification.orders import Counts
from app.store import verification
from app.store.database import Tx
from app.store.statements import Row
from app.store.upcasts import event_type_v1_to_v2


async def of_feed(tx: Tx, counts: Counts, checkpoints: Sequence[Checkpoint]) -> AsyncIterator[str | None]:
    """One sentence for each row that does not fit, and None after each row."""
    there = set()
    async for head in verification.feed_heads_of_all(tx):
        there.add(head.merchant_id)
        if head.erased_at is not None:
            continue
        last, anchors = FeedDigest(), _Anchors(checkpoints, head.merchant_id)
        async for row in verification.feed_of(tx, head.merchant_id):
            counts.published += 1
            for sentence in (*_gap(last.position, row.position - 1), *_of_row(row)):
                yield f"feed of {head.merchant_id}: {sentence}"
            last = following(last, digested(row)) if checkpoints else FeedDigest(position=row.position)
            anchors.pass_by(last)
            yield None
        for sentence in (*_gap(last.position, head.position), *_beyond(last.position, head.position), *anchors.missed):
            yield f"feed of {head.merchant_id}: {sentence}"
    for checkpoint in checkpoints:
        for merchant_id in checkpoint.feeds.keys() - there:
            yield f"feed of {merchant_id}: the checkpoint of {checkpoint.made_at:%Y-%m-%d %H:%M} has it, and it is gone"


class _Anchors:
    """What the checkpoints tell about one merchant's feed. `missed` are the sentences about those that do not fit."""

    def __init__(self, checkpoints: Sequence[Checkpoint], merchant_id: str) -> None:
        self._told: defaultdict[int, list[tuple[datetime, FeedDigest]]] = defaultdict(list)
        for checkpoint in checkpoints:
            if told := checkpoint.feeds.get(merchant_id):
                self._told[told.position].append((checkpoint.made_at, told))

    def pass_by(self, digest: FeedDigest) -> None:
        """Forget the checkpoints that tell the same."""
        if digest.position in self._told:
            self._told[digest.position] = [each for each in self._told[digest.position] if each[1] != digest]

    @property
    def missed(self) -> list[str]:
        return [
            f"the positions 1 to {position} are not what the checkpoint of {made_at:%Y-%m-%d %H:%M} tells"
            for position, every in sorted(self._told.items())
            for made_at, _ in every
        ]


def _beyond(last: int, head: int) -> Iterator[str]:
    if last > head:
        yield f"position {last} is there, and {head} is the last one on record"


async def of_notices(tx: Tx) -> AsyncIterator[str]:
    """One sentence for each event that is neither published nor waits for it, and for each that waits and is gone."""
    async for notice in verification.all_notices(tx):
        if not notice.is_published:
            yield f"event {notice.event_id} is neither in the feed nor in the outbox"
    async for waiting in verification.all_of_outbox(tx):
        if not waiting.is_recorded:
            yield f"event {waiting.event_id} waits in the outbox, and is in no history"


def _gap(last: int, before: int) -> Iterator[str]:
    if before > last:
        yield f"the positions {last + 1} to {before} are missing"


def _of_row(row: Row) -> Iterator[str]:
    its = f"position {row.position}:"
    told = event_type_v1_to_v2(row.type), row.at, row.subject, row.subject_id
    if row.event_claim_id is not None:
        if told != (event_type_v1_to_v2(row.event_type), row.event_at, "claim", row.event_claim_id):
            yield f"{its} the row is not what the history of claim {row.event_claim_id} says"
        if row.claim_id is None and row.seq == 1:
            yield f"claim {row.event_claim_id} is missing"
    elif row.notice_type is not None:
        if told != (event_type_v1_to_v2(row.notice_type), row.notice_at, row.notice_subject, row.notice_subject_id):
            yield f"{its} the row is not what its event says"
    else:
        yield f"{its} event {row.event_id} is in no history"
