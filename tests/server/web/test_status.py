"""``/api/status``, health, readiness, info, cooperatives."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

import energy_logger_server
from energy_logger_server.domain.collecting.problems import Problem, ProblemCode
from energy_logger_server.domain.collecting.runs import (
    Failure,
    Outcome,
    Source,
    Trigger,
)
from energy_logger_server.domain.collecting.status import (
    CallBudgetStatus,
    CollectingStatus,
    CycleTimes,
)
from energy_logger_server.web.http.answer_types import field_names
from energy_logger_server.web.routes.status.answers import OutcomesAnswer
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.store.material import (
    SITE_ID,
    TODAY,
    ends_of_day,
    price,
    prices_read,
    site,
    sites_read,
    usage_read,
)
from tests.server.store.material import usage as usage_of
from tests.server.web.answers import areas, grid, recording, table
from tests.server.web.conftest import Api

HOUR = 3600
PLAIN = (100.0, -20.0, -0.98)


async def test_health_answers_without_the_database(
    api: Api, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(api.store, "read", None)

    assert await api.get("/api/health", key=None) == {
        "status": "healthy",
        "timestamp": "2026-01-04T09:09:00+00:00",
        "version": energy_logger_server.__version__,
    }


async def test_info_names_version_schema_and_instance(api: Api):
    info = await api.get("/api/info", key=None)

    assert info["version"] == energy_logger_server.__version__
    assert info["schema_version"] == api.store.schema_version
    assert len(info["instance_id"]) >= 32


async def test_a_server_whose_parts_are_up_is_ready(api: Api):
    api.collecting.set_up(Source.KAMO, Source.AMBER)

    assert await api.get("/api/ready", key=None) == {"status": "ready"}


async def test_a_key_that_the_utility_refuses_does_not_make_a_server_unready(api: Api):
    api.collecting.set_up(Source.AMBER, refused_since=RECORDED_AT)

    assert await api.get("/api/ready", key=None) == {"status": "ready"}


async def test_a_server_whose_clients_are_not_up_says_which(api: Api):
    api.collecting.set_up(Source.KAMO, is_started=False)

    status, error = await api.error("/api/ready", key=None)

    assert (status, error["code"]) == (503, "not_ready")
    assert error["reasons"] == ["the client of kamo has not been started"]


async def test_a_server_whose_database_was_replaced_is_not_ready(
    api: Api, tmp_path: Path
):
    engine = create_engine(f"sqlite:///{tmp_path / 'energy.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
    engine.dispose()

    status, error = await api.error("/api/ready", key=None)

    assert status == 503
    assert error["message"] == "the database is not the one that this server opened"


async def test_a_server_whose_database_is_damaged_is_not_ready(
    api: Api, tmp_path: Path
):
    engine = create_engine(f"sqlite:///{tmp_path / 'energy.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    engine.dispose()

    status, error = await api.error("/api/ready", key=None)

    assert (status, error["reasons"]) == (503, ["the database does not answer"])


async def test_cooperatives_are_listed_by_name(api: Api):
    await api.collector.run(areas())

    listed = await api.get("/api/cooperatives", key=None)

    assert listed[0] == {
        "id": 3,
        "name": "Barry Electric Cooperative",
        "abbreviation": "BAEC",
        "is_aggregate": False,
    }
    assert [one["name"] for one in listed] == sorted(one["name"] for one in listed)
    assert {one["id"] for one in listed if one["is_aggregate"]} == {18, 19, 20}


async def test_a_fresh_install_is_healthy_and_knows_no_rate(api: Api):
    status = await api.get("/api/status", key=None)

    assert status["status"] == "healthy"
    assert status["success_rate_24h"] is None
    assert (status["imports_last_24h"], status["last_import"]) == (0, None)
    assert status["last_successful_import"] is None
    assert status["database_stats"]["total_load_records"] == 0
    assert status["database_stats"]["oldest_record"] is None
    assert status["database_stats"]["database_size_mb"] > 0


async def test_the_status_counts_what_is_stored(api: Api):
    ends = ends_of_day(TODAY, 30)
    await api.collector.run(*recording())
    await api.collector.run(
        sites_read(site()),
        prices_read([price(end) for end in ends]),
        usage_read([usage_of(end) for end in ends[:2]], (TODAY, TODAY)),
        source=Source.AMBER,
    )

    stats = (await api.get("/api/status", key=None))["database_stats"]

    stats.pop("database_size_mb")
    assert stats == {
        "total_load_records": 108,
        "total_substation_records": 164,
        "total_cooperatives": 20,
        "total_substations": 164,
        "total_sites": 1,
        "total_price_records": 48,
        "total_usage_records": 2,
        "oldest_record": "2026-01-03T14:30:00+00:00",
        "newest_record": "2026-01-04T14:00:00+00:00",
    }


async def test_rows_of_days_long_over_are_counted_with_todays(api: Api):
    for days in (400, 3, 2, 1, 0):
        at = RECORDED_AT - timedelta(days=days)
        await api.collector.run(
            areas(), grid(1, {at: 5}, at=at), table(1, at, {"North": PLAIN})
        )

    before = (await api.get("/api/status"))["database_stats"]
    late = RECORDED_AT - timedelta(days=100)
    await api.collector.run(table(2, late, {"East": PLAIN, "West": PLAIN}))
    soon = (await api.get("/api/status"))["database_stats"]
    api.clock.advance(HOUR + 1)
    later = (await api.get("/api/status"))["database_stats"]

    assert before["total_load_records"] == before["total_substation_records"] == 5
    assert soon["total_substation_records"] == 5
    assert later["total_substation_records"] == 7


async def test_the_success_rate_covers_exactly_the_last_24_hours(api: Api):
    await api.collector.run(outcome=Outcome.FAILED)
    api.clock.advance(1)
    await api.collector.run(outcome=Outcome.FAILED)
    api.clock.advance(12 * HOUR)
    for outcome in (Outcome.SUCCESS, Outcome.SUCCESS, Outcome.PARTIAL):
        await api.collector.run(outcome=outcome)
    api.clock.advance(12 * HOUR - 1)

    status = await api.get("/api/status", key=None)

    assert (status["imports_last_24h"], status["success_rate_24h"]) == (4, 50.0)
    assert status["outcomes_24h"] == {
        "success": 2,
        "partial": 1,
        "failed": 1,
        "interrupted": 0,
    }


def test_every_way_in_which_a_run_ends_is_counted():
    ends = [one.value for one in Outcome if one is not Outcome.RUNNING]

    assert [*field_names(OutcomesAnswer)] == ends


async def test_the_weekly_rate_covers_exactly_the_last_seven_days(api: Api):
    await api.collector.run(outcome=Outcome.FAILED)
    api.clock.advance(1)
    await api.collector.run(outcome=Outcome.FAILED)
    api.clock.advance(3 * 24 * HOUR)
    for outcome in (Outcome.SUCCESS, Outcome.SUCCESS, Outcome.PARTIAL):
        await api.collector.run(outcome=outcome)
    await api.store.begin_run(Source.KAMO, Trigger.TICK, 5)
    api.clock.advance(4 * 24 * HOUR - 1)

    status = await api.get("/api/status", key=None)

    assert (status["imports_last_7d"], status["success_rate_7d"]) == (5, 50.0)
    assert (status["imports_last_24h"], status["success_rate_24h"]) == (0, None)


async def test_cooperatives_can_be_had_as_a_table(api: Api):
    await api.collector.run(areas())

    answer = await api.ask("/api/cooperatives?format=csv", key=None)

    lines = (await answer.text()).split("\r\n")
    assert lines[:2] == [
        "id,name,abbreviation,is_aggregate",
        "3,Barry Electric Cooperative,BAEC,false",
    ]


async def test_a_day_with_more_runs_than_one_read_holds_is_counted_whole(api: Api):
    for _number in range(502):
        await api.collector.run()

    status = await api.get("/api/status", key=None)

    assert (status["imports_last_24h"], status["success_rate_24h"]) == (502, 100.0)


@pytest.mark.parametrize(
    ("outcomes", "health"),
    [
        ((Outcome.FAILED, Outcome.SUCCESS), "healthy"),
        ((Outcome.SUCCESS, Outcome.PARTIAL), "degraded"),
        ((Outcome.SUCCESS, Outcome.FAILED), "degraded"),
        ((Outcome.SUCCESS, Outcome.FAILED, Outcome.FAILED), "unhealthy"),
        ((Outcome.PARTIAL, Outcome.PARTIAL), "degraded"),
    ],
)
async def test_health_follows_the_runs(
    api: Api, outcomes: tuple[Outcome, ...], health: str
):
    for outcome in outcomes:
        await api.collector.run(outcome=outcome)

    assert (await api.get("/api/status", key=None))["status"] == health


async def test_a_run_under_way_is_the_last_import_and_no_failure(api: Api):
    await api.collector.run(seconds=2)
    await api.store.begin_run(Source.KAMO, Trigger.TICK, 5)

    status = await api.get("/api/status", key=None)

    assert (status["status"], status["imports_last_24h"]) == ("healthy", 2)
    assert (status["last_import"]["status"], status["success_rate_24h"]) == (
        "running",
        100.0,
    )
    assert status["last_import"]["completed_at"] is None
    assert status["last_successful_import"] == "2026-01-04T09:09:02+00:00"


async def test_the_last_import_tells_what_it_brought(api: Api):
    await api.collector.run(*recording(), seconds=1.5)

    last = (await api.get("/api/status", key=None))["last_import"]

    assert last == {
        "id": 1,
        "source": "kamo",
        "trigger": "tick",
        "started_at": "2026-01-04T09:09:00+00:00",
        "completed_at": "2026-01-04T09:09:01+00:00",
        "status": "success",
        "load_records_imported": 108,
        "load_records_skipped": 0,
        "substation_records_imported": 164,
        "substation_records_skipped": 0,
        "price_records_imported": 0,
        "price_records_skipped": 0,
        "usage_records_imported": 0,
        "usage_records_skipped": 0,
        "error_message": None,
        "duration_seconds": 1.5,
    }


async def test_a_failure_is_reported_without_naming_the_household(api: Api):
    failures = [
        Failure(f"price/{SITE_ID}", "unreachable", f"amber /sites/{SITE_ID}/prices"),
        Failure(f"usage/{SITE_ID}", "refused", f"amber /sites/{SITE_ID}/usage"),
    ]
    await api.collector.run(
        sites_read(site()), source=Source.AMBER, failures=failures, series_total=5
    )

    answer = await api.ask("/api/status", key=None)

    body = await answer.json()
    assert body["last_import"]["error_message"] == (
        "2 of 5 series failed: refused, unreachable"
    )
    assert SITE_ID not in await answer.text()
    assert str(site()["nmi"]) not in await answer.text()


async def test_an_interrupted_run_says_so(api: Api):
    await api.collector.run(outcome=Outcome.INTERRUPTED)

    last = (await api.get("/api/status", key=None))["last_import"]

    assert last["error_message"] == "the server stopped before the run ended"


async def test_the_status_shows_collecting_from_outside(api: Api):
    api.collecting.status = CollectingStatus(
        call_budget=(
            CallBudgetStatus(
                counter="price",
                limit=50,
                remaining=31,
                resets_at=RECORDED_AT + timedelta(seconds=90),
                blocked_until=None,
                calls_made=19,
            ),
        )
    )
    api.collecting.set_up(
        Source.AMBER,
        next_tick_at=RECORDED_AT + timedelta(minutes=1),
        refused_since=RECORDED_AT,
        ticks_skipped=2,
        cycle_times=CycleTimes(count=3, last_s=0.5, p50_s=0.4, max_s=1.25),
        clock_difference_s=-300.0,
        problems=(
            Problem(
                ProblemCode.FORECASTS_MISSING, "Amber gives no forecasts.", RECORDED_AT
            ),
        ),
    )
    api.clock.advance(61)

    status = await api.get("/api/status", key=None)

    assert status["sources"] == {
        "amber": {
            "interval_minutes": 5,
            "is_running": False,
            "next_tick_at": "2026-01-04T09:10:00+00:00",
            "refused_since": "2026-01-04T09:09:00+00:00",
            "ticks_skipped": 2,
            "cycle_seconds": {"count": 3, "last": 0.5, "p50": 0.4, "max": 1.25},
            "clock_difference_seconds": -300.0,
            "problems": [
                {
                    "code": "forecasts_missing",
                    "message": "Amber gives no forecasts.",
                    "since": "2026-01-04T09:09:00+00:00",
                }
            ],
        }
    }
    assert status["call_budget"] == {
        "price": {
            "limit": 50,
            "remaining": 31,
            "resets_at": "2026-01-04T09:10:30+00:00",
            "blocked_until": None,
            "calls_made": 19,
        }
    }
    assert status["uptime_seconds"] == 61.0
    assert (status["poll_interval_minutes"], status["notifications_enabled"]) == (
        5,
        False,
    )
