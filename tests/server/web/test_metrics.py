"""``/metrics``: what Prometheus reads is what the store and the collectors say."""

from dataclasses import replace
from datetime import timedelta

import prometheus_client
import pytest
from prometheus_client import parser
from prometheus_client.openmetrics import parser as open_metrics_parser

from energy_logger_server import __version__
from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillProgress,
    BackfillState,
    BackfillStatus,
)
from energy_logger_server.domain.collecting.problems import Problem, ProblemCode
from energy_logger_server.domain.collecting.runs import Outcome, Source
from energy_logger_server.domain.collecting.status import CallBudgetStatus, CycleTimes
from energy_logger_simulator.kamo.recording import RECORDED_AT, recorded_grids
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
from tests.server.web.answers import recording
from tests.server.web.conftest import KEY, Api

type Samples = dict[str, dict[tuple[str, ...], float]]


def samples_of(text: str) -> Samples:
    """Values by name, then by the labels' values in order of their names."""
    found: Samples = {}
    for family in parser.text_string_to_metric_families(text):
        for sample in family.samples:
            labels = tuple(value for _name, value in sorted(sample.labels.items()))
            assert labels not in found.setdefault(sample.name, {})
            found[sample.name][labels] = sample.value
    return found


async def scrape(api: Api) -> Samples:
    answer = await api.ask("/metrics")
    assert answer.status == 200
    return samples_of(await answer.text())


async def test_an_empty_server_tells_versions_and_nothing_it_does_not_know(api: Api):
    metrics = await scrape(api)

    assert metrics["energy_logger_build_info"] == {
        (api.store.schema_version, __version__): 1
    }
    assert metrics["energy_logger_start_time_seconds"] == {(): RECORDED_AT.timestamp()}
    assert metrics["energy_logger_records"] == {
        (kind,): 0 for kind in ("load", "substation", "price", "usage")
    }
    assert metrics["energy_logger_database_size_bytes"][()] > 0
    for name in ("newest_record_age_seconds", "price_aud_per_kwh", "up"):
        assert f"energy_logger_{name}" not in metrics


async def test_records_and_ages_are_those_of_the_store(api: Api):
    await api.collector.run(*recording())
    ends = ends_of_day(TODAY, 30)
    await api.collector.run(
        sites_read(site(), at=RECORDED_AT),
        prices_read([price(end) for end in ends[:30]], at=RECORDED_AT),
        usage_read([usage_of(end) for end in ends[:7]], (TODAY, TODAY), at=RECORDED_AT),
        source=Source.AMBER,
    )
    api.clock.advance(90)

    metrics = await scrape(api)

    stats = (await api.get("/api/status"))["database_stats"]
    assert metrics["energy_logger_records"] == {
        ("load",): stats["total_load_records"],
        ("substation",): stats["total_substation_records"],
        ("price",): 30,
        ("usage",): 7,
    }
    assert stats["total_load_records"] > 0
    assert metrics["energy_logger_sites"] == {(): 1}
    assert metrics["energy_logger_areas"] == {(): stats["total_cooperatives"]}
    assert metrics["energy_logger_substations"] == {(): stats["total_substations"]}
    ages = metrics["energy_logger_last_fetch_age_seconds"]
    assert ages["area", ""] == ages["load", "1"] == 90
    assert ages["price", SITE_ID] == ages["usage", SITE_ID] == 90
    assert metrics["energy_logger_newest_record_age_seconds"][()] >= 0


async def test_the_present_price_and_load_are_reported_where_there_is_one(api: Api):
    await api.collector.run(*recording())
    ends = ends_of_day(TODAY, 30)
    records = [price(end, cents=31.5) for end in ends]
    records += [price(end, cents=-12.5, channelType="feedIn") for end in ends]
    await api.collector.run(sites_read(site()), prices_read(records))

    metrics = await scrape(api)

    assert metrics["energy_logger_price_aud_per_kwh"] == {
        ("general", SITE_ID): 0.315,
        ("feedIn", SITE_ID): 0.125,
    }
    assert metrics["energy_logger_spot_price_aud_per_kwh"]["general", SITE_ID] == 0.0825
    loads = metrics["energy_logger_area_load_kilowatts"]
    assert len(loads) == len(recorded_grids())
    for (number, name), load_kw in loads.items():
        current = await api.get(f"/api/load/current/{number}")
        assert (name, load_kw) == (current["area_name"], current["load_kw"])


async def test_a_load_that_is_hours_old_is_not_the_present_one(api: Api):
    await api.collector.run(*recording())
    api.clock.advance(3 * 3600)

    assert "energy_logger_area_load_kilowatts" not in await scrape(api)


async def test_runs_of_the_last_day_are_counted_by_source_and_outcome(api: Api):
    await api.collector.run()
    api.clock.advance(24 * 3600 - 1)
    await api.collector.run()
    await api.collector.run(source=Source.AMBER, outcome=Outcome.FAILED)
    await api.collector.run(source=Source.AMBER, outcome=Outcome.FAILED)
    api.clock.advance(2)

    assert (await scrape(api))["energy_logger_recent_runs"] == {
        ("success", "kamo"): 1,
        ("failed", "amber"): 2,
    }


