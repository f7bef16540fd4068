"""A buyer without an account withdraws from a contract on the page, in two steps."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.buyer.pages.texts import PAGE_LANGUAGES, page_words
from app.records.buyer_lookup import Counted
from app.service.buyer_lookups import MOST_IN_AN_HOUR
from app.store.database import Database
from tests.api.buyer.pages import Browser, enter, forms
from tests.api.keys import stranger
from tests.messages.claim_messages import SHOP
from tests.pdfs import require_fonts
from tests.storefront import Storefront, storefront
from tests.withdrawals import IN_GERMANY, claims_of, looked_at, publish

DOCS = Path(__file__).parents[3] / "docs" / "withdrawal.md"
ENTERED = {"name": "Lena Vogt", "order_number": "order-1", "email": "lena@example.com"}


def address(shop: Storefront) -> str:
    return f"/withdraw/{shop.merchant_id}"


async def checked(shop: Storefront, **changes: str) -> Browser:
    """A browser that shows the second step."""
    browser = Browser(shop.http, language="de")
    assert (await browser.open(address(shop))).status_code == 200
    assert (await browser.send(address(shop), **{**ENTERED, **changes})).status_code == 200
    return browser


async def recorded(shop: Storefront) -> list[dict[str, Any]]:
    return list((await shop.get("/v1/withdrawals")).json()["data"])


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
async def test_a_buyer_withdraws_in_two_steps_and_gets_the_acknowledgement_in_the_language_of_the_page(
    shop: Storefront, database: Database, language: str
) -> None:
    await shop.push_order(**IN_GERMANY)
    words, browser = page_words(language)["withdrawal"], Browser(shop.http, language=language)
    await browser.open(address(shop))
    assert f"<button>{words['withdraw']}</button>" in browser.text
    await browser.send(address(shop), **ENTERED, text="Danke!")
    assert f'value="confirm">{words["confirm"]}</button>' in browser.text
    assert [value for value in (*ENTERED.values(), "Danke!") if f"<dd>{value}</dd>" not in browser.text] == []
    assert await recorded(shop) == []
    assert (await browser.send(address(shop), step="confirm")).status_code == 200
    (withdrawal,) = await recorded(shop)
    assert (withdrawal["channel"], withdrawal["language"], withdrawal["text"]) == ("page", language, "Danke!")
    for part in (withdrawal["withdrawal_id"], withdrawal["hash"], "12:00:00, Asia/Seoul, UTC+09:00"):
        assert part in browser.text
    events = {event["type"]: event["data"]["messages"] for event in await publish(shop, database)}
    (message,) = events["withdrawal.received"]
    assert (message["language"], message["audience"]) == (language, "buyer")
    (claim,) = await claims_of(shop, await looked_at(shop, database, withdrawal))
    assert (claim["kind"], claim["requested_at"]) == ("cancel", withdrawal["declared_at"])


async def test_the_page_is_the_same_whether_an_order_fits_or_not(shop: Storefront) -> None:
    await shop.push_order(**IN_GERMANY)
    pages = set()
    for number in ("order-1", "order-9"):
        browser = await checked(shop, order_number=number)
        answer = await browser.send(address(shop), step="confirm")
        own = rf"/receipts/[^\"]+|{number}|[0-9a-f]{{8}}-[0-9a-f-]{{27}}|[0-9a-f]{{64}}"
        shown = browser.text.replace(shop.merchant_id, "shop")
        pages.add((answer.status_code, re.sub(own, "_", shown), frozenset(answer.headers) - {"x-request-id"}))
    assert len(pages) == 1


async def test_a_form_that_is_sent_twice_records_one_withdrawal(shop: Storefront) -> None:
    browser = await checked(shop)
    step_two = browser.page
    first = await browser.send(address(shop), step="confirm")
    shop.clock.turn(hours=1)
    browser.page = step_two
    second = await browser.send(address(shop), step="confirm")
    assert first.text == second.text
    browser.page = step_two
    await browser.send(address(shop), step="confirm", goods="die Tasse")
    assert sorted(withdrawal["goods"] or "" for withdrawal in await recorded(shop)) == ["", "die Tasse"]


@pytest.mark.parametrize("step", ["change", "check"])
async def test_another_language_keeps_what_was_entered(sqlite_shop: Storefront, step: str) -> None:
    browser = await checked(sqlite_shop, goods="eine Tasse")
    if step == "change":
        await browser.send(address(sqlite_shop), step="change")
    button = f'formaction="{address(sqlite_shop)}?language=fr" formnovalidate name="step" value="{step}"'
    assert button in browser.text
    (form,) = forms(browser.text)
    typed = ENTERED | {"email": "typed"} if step == "change" else {}
    await browser.post(
        f"{address(sqlite_shop)}?language=fr", {**form.fields, "goods": "eine Tasse", **typed, "step": step}
    )
    assert browser.text.startswith('<!DOCTYPE html>\n<html lang="fr">')
    for value in ("Lena Vogt", "eine Tasse", typed.get("email", "lena@example.com")):
        assert value in browser.text
    assert "error" not in browser.text
    if step == "check":
        assert (await browser.send(address(sqlite_shop), step="confirm")).status_code == 200
        assert "?language=" not in browser.text
        assert (await recorded(sqlite_shop))[0]["language"] == "fr"


async def test_a_confirmation_without_the_key_of_the_first_step_shows_that_step_again(shop: Storefront) -> None:
    browser = Browser(shop.http, language="de")
    for key in ("", "1", "x" * 300):
        await browser.post(address(shop), {**ENTERED, "step": "confirm", "key": key})
        assert 'value="confirm"' in browser.text
    assert await recorded(shop) == []


async def test_wrong_fields_have_their_sentences_and_what_was_entered_is_kept(sqlite_shop: Storefront) -> None:
    browser = Browser(sqlite_shop.http, language="de")
    await browser.open(address(sqlite_shop))
    entered = {"name": "  ", "order_number": '"><i>1', "email": "lena", "goods": "-", "text": "</textarea><b>x"}
    assert (await browser.send(address(sqlite_shop), **entered)).status_code == 422
    assert 'role="alert"' in browser.text
    listed = re.findall(r'<li><a href="#(\w+)">(.+?)</a>', browser.text)
    assert listed == [
        ("name", "Name – Bitte füllen Sie dieses Feld aus."),
        ("email", "E-Mail-Adresse – Bitte geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com."),
        ("goods", "Artikel – Diese Eingabe ist nicht gültig."),
    ]
    assert all(f'id="{field}-error"' in browser.text for field, _ in listed)
    for kept in ('value="&#34;&gt;&lt;i&gt;1"', 'value="lena"', "&lt;/textarea&gt;&lt;b&gt;x</textarea>"):
        assert kept in browser.text
    assert await recorded(sqlite_shop) == []


async def test_what_was_entered_is_escaped_on_every_page_and_can_be_changed(sqlite_shop: Storefront) -> None:
    browser = await checked(sqlite_shop, name="<i>Lena</i>", goods="eine\nTasse & mehr")
    for step, mark in (("change", 'value="&lt;i&gt;Lena&lt;/i&gt;"'), ("check", "<dd>&lt;i&gt;Lena&lt;/i&gt;</dd>")):
        await browser.send(address(sqlite_shop), **ENTERED | {"name": "<i>Lena</i>"}, goods="A & B", step=step)
        assert mark in browser.text
        assert "A &amp; B" in browser.text
        assert "<i>" not in browser.text
    await browser.send(address(sqlite_shop), step="confirm")
    assert "<dd>&lt;i&gt;Lena&lt;/i&gt;</dd>" in browser.text


async def test_the_last_step_links_the_receipt_for_a_day(shop: Storefront, database: Database) -> None:
    require_fonts()
    browser = await checked(shop)
    await browser.send(address(shop), step="confirm")
    (link,) = re.findall(rf'href="({address(shop)}/receipts/[^"]+)">Eingangsbestätigung herunterladen', browser.text)
    (withdrawal,) = await recorded(shop)
    shown = await browser.open(link)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "application/pdf")
    name = f'attachment; filename="withdrawal-{withdrawal["withdrawal_id"]}.pdf"'
    assert shown.headers["content-disposition"] == name
    assert shown.content == (await shop.get(f"/v1/withdrawals/{withdrawal['withdrawal_id']}/receipt")).content
    other = await stranger(shop, database)
    wrong = (link.replace(shop.merchant_id, other.merchant_id), f"{link}A", link[:-9], f"/files/{link[-90:]}")
    assert [(await browser.open(each)).status_code for each in wrong] == [404, 404, 404, 404]
    shop.clock.turn(hours=23, minutes=59)
    assert (await browser.open(link)).status_code == 200
    shop.clock.turn(minutes=1)
    assert (await browser.open(link)).status_code == 404


async def test_the_last_step_links_no_receipt_that_could_not_be_made(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The fonts are there in name, and nothing can be set in them."""
    for name in ("NotoSansCJK-Regular.ttc", "NotoSans-Regular.ttf"):
        (tmp_path / name).touch()
    async with storefront(sqlite_url, fonts_folder=str(tmp_path)) as shop:
        browser = await checked(shop)
        shown = await browser.send(address(shop), step="confirm")
        (withdrawal,) = await recorded(shop)
    assert (shown.status_code, "/receipts/" in shown.text) == (200, False)
    assert f"withdrawal {withdrawal['withdrawal_id']} has no link to a receipt" in capsys.readouterr().err


