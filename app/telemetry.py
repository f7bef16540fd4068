"""Every metric of the service, declared here and nowhere else.

Label values come from closed sets (route templates, commands, codes) and never from a client, so that the number of
time series is bounded.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    multiprocess,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

disable_created_metrics()  # no `_created` series beside each series

HTTP_REQUESTS = Counter("recourse_http_requests_total", "HTTP requests answered.", ["method", "route", "status"])
HTTP_DURATION = Histogram(
    "recourse_http_request_duration_seconds",
    "Time from a request's first byte to the last byte of its answer.",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
HTTP_CONNECTIONS_CLOSED = Counter(
    "recourse_http_connections_closed_total", "Connections closed because of a limit.", ["reason"]
)
DECISIONS = Counter(
    "recourse_decisions_total", "Commands that the engine decided or refused.", ["command", "kind", "outcome", "origin"]
)
REFUSALS = Counter("recourse_refusals_total", "Reasons of refusals.", ["code"])
DB_CONNECTIONS = Gauge(
    "recourse_db_connections_in_use",
    "Connections to the database that a request or a job has.",
    multiprocess_mode="livesum",
)
DB_CONNECTIONS_MAX = Gauge(
    "recourse_db_connections_max",
    "Connections to the database that the processes may use together.",
    multiprocess_mode="livesum",
)
DB_CONNECTION_WAIT = Histogram(
    "recourse_db_connection_wait_seconds",
    "Time that callers waited for a connection to come free. Callers who did not wait are not counted.",
    buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
DB_RETRIES = Counter("recourse_db_retries_total", "Transactions that ran again after a conflict.")
EVENTS = Counter("recourse_events_total", "Events recorded.", ["type"])
DEADLINES_FIRED = Counter("recourse_deadlines_fired_total", "Deadlines that have fired.", ["name"])
DEADLINES_FAILED = Counter("recourse_deadlines_failed_total", "Deadlines postponed after an error.", ["subject"])
WITHDRAWALS_MATCHED = Counter(
    "recourse_withdrawals_matched_total", "Withdrawals that the worker has looked at.", ["outcome"]
)
DEADLINE_LAG = Histogram(
    "recourse_deadline_lag_seconds",
    "Time from a deadline to its firing.",
    buckets=(0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400),
)
FANNED_OUT = Counter("recourse_fanned_out_total", "Events that received their place in the feed.")
DELIVERIES = Counter("recourse_deliveries_total", "Attempts to deliver, by outcome.", ["outcome"])
DELIVERY_DURATION = Histogram(
    "recourse_delivery_duration_seconds",
    "Time until an endpoint answered or the attempt failed.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
)
CLOCK_JUMP = Gauge(
    "recourse_clock_jump_seconds",
    "How far the system clock has jumped ahead while it is not believed. 0 when it is believed.",
    multiprocess_mode="max",
)
JOB_FAILURES = Counter("recourse_job_failures_total", "Runs of a worker's job that failed.", ["loop"])


@dataclass(frozen=True, slots=True)
class AskedGauge:
    """A gauge of the whole service, which the database tells when somebody asks for the metrics. So the gauge is there,
    and is right, whichever process is dead. It has one label at most."""

    name: str
    documentation: str
    label: str | None = None


READY = AskedGauge("recourse_ready", "1 if /readyz would answer 200.")
TURN_AGE = AskedGauge("recourse_worker_last_turn_age_seconds", "Time since any worker's loop has last turned.", "loop")
TURN_MAX = AskedGauge(
    "recourse_worker_turn_max_seconds", "The longest time from turn to turn of a loop that is in order.", "loop"
)
WORKERS = AskedGauge("recourse_workers", "Workers at work, and workers that ended without a stop.", "state")
OUTBOX_AGE = AskedGauge("recourse_outbox_lag_seconds", "Age of the oldest event that is not in the feed yet.")
DEADLINE_AGE = AskedGauge("recourse_deadlines_due_age_seconds", "Time since the deadline due the longest was due.")
DELIVERY_AGE = AskedGauge(
    "recourse_deliveries_due_age_seconds",
    "Time since the delivery due the longest was due, to endpoints that are in order and have no rate.",
)
DELIVERIES_DUE = AskedGauge("recourse_deliveries_due", "Deliveries that are due, counted to 100,000.")
OVERDUE = AskedGauge("recourse_overdue", "Claims and refunds that are overdue.", "subject")
ENDPOINTS = AskedGauge("recourse_endpoints", "Endpoints of live merchants.", "state")
ASKED = (
    *(READY, TURN_AGE, TURN_MAX, WORKERS, OUTBOX_AGE, DEADLINE_AGE),
    *(DELIVERY_AGE, DELIVERIES_DUE, OVERDUE, ENDPOINTS),
)

Readings = Mapping[AskedGauge, Mapping[str, float]]
"""The values of each gauge by the value of its label, which is empty for a gauge without a label."""

METRICS_CONTENT_TYPE = CONTENT_TYPE_LATEST


def render_metrics(readings: Readings = MappingProxyType({})) -> bytes:
    """Every metric in the Prometheus text format. A gauge of which nothing could be read has no values.

    Each process counts for itself. With PROMETHEUS_MULTIPROC_DIR set, the Prometheus client keeps the counts in that
    directory, and the answer is the sum over all processes.
    """
    asked = CollectorRegistry()
    asked.register(_Asked(readings))
    return generate_latest(_of_processes()) + generate_latest(asked)


def _of_processes() -> CollectorRegistry:
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder is None:
        return REGISTRY
    _forget_the_dead(Path(folder))
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return registry


def _forget_the_dead(folder: Path) -> None:
    """A process that was killed has left its live gauges behind."""
    for file in folder.glob("gauge_live*_*.db"):
        process = int(file.stem.rpartition("_")[2])
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            multiprocess.mark_process_dead(process, str(folder))
        except PermissionError:
            pass  # it lives, and is somebody else's


class _Asked(Collector):
    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def collect(self) -> Iterator[Metric]:
        for gauge in ASKED:
            labels = [gauge.label] if gauge.label else []
            family = GaugeMetricFamily(gauge.name, gauge.documentation, labels=labels)
            for value, number in self._readings.get(gauge, {}).items():
                family.add_metric([value] if gauge.label else [], number)
            yield family
