"""The import of the examples: an export of SmartStore that waits, is previewed, and has been started."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.imports.row_groups import RowRefusal
from app.records.order_import import ImportedRow, ImportResult, ImportState, OrderImport
from app.service.order_imports.preview import Preview, PreviewRow
from app.service.resources.order_import import import_body, import_row_body, preview_body

_NOW = datetime.fromisoformat("2026-06-08T12:00:00+09:00")
_COLUMNS = ("상품주문번호", "주문번호", "결제일", "상품명", "수량", "상품가격")
WAITING = OrderImport(
    merchant_id="0198b0a4-33c1-7d5e-8f10-2c4d6e8fa0b2",
    import_id="0198c1f6-2b3c-7d4e-8f5a-6b7c8d9e0f1a",
    state=ImportState.WAITING,
    kind="orders",
    format="smartstore",
    file_id="0198c1f6-2b3c-7d4e-8f5a-6b7c8d9e0f1b",
    file_name="스마트스토어_전체주문발주발송관리.xlsx",
    digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    size=412_000,
    heading_row=2,
    columns=_COLUMNS,
    fingerprint="bdbf7f56ec5b7ee1dd50ca47c4bf9b9a51b7cbd09a2e0a3ff6f2a6c0d4b2b91e",
    matching=dict(zip(("line_id", "order_id", "paid_at", "title", "quantity", "unit_price"), _COLUMNS, strict=True)),
    currency="KRW",
    time_zone="Asia/Seoul",
    policy=None,
    notify_buyers=False,
    row_count=1_204,
    created_by="desk",
    created_at=_NOW,
    expires_at=_NOW + timedelta(days=1),
)
STARTED = replace(WAITING, state=ImportState.RUNNING, started_at=_NOW, total=1_187, position=300, new=298, refused=2)
_SAMPLES = {
    name: [value]
    for name, value in zip(
        _COLUMNS, ("2026060512345611", "2026060512345", "2026-06-05T10:00:00", "머그컵", "2", "12000"), strict=True
    )
}
_REFUSAL = RowRefusal(row=4, field="quantity", code="import_not_a_quantity", params={"value": "두 개"})
_VALUES: dict[str, Any] = {
    "order_id": "2026060512345",
    "line_id": "2026060512345611",
    "paid_at": datetime.fromisoformat("2026-06-05T10:00:00+09:00"),
    "title": "머그컵",
    "quantity": 2,
    "unit_price": 12000,
}
_PREVIEW = Preview(
    total=1_187,
    rows=(
        PreviewRow(row=3, result=ImportResult.NEW, order_id="2026060512345", values=_VALUES, changes=(), refusals=()),
        PreviewRow(
            row=4,
            result=ImportResult.REFUSED,
            order_id="2026060512346",
            values={"order_id": "2026060512346", "title": "접시"},
            changes=(),
            refusals=(_REFUSAL,),
        ),
    ),
)
_ROW = ImportedRow(
    seq=1101,
    row=_REFUSAL.row,
    result=ImportResult.REFUSED,
    order_id="2026060512346",
    field=_REFUSAL.field,
    code=_REFUSAL.code,
    params=_REFUSAL.params,
)
ANSWERS: dict[str, Any] = {
    "order_import": import_body(WAITING, _SAMPLES),
    "order_imports": {"data": [import_body(STARTED, {})], "next_cursor": None},
    "started_order_import": import_body(replace(STARTED, total=None, position=0, new=0, refused=0), {}),
    "order_import_preview": preview_body(WAITING, _PREVIEW, "en"),
    "order_import_rows": {"data": [import_row_body(STARTED, _ROW, "en")], "next_cursor": None},
}