async def test_above_the_limit_of_a_network_the_page_says_how_to_reach_the_shop(
    shop: Storefront, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST_IN_AN_HOUR, Counted.WITHDRAWAL, 2)
    await shop.put("/v1/shop", {**SHOP, "contact_email": "help@mug.example", "phone": "030-555-0142"})
    for number in ("1", "2"):
        browser = await checked(shop, order_number=number)
        for _ in range(3):  # a form that is sent again is not counted
            step_two = browser.page
            assert (await browser.send(address(shop), step="confirm")).status_code == 200
            browser.page = step_two
    browser = await checked(shop, order_number="3")
    refused = await browser.send(address(shop), step="confirm")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    for way in ('href="mailto:help@mug.example"', 'href="tel:030-555-0142"'):
        assert way in browser.text
    assert len(await recorded(shop)) == 2
    shop.clock.turn(hours=1)
    assert (await browser.send(address(shop), step="confirm")).status_code == 200
    assert len(await recorded(shop)) == 3


async def test_an_unknown_shop_is_not_found(sqlite_shop: Storefront) -> None:
    browser = Browser(sqlite_shop.http)
    assert (await browser.open("/withdraw/nobody")).status_code == 404
    answer = await browser.post("/withdraw/nobody", {**ENTERED, "step": "confirm"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("order", "is_linked"), [(IN_GERMANY, True), ({**IN_GERMANY, "policy": "storefront_eu"}, True), ({}, False)]
)
async def test_the_page_of_an_order_in_the_union_links_the_page(
    sqlite_shop: Storefront, order: dict[str, Any], *, is_linked: bool
) -> None:
    await sqlite_shop.push_order(**order)
    browser = await enter(sqlite_shop, language="de")
    link = f'<a href="{address(sqlite_shop)}">Vertrag widerrufen</a>'
    assert (link in browser.text) == is_linked


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_the_docs_have_the_labels_with_their_sources(language: str) -> None:
    words = page_words(language)["withdrawal"]
    row = " | ".join((page_words(language)["language"]["name"], words["withdraw"], words["confirm"], words["source"]))
    assert f"| {row} |" in DOCS.read_text("utf-8")
