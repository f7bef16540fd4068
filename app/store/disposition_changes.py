"""Changes of dispositions. They are only added."""

from dataclasses import asdict, fields

from sqlalchemy import bindparam, insert, select

from app import json_text
from app.engine.model.vocabulary import Disposition
from app.records.disposition_change import DispositionChange, DispositionUnits
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import disposition_changes

_c = disposition_changes.c
_NAMES = tuple(field.name for field in fields(DispositionChange))
_INSERT = Statement(insert(disposition_changes))
_OF_CLAIM = Statement(
    select(*(_c[name] for name in _NAMES))
    .where(_c.merchant_id == bindparam("merchant"), _c.claim_id == bindparam("claim"))
    .order_by(_c.change_id)
)


async def add(tx: Tx, merchant_id: str, claim_id: str, change: DispositionChange) -> None:
    units = json_text.dump([asdict(each) for each in change.units])
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, "claim_id": claim_id, **asdict(change), "units": units})


async def of_claim(tx: Tx, merchant_id: str, claim_id: str) -> list[DispositionChange]:
    """The first change comes first."""
    rows = await tx.fetch(_OF_CLAIM, {"merchant": merchant_id, "claim": claim_id})
    return [
        DispositionChange(
            **{
                **row._asdict(),
                "units": tuple(
                    DispositionUnits(disposition=Disposition(each["disposition"]), quantity=each["quantity"])
                    for each in json_text.load(row.units)
                ),
            }
        )
        for row in rows
    ]
