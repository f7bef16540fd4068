"""The samples of /metrics."""

from dataclasses import replace

from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from app import clock
from app.records.api_key import Scope
from app.service.callers import Callers
from app.service.monitoring import Monitor
from tests.storefront import Storefront, new_key


async def metrics(shop: Storefront, service: FastAPI) -> str:
    database = service.state.app_state.database
    callers = Callers(database, remember_seconds=0)
    before = service.state.app_state
    service.state.app_state = replace(before, callers=callers, monitor=Monitor(clock.elapsed))
    _, token = await new_key(database, shop.clock(), frozenset({Scope.METRICS_READ}), shop.merchant_id)
    answer = await shop.http.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    service.state.app_state = before
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return answer.text


async def metric_of(shop: Storefront, service: FastAPI, sample: str, **labels: str) -> float:
    """The sum of a sample over all series with these labels, since the process began."""
    return sum(
        series.value
        for family in text_string_to_metric_families(await metrics(shop, service))
        for series in family.samples
        if series.name == sample and labels.items() <= series.labels.items()
    )