async def test_sources_and_calls_are_those_of_collecting(api: Api):
    times = CycleTimes(count=12, last_s=1.5, p50_s=1.25, max_s=7.5)
    api.collecting.set_up(Source.KAMO, cycle_times=times, ticks_skipped=3)
    api.collecting.set_up(Source.AMBER, refused_since=RECORDED_AT, is_running=True)
    budget = CallBudgetStatus("price", 50, 35, None, None, 15)
    api.collecting.status = replace(api.collecting.status, call_budget=(budget,))

    metrics = await scrape(api)

    def of_kamo(name: str) -> float:
        return metrics[f"energy_logger_{name}"]["kamo",]

    assert metrics["energy_logger_up"] == {("kamo",): 1, ("amber",): 0}
    assert metrics["energy_logger_run_in_progress"] == {("kamo",): 0, ("amber",): 1}
    assert of_kamo("poll_interval_seconds") == 300
    assert of_kamo("cycle_last_seconds") == 1.5
    assert of_kamo("cycle_median_seconds") == 1.25
    assert of_kamo("cycle_max_seconds") == 7.5
    assert of_kamo("cycles_total") == 12
    assert of_kamo("ticks_skipped_total") == 3
    assert ("amber",) not in metrics["energy_logger_cycle_last_seconds"]
    assert metrics["energy_logger_call_budget_limit"] == {("price",): 50}
    assert metrics["energy_logger_call_budget_remaining"] == {("price",): 35}
    assert metrics["energy_logger_upstream_calls_total"] == {("price",): 15}


async def test_what_is_wrong_with_a_source_is_a_metric_that_an_alert_can_watch(
    api: Api,
):
    problem = Problem(ProblemCode.CLOCK_DIFFERS, "The clock is wrong.", RECORDED_AT)
    api.collecting.set_up(Source.KAMO, problems=(problem,), clock_difference_s=240.0)

    metrics = await scrape(api)

    of_kamo = metrics["energy_logger_problem"]
    assert {code for (code, _source), value in of_kamo.items() if value} == {
        "clock_differs"
    }
    assert len(of_kamo) == len(ProblemCode)
    assert metrics["energy_logger_clock_difference_seconds"] == {("kamo",): 240}


async def test_backfill_is_reported_by_state_and_windows(api: Api):
    api.collecting.backfill.stands = BackfillStatus(
        progress=BackfillProgress(
            state=BackfillState.WAITING,
            windows_done=10,
            windows_failed=2,
            windows_total=30,
            waiting_until=RECORDED_AT + timedelta(seconds=45),
        ),
        is_paused=True,
    )

    metrics = await scrape(api)

    states = metrics["energy_logger_backfill_state"]
    assert {state for (state,), value in states.items() if value} == {"waiting"}
    assert len(states) == 8
    assert metrics["energy_logger_backfill_windows"] == {
        ("read",): 8,
        ("failed",): 2,
        ("left",): 20,
    }
    assert metrics["energy_logger_backfill_paused"] == {(): 1}
    assert metrics["energy_logger_backfill_waits_seconds"] == {(): 45}


@pytest.mark.parametrize("has_backfill", [False])
async def test_without_a_token_backfill_is_not_set_up(api: Api):
    metrics = await scrape(api)

    states = metrics["energy_logger_backfill_state"]
    assert {state for (state,), value in states.items() if value} == {"not_set_up"}
    assert "energy_logger_backfill_windows" not in metrics


@pytest.mark.parametrize(
    "accept",
    [
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4",
        "application/openmetrics-text; version=none",
    ],
)
async def test_open_metrics_are_written_for_those_who_accept_them(
    api: Api, accept: str
):
    api.collecting.set_up(Source.KAMO)

    answer = await api.ask("/metrics", headers={"Accept": accept})

    assert answer.content_type == "application/openmetrics-text"
    text = await answer.text()
    families = {
        family.name: family.type
        for family in open_metrics_parser.text_string_to_metric_families(text)
    }
    assert families["energy_logger_ticks_skipped"] == "counter"
    assert text.endswith("# EOF\n")


async def test_everybody_else_gets_the_plain_text(api: Api):
    answer = await api.ask("/metrics", headers={"Accept": "*/*"})

    assert answer.headers["Content-Type"] == (
        "text/plain; version=0.0.4; charset=utf-8"
    )
    assert answer.headers["Cache-Control"] == "no-store"


async def test_every_metric_says_what_it_is(api: Api):
    answer = await api.ask("/metrics")

    families = [*parser.text_string_to_metric_families(await answer.text())]
    assert families
    for family in families:
        assert family.documentation
        assert family.type in ("gauge", "counter")


async def test_prometheus_shows_the_key_as_a_bearer(api: Api):
    bearer = {"Authorization": f"Bearer {KEY}"}

    assert (await api.ask("/metrics", key=None, headers=bearer)).status == 200
    assert (await api.ask("/metrics", key=None)).status == 401


async def test_a_scrape_leaves_nothing_in_the_registry_of_the_process(api: Api):
    def registered() -> set[str]:
        return {family.name for family in prometheus_client.REGISTRY.collect()}

    before = registered()
    await scrape(api)

    assert registered() == before
