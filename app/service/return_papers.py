"""The papers of a return parcel as PDF: the label and the packing slip.

A paper is made whenever somebody asks for it: the parcel has all that is on the label. No transaction is open while the
PDF is made.
"""

from datetime import datetime
from enum import StrEnum

from app.messages.return_papers import PaperSource, paper_content, paper_language
from app.pdf.codes import barcode_of, qr_code_of
from app.pdf.typesetting import Typesetting
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.service.files import require_claim
from app.service.return_parcels import read
from app.store import buyers, shops
from app.store.database import Database


class Paper(StrEnum):
    LABEL = "label"
    SLIP = "slip"


_TEMPLATES = {Paper.LABEL: "return_label", Paper.SLIP: "packing_slip"}


async def paper_of(
    database: Database,
    typesetting: Typesetting,
    caller: Caller,
    claim_id: str,
    parcel_id: str,
    paper: Paper,
    language: str | None,
) -> bytes:
    """The PDF. Without `language`: that of the buyer on record, or of the shop. Raises NotFoundError and
    PdfUnavailableError."""
    async with database.read() as tx:
        stored = await require_claim(tx, caller, claim_id)
        view = await read(tx, caller, claim_id, parcel_id)
        buyer = await buyers.load(tx, caller.merchant_id, stored.claim.order_id)
        shop = await shops.load(tx, caller.merchant_id)
    if view.return_number is None:
        raise NotFoundError("return_parcel", parcel_id)
    chosen = paper_language(language, buyer.language if buyer else None, shop.language)
    source = PaperSource(
        parcel=view.parcel,
        return_number=view.return_number,
        claim=stored.claim,
        order=stored.order,
        shop=shop.name_in(chosen),
    )
    content = paper_content(source, paper, chosen)
    codes = {"barcode": barcode_of(content["code"]), "qr_code": qr_code_of(content["code"])}
    made_at: datetime = view.parcel.created_at
    return await typesetting.typeset(_TEMPLATES[paper], {**content, **codes}, chosen, made_at)
