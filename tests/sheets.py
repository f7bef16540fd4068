"""Files of orders and parcels as sellers have them, made by another program than the one that reads them."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile

from app import clock
from app.api.app_state import AppState
from app.service.order_imports.carrying import carry_on
from tests.storefront import Storefront

Rows = Iterable[Sequence[Any]]
NOTICE = "다운로드 받은 파일로 '엑셀 일괄발송' 처리하는 방법"
SMARTSTORE = [
    *("상품주문번호", "주문번호", "배송방법(구매자 요청)", "배송방법", "택배사", "송장번호", "발송일", "판매채널"),
    *("구매자명", "구매자ID", "수취인명", "주문상태", "주문세부상태", "결제위치", "결제일", "상품번호", "상품명"),
    *("상품종류", "옵션정보", "옵션관리코드", "수량", "옵션가격", "상품가격", "최종 상품별 할인액"),
    *("판매자 부담 할인액", "최종 상품별 총 주문금액", "사은품", "발주확인일", "발송기한", "발송처리일"),
    *("송장출력일", "배송비 형태", "배송비 묶음번호", "배송비 유형", "배송비 합계", "제주/도서 추가배송비"),
    *("배송비 할인액", "판매자 상품코드", "수취인연락처1", "배송지", "구매자연락처", "우편번호", "배송메세지"),
]
"""The headings of the export, as they stand in its second row."""
QOO10 = [
    *("配送状態", "注文番号", "カート番号", "配送会社", "送り状番号", "発送日", "注文日", "入金日", "お届け希望日"),
    *("発送予定日", "配送完了日", "配送方法", "商品番号", "商品名", "数量", "オプション情報", "オプションコード"),
    *("おまけ", "受取人名", "受取人名(フリガナ)", "受取人電話番号", "受取人携帯電話番号", "住所", "郵便番号"),
    *("国家", "送料の決済", "決済サイト", "通貨", "購入者決済金額", "販売価格", "割引額", "注文金額の合計"),
    *("供給原価の合計", "購入者名", "購入者名(フリガナ)", "配送要請事項", "購入者電話番号", "購入者携帯電話番号"),
    *("販売者商品コード", "JANコード", "規格番号", "プレゼント贈り主", "外部広告", "素材", "ギフト注文"),
]
SHOPIFY = [
    *("Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Accepts Marketing"),
    *("Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method"),
    *("Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem compare at price"),
    *("Lineitem sku", "Lineitem requires shipping", "Lineitem taxable", "Lineitem fulfillment status"),
    *("Billing Name", "Shipping Name", "Shipping Country", "Phone", "Payment Method", "Refunded Amount", "Id"),
    *("Lineitem discount",),
]
PAID_AT = datetime.fromisoformat("2026-06-05T10:00:00")
PLAIN = ["order no", "paid at", "sku", "title", "qty", "price"]


def smartstore_row(number: int, **changes: Any) -> list[Any]:
    """One product order. Two with the same `주문번호` are lines of one order."""
    values = {
        "상품주문번호": f"20260605{number:08}",
        "주문번호": f"20260605{number:07}",
        "구매자명": "김민지",
        "구매자ID": "minj****",
        "주문상태": "결제완료",
        "결제일": PAID_AT,
        "상품번호": "1001",
        "상품명": "머그컵",
        "옵션정보": "색상: 화이트",
        "수량": 2,
        "옵션가격": 0,
        "상품가격": 12000,
        "최종 상품별 할인액": 0,
        "최종 상품별 총 주문금액": 24000,
        "배송비 묶음번호": f"77{number}",
        "배송비 합계": 3000,
        "제주/도서 추가배송비": 0,
        "구매자연락처": "010-1234-5678",
        **changes,
    }
    return [values.get(name, "") for name in SMARTSTORE]


def smartstore(*rows: Sequence[Any]) -> bytes:
    return xlsx([[NOTICE], SMARTSTORE, *rows])


def row_of(headings: Sequence[str], **values: Any) -> list[Any]:
    """The values under their headings. `Paid_at` is `Paid at`."""
    named = {name.replace("_", " "): value for name, value in values.items()}
    assert named.keys() <= set(headings)
    return [named.get(name, "") for name in headings]


def xlsx(rows: Rows, *, sheets: Sequence[tuple[str, Rows]] = ()) -> bytes:
    book = openpyxl.Workbook()
    for title, content in (("Sheet1", rows), *sheets):
        sheet = book.active if title == "Sheet1" else book.create_sheet(title)
        for row in content:
            sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_password(content: bytes, password: str) -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, target)
    return target.getvalue()


def text_of(rows: Rows, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue().encode(encoding)


def plain_rows(count: int, **changes: Any) -> list[list[Any]]:
    """So many orders of one line each, with headings of no marketplace."""
    values = {"paid at": "2026-06-05 10:00", "sku": "MUG", "title": "Mug", "qty": 2, "price": 12000, **changes}
    return [PLAIN, *([f"A-{number}", *(values[name] for name in PLAIN[1:])] for number in range(1, count + 1))]


async def send(shop: Storefront, content: bytes, name: str = "orders.xlsx", **fields: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {shop.token}", "Idempotency-Key": fields.pop("key", str(uuid4()))}
    form = {"files": {"file": (name, content)}, "data": fields}
    return await shop.http.post("/v1/order-imports", headers=headers, **form)  # type: ignore[arg-type] # the fields of a form


async def upload(shop: Storefront, content: bytes, name: str = "orders.xlsx", **fields: str) -> dict[str, Any]:
    answer = await send(shop, content, name, **fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def preview(shop: Storefront, made: dict[str, Any], language: str = "en") -> list[dict[str, Any]]:
    path = f"/v1/order-imports/{made['import_id']}/preview"
    headers = {"Authorization": f"Bearer {shop.token}", "Accept-Language": language}
    answer = await shop.http.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


async def carry_out(shop: Storefront, made: dict[str, Any], **start: Any) -> dict[str, Any]:
    """Start the import, and do what a worker does until the import has ended. Returns the import."""
    path = f"/v1/order-imports/{made['import_id']}"
    answer = await shop.post(f"{path}/start", start)
    assert answer.status_code == 200, answer.text
    while await work(shop):
        pass
    return dict((await shop.get(path)).json())


async def work(shop: Storefront, seconds: float = 60) -> int:
    """One batch of a worker's."""
    state = state_of(shop)
    return await carry_on(state.database, state.files.store, shop.clock, clock.elapsed, seconds=seconds)


def state_of(shop: Storefront) -> AppState:
    state: AppState = shop.http._transport.app.state.app_state  # type: ignore[attr-defined]
    return state


async def import_file(shop: Storefront, content: bytes, **fields: str) -> dict[str, Any]:
    return await carry_out(shop, await upload(shop, content, **fields))


async def refused_rows(shop: Storefront, made: dict[str, Any]) -> list[tuple[int, str | None, str]]:
    """The row, the field and the code of each refusal."""
    answer = await shop.get(f"/v1/order-imports/{made['import_id']}/rows", result="refused", limit=1000)
    found = [row["refusal"] for row in answer.json()["data"]]
    return [(each["row"], each["field"], each["code"]) for each in found]


def counts(made: dict[str, Any]) -> tuple[int, int, int, int]:
    """New, changed, unchanged and refused."""
    return made["new"], made["changed"], made["unchanged"], made["refused"]
