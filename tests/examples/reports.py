"""A report, and the list of reports."""

from datetime import UTC, date, datetime
from typing import Any

from app.api.reports import report_list
from app.service.resources.report import FaultFigures, ReportBody

_JUNE = {"from_on": date(2026, 6, 1), "to_on": date(2026, 6, 30)}
_FAULTS = (
    FaultFigures(**_JUNE, fault="buyer", claims=31, share=0.62),
    FaultFigures(**_JUNE, fault="seller", claims=19, share=0.38),
)
_REPORT = ReportBody(
    name="faults",
    **_JUNE,
    time_zone="Asia/Seoul",
    counted_to_at=datetime(2026, 7, 1, 3, 0, tzinfo=UTC),
    recounting=False,
    truncated=False,
    rows=list(_FAULTS),
    before=None,
)
ANSWERS: dict[str, Any] = {
    "report": _REPORT.model_dump(mode="json"),
    "reports": report_list().model_dump(mode="json"),
}
