"""`python -m tests.bench.reports`: the reports of one merchant with 1,000,000 claims over two years, over HTTP.

The sums are filled by SQL from a million random claims: 500 products of which few have most claims, four kinds, eight
reasons, two versions of a policy, and times that are spread over minutes to weeks. The time is that of one request at a
time: the median and the longest of some. PostgreSQL is durable and has a server of its own."""

import argparse
import asyncio
import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import httpx

from app.service.reports.entries import STEPS_OF_POLICIES
from app.service.reports.report_kinds import REPORTS
from app.store.migrate import upgrade
from app.store.report_spans import SPANS
from tests.bench.search import _headers, _new_merchant
from tests.bench.served import served
from tests.postgres import running_postgres

RANGES = {
    "28 days": ("2026-05-03", "2026-05-30"),
    "two years, less a day": ("2024-06-02", "2026-05-31"),
    "two years, far from whole spans": ("2024-06-06", "2026-05-15"),
    "three months across a year": ("2024-11-06", "2025-02-14"),
}
_CLAIMS = """
CREATE TABLE made AS
SELECT date '2024-06-01' + (random() * 729)::int AS day,
    (ARRAY['return', 'return', 'return', 'cancel', 'cancel', 'exchange', 'refund'])[1 + floor(random() * 7)::int]
        AS kind,
    (ARRAY['change_of_mind', 'size_or_color', 'defective', 'wrong_item', 'not_as_described', 'missing_item',
        'delayed_delivery', 'not_satisfied'])[1 + floor(random() ^ 2 * 8)::int] AS reason,
    'SKU-' || floor(random() ^ 3 * 500)::int AS sku,
    (ARRAY['shop@1', 'shop@2'])[1 + floor(random() * 2)::int] AS policy,
    floor(exp(random() * 8))::int AS answer, floor(exp(random() * 9))::int AS decision,
    floor(1000 + random() * 20000)::int AS goods, floor(exp(random() * 8))::int AS inspection,
    floor(exp(2 + random() * 7))::int AS money, floor(random() ^ 4 * 5)::int AS earlier
FROM generate_series(1, {claims})
"""
_FAULT = "CASE WHEN reason IN ('change_of_mind', 'size_or_color', 'not_satisfied') THEN 'buyer' ELSE 'seller' END"
_ROUNDED = "{0} - {0} % (CASE WHEN {0} < 1000 THEN 1 WHEN {0} < 10000 THEN 10 WHEN {0} < 100000 THEN 100 ELSE 1000 END)"
_NONE = "''"


def _measure(name: str, where: str = "true", **dimensions: str) -> tuple[str, str, dict[str, str]]:
    return name, where, dimensions


_STEPS = {
    "first_answer": "answer",
    "decision": "decision",
    "goods": "goods",
    "inspection": "inspection",
    "money": "money",
}
_TIMES: dict[str, dict[str, str]] = {
    "times": {},
    "times_of_kinds": {"kind": "kind"},
    "times_of_policies": {"policy": "policy"},
}
MEASURES = (
    _measure("claims", kind="kind", reason="reason", fault=_FAULT, policy="policy"),
    _measure("products", kind="kind", sku="sku"),
    _measure("product_reasons", kind="kind", reason="reason", fault=_FAULT, sku="sku"),
    _measure("repeats", kind="kind", value="earlier"),
    _measure("answers", kind="kind", policy="policy", value="(decision > 4000)::int"),
    _measure("payments", kind="kind", policy="policy", value="(money > 5000)::int"),
    _measure("costs", kind="kind", label="'refunded:KRW'"),
    _measure("costs", "answer % 3 = 0", kind="kind", label="'fees:KRW'"),
    _measure("offers", "answer % 5 = 0", kind="kind", label="'store_credit:KRW:accepted'"),
    _measure("offers", "answer % 7 = 0", kind="kind", label="'exchange:KRW:declined'"),
    _measure("kept", "answer % 5 = 0", kind="kind", label="'store_credit:KRW'"),
    _measure("orders"),
    _measure("sold", sku="sku"),
    *(
        _measure(
            name,
            "true" if step in ("first_answer", "decision", "money") else "kind IN ('return', 'exchange')",
            **given,
            label=f"'{step}'",
            value=_ROUNDED.format(column),
        )
        for step, column in _STEPS.items()
        for name, given in _TIMES.items()
        if name != "times_of_policies" or step in STEPS_OF_POLICIES
    ),
)
"""What each claim adds, as `app.service.reports.entries` defines it. An order stands for each claim."""


_LONGER = {
    "third": "date_trunc('month', from_on)::date + 10 * least(2, (extract(day FROM from_on)::int - 1) / 10)",
    **{span: f"date_trunc('{span}', from_on)::date" for span in ("month", "quarter", "year")},
}
_KEY = "kind, reason, fault, sku, policy, label, value"


def fill(merchant: str) -> list[str]:
    """The days from the claims, and each longer span from the span before. The rows stand in the order of their days,
    as a worker writes them."""
    statements = ["CREATE UNLOGGED TABLE unordered (LIKE report_sums)"]
    for name, where, given in MEASURES:
        words = ("kind", "reason", "fault", "sku", "policy", "label")
        columns = [given.get(word, _NONE) for word in words] + [given.get("value", "0")]
        statements.append(
            f"INSERT INTO unordered SELECT '{merchant}', '{name}', 'day', day, {', '.join(columns)},"
            f" count(*), 100 * count(*) FROM made WHERE {where} GROUP BY 4, 5, 6, 7, 8, 9, 10, 11"
        )
    for shorter, (span, first) in zip(SPANS, _LONGER.items(), strict=False):
        statements.append(
            f"INSERT INTO unordered SELECT merchant_id, measure, '{span}', {first}, {_KEY}, sum(number), sum(amount)"
            f" FROM unordered WHERE span = '{shorter}' GROUP BY 1, 2, 4, 5, 6, 7, 8, 9, 10, 11"
        )
    ordered = "INSERT INTO report_sums SELECT * FROM unordered ORDER BY from_on, random()"
    return [*statements, ordered, "DROP TABLE unordered", "VACUUM ANALYZE report_sums"]


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.reports", description=__doc__)
    options.add_argument("--claims", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=9, help="how often each report is read")
    chosen = options.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="recourse-bench-")))
        server = stack.enter_context(running_postgres(shared_buffers="512MB"))
        server.sql("CREATE DATABASE bench")
        url = server.url_of("bench")
        upgrade(url)
        merchant, token = asyncio.run(_new_merchant(url))
        for statement in (_CLAIMS.format(claims=chosen.claims), *fill(merchant)):
            server.sql(statement, database="bench")
        with served(url, folder) as base:
            _read(base, token, chosen.rounds)
    print(f"load of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")


def _read(base: str, token: str, rounds: int) -> None:
    with httpx.Client(base_url=base, headers=_headers(token), timeout=60) as http:
        for stretch, (from_on, to_on) in RANGES.items():
            for name in REPORTS:
                times = []
                for _ in range(rounds + 1):  # the first compiles the statement
                    began = time.perf_counter()
                    http.get(f"/v1/reports/{name}", params={"from_on": from_on, "to_on": to_on}).raise_for_status()
                    times.append(1000 * (time.perf_counter() - began))
                print(
                    f"{stretch:<32} {name:<16} {median(times[1:]):>7.1f} ms, longest {max(times[1:]):>7.1f}", flush=True
                )


if __name__ == "__main__":
    main()
