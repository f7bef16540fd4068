"""The case file of a claim: its facts for somebody outside of the shop, such as the support centre of a marketplace.

The file is made of stored facts alone, as of the last change of the claim or its order. So the same facts give the same
bytes. No transaction is open while the PDF is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from app.messages.dossier import DossierSource, dossier_content, dossier_language
from app.pdf.typesetting import Typesetting
from app.records.api_key import Scope
from app.records.claim_file import ClaimFile
from app.records.contact import Contact
from app.records.message import Message
from app.service import claims, contacts, files, messages, orders, policies
from app.service.callers import Caller
from app.service.claims import ClaimView
from app.service.file_keeping import is_readable
from app.service.files import require_claim
from app.service.orders import OrderView
from app.service.visits import surroundings
from app.store.database import Database, Tx

MOST_EVENTS, MOST_MESSAGES, MOST_CONTACTS, MOST_FILES = 500, 200, 200, 100
MOST_BYTES = 256 * 1024 * 1024
"""Of all files together. A claim keeps less, unless the operator has raised the limits."""
_OF_BUYER = "buyer"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What the PDF and the archive are made of. `carried` are the files whose bytes the archive has."""

    source: DossierSource
    language: str
    view: ClaimView
    order: OrderView
    carried: tuple[ClaimFile, ...]


async def read(tx: Tx, caller: Caller, claim_id: str, language: str | None) -> Dossier:
    """Without `language`: that of the shop. A caller that may not read messages gets no messages and no conversation.
    Raises NotFoundError."""
    stored = await require_claim(tx, caller, claim_id)
    order = await orders.read(tx, caller, stored.claim.order_id)
    as_of = max(stored.updated_at, order.updated_at)
    view = await claims.read(tx, caller, claim_id, as_of)
    around = await surroundings(tx, caller, stored.claim.order_id, as_of)
    chosen = dossier_language(language, around.shop.language)
    told, said, hidden = await _words(tx, caller, claim_id)
    history = await claims.history(tx, caller, claim_id, limit=MOST_EVENTS + 1, after=0)
    kept = await files.page(tx, caller, claim_id, limit=MOST_FILES, after=None)
    carried = _carried(kept)
    left_out = [
        *_cut("history", history, MOST_EVENTS),
        *_cut("messages", told, MOST_MESSAGES),
        *_cut("conversation", said, MOST_CONTACTS),
        *hidden,
        *([("files", len(kept) - len(carried))] if len(carried) < len(kept) else []),
        ("internal", 0),
    ]
    source = DossierSource(
        claim=view.claim,
        assessment=view.assessment,
        amounts=view.amounts,
        order=order.order,
        policy=await policies.get(tx, caller, order.order.policy),
        shop=around.shop.name_in(chosen),
        zone=around.zone,
        as_of=as_of,
        events=tuple(history[:MOST_EVENTS]),
        messages=tuple(told[:MOST_MESSAGES]),
        contacts=tuple(said[:MOST_CONTACTS]),
        files=tuple(kept),
        left_out=tuple(left_out),
    )
    return Dossier(source=source, language=chosen, view=view, order=order, carried=carried)


async def dossier_pdf(
    database: Database, typesetting: Typesetting, caller: Caller, claim_id: str, language: str | None
) -> bytes:
    """Raises NotFoundError and PdfUnavailableError."""
    async with database.read() as tx:
        dossier = await read(tx, caller, claim_id, language)
    return await pdf_of(typesetting, dossier)


async def pdf_of(typesetting: Typesetting, dossier: Dossier) -> bytes:
    """Raises PdfUnavailableError."""
    content: dict[str, Any] = dossier_content(dossier.source, dossier.language)
    return await typesetting.typeset("dossier", content, dossier.language, dossier.source.as_of)


async def _words(
    tx: Tx, caller: Caller, claim_id: str
) -> tuple[list[Message], list[Contact], list[tuple[str, int]]]:  # fmt: skip
    """The messages to the buyer, the questions and answers, and what is hidden from the caller."""
    if not caller.may(Scope.MESSAGES_READ):
        return [], [], [("no_messages", 0)]
    told: list[Message] = []
    after = None
    while len(told) <= MOST_MESSAGES:
        rows = await messages.of_claim(tx, caller, claim_id, limit=MOST_MESSAGES, after=after)
        told += [message for message in rows if message.audience == _OF_BUYER]
        if len(rows) < MOST_MESSAGES:
            break
        after = (rows[-1].event_id, rows[-1].audience)
    return told, await contacts.conversation(tx, caller, claim_id), []


def _cut(code: str, found: Sequence[T], most: int) -> list[tuple[str, int]]:
    return [(code, most)] if len(found) > most else []


def _carried(kept: Sequence[ClaimFile]) -> tuple[ClaimFile, ...]:
    """The oldest files whose bytes are below MOST_BYTES together."""
    carried, size = [], 0
    for file in kept:
        if is_readable(file) and size + (file.size or 0) <= MOST_BYTES:
            size += file.size or 0
            carried.append(file)
    return tuple(carried)
