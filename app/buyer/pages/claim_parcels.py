"""What the page of a claim shows of its return parcels."""

from collections.abc import Sequence
from typing import Any

from app.buyer.shapes import body_for_buyer
from app.messages.return_papers import paper_words
from app.pdf.codes import qr_code_of
from app.service.resources.return_parcel import ReturnParcelBody, return_parcel_body
from app.service.return_parcels import ParcelView


def shown_parcels(views: Sequence[ParcelView], language: str) -> dict[str, Any]:
    """The parcels, each with its QR code, and the words about them."""
    bodies = [return_parcel_body(view.parcel, view.return_number) for view in views]
    return {
        "parcels": [body_for_buyer(ReturnParcelBody, body) for body in bodies],
        "qr_codes": {body["parcel_id"]: qr_code_of(body["label_code"]) for body in bodies if body["label_code"]},
        "papers": paper_words(language),
    }
