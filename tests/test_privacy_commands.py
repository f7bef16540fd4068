"""The commands about the data of buyers."""

import zipfile
from pathlib import Path

from tests.store.tampering import recourse
from tests.storefront import Storefront

OPERATIONS = ["buyer.erased", "legal_hold.lifted", "legal_hold.set", "buyer.exported"]
BUYER = {"name": "남궁민아", "email": "namgung@mail.example"}


async def test_an_operator_shows_exports_holds_and_erases(shop: Storefront, database_url: str, tmp_path: Path) -> None:
    await shop.push_order(buyer=BUYER)
    order = ("order-1", "--merchant", shop.merchant_id)
    shown = await recourse(database_url, "privacy", "show", *order)
    assert "contract  kept until 2031-" in shown.output
    assert "Decree art. 6(1) nos. 2, 3" in shown.output
    file = tmp_path / "buyer.zip"
    exported = await recourse(database_url, "privacy", "export", *order, "--file", str(file))
    assert exported.exit_code == 0, exported.output
    assert "namgung@mail.example" in zipfile.ZipFile(file).read("order-1/data.json").decode()
    again = await recourse(database_url, "privacy", "export", *order, "--file", str(file))
    assert again.exit_code == 1
    held = await recourse(database_url, "privacy", "hold", *order, "--reason", "소송")
    assert "on legal hold since" in held.output
    refused = await recourse(database_url, "privacy", "erase", *order)
    assert (refused.exit_code, "legal hold" in refused.output) == (1, True)
    assert (await recourse(database_url, "privacy", "lift", *order)).exit_code == 0
    erased = await recourse(database_url, "privacy", "erase", *order)
    assert "unneeded  erased" in erased.output
    entries = (await shop.get("/v1/audit-entries")).json()["data"][:4]
    assert [entry["action"] for entry in entries] == OPERATIONS
    assert {entry["actor"]["kind"] for entry in entries} == {"operator"}
