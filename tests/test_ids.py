from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.service.ids import first_id, new_id

MOMENT = datetime(2026, 6, 8, 3, tzinfo=UTC)


def test_ids_of_one_moment_sort_as_they_were_made() -> None:
    ids = [new_id(MOMENT) for _ in range(1000)]
    assert ids == sorted(set(ids))


def test_a_later_moment_sorts_later() -> None:
    assert new_id(MOMENT) < new_id(MOMENT + timedelta(milliseconds=1))


def test_a_range_of_ids_is_a_range_of_time() -> None:
    assert first_id(MOMENT) <= new_id(MOMENT) < first_id(MOMENT + timedelta(milliseconds=1))


def test_an_id_is_a_uuid_of_version_7_that_has_its_moment() -> None:
    new = UUID(new_id(MOMENT))
    assert (new.version, new.int >> 80) == (7, int(MOMENT.timestamp() * 1000))
