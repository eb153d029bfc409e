"""What a demand bill is read from, on both databases."""

from datetime import UTC, date, datetime, timedelta

from energy_logger_server.api.central import central_label
from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.determinants.substation_peaks import SubstationDay
from energy_logger_server.domain.load.coincidence import MemberKind
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.store.kamo.areas import area_named
from energy_logger_server.store.kamo.coincidence import coincidence
from energy_logger_server.store.kamo.load_hours import load_history
from energy_logger_server.store.kamo.substation_days import substation_days
from tests.server.store.material import (
    area,
    areas_read,
    grid_of,
    substation_body,
    table_of,
    write,
)

PEAK_AT = datetime(2025, 12, 19, 13, tzinfo=UTC)
HOUR = timedelta(hours=1)
DECEMBER = day_number(date(2025, 12, 1)), day_number(date(2025, 12, 31))


async def fill(store) -> None:
    """Store two hours of two areas, and two readings of a substation in the last."""
    hours = [PEAK_AT - HOUR, PEAK_AT]
    grids = [
        grid_of(
            {
                "Id": number,
                "lineChartLabels": [central_label(hour) for hour in hours],
                "chartLineData": [{"label": "Actual", "data": [*loads]}],
            },
            number,
            at=PEAK_AT + 3 * HOUR,
        )
        for number, loads in ((1, (300.0, 400.0)), (2, (100.0, 100.0)))
    ]
    tables = [
        table_of(substation_body(1, {"North": (kw, 0.0, 1.0)}), 1, at=PEAK_AT + after)
        for kw, after in (
            (200.0, timedelta(0)),
            (260.0, timedelta(minutes=5)),
            (10.0, HOUR),
        )
    ]
    await write(store, areas_read([area(1), area(2)]), *grids)
    for one in tables:
        await write(store, one)


async def test_days_of_substations_have_their_peak_and_how_often_they_were_read(store):
    await fill(store)

    found = await store.read(substation_days, 1, DECEMBER)

    at = int((PEAK_AT + timedelta(minutes=5)).timestamp())
    assert found == [SubstationDay("North", PEAK_AT.date(), 2, 2600, at)]


async def test_the_hour_of_a_peak_is_shared_by_cooperatives_and_substations(store):
    await fill(store)
    whose = await store.read(area_named, "1")

    first, second, north = await store.read(coincidence, whose, DECEMBER)

    assert (first.load_kw, first.share, first.load_factor) == (400.0, 1.0, 0.875)
    assert (second.load_kw, second.coincidence_factor) == (100.0, 1.0)
    assert second.peak.hours_alike == 1
    # the mean of the hour, beside the highest reading
    assert (north.kind, north.load_kw) == (MemberKind.SUBSTATION, 230.0)
    assert (north.own_peak_kw, north.mean_kw) == (260.0, 230.0)


async def test_the_hours_of_an_area_that_are_over_are_a_history(store):
    await fill(store)
    hour = int(PEAK_AT.timestamp()) // 3600

    found = await store.read(load_history, 1)
    earlier = await store.read(load_history, 1, hour)
    later = await store.read(load_history, 1, hour + 3)

    assert found == LoadHistory(hour - 1, [300.0, 400.0])
    assert earlier == LoadHistory(hour - 1, [300.0])
    # what is not there yet is a gap
    assert later == LoadHistory(hour - 1, [300.0, 400.0, None, None])
    assert await store.read(load_history, 1, hour - 1) is None
    assert await store.read(load_history, 99) is None
