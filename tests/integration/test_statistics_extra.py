"""Hours of a mean that only Home Assistant has: it deletes a statistic as a whole."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from homeassistant.components.recorder.models import StatisticData
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.api.errors import SourceUnreachable
from custom_components.energy_logger.statistics.catalogue import SiteStatistics
from custom_components.energy_logger.statistics.feeds import Changes
from custom_components.energy_logger.statistics.hours import HOUR, Hours, Mean
from custom_components.energy_logger.statistics.importing import (
    AuditResult,
    AuditWay,
    StatisticsImport,
)
from custom_components.energy_logger.statistics.kept_progress import KeptProgress
from custom_components.energy_logger.statistics.recorded import metadata_of

pytestmark = pytest.mark.usefixtures("quiet_recorder")

PRICE = SiteStatistics("SITE", "Amber Ausgrid").price(ChannelType.GENERAL)
FIRST = datetime(2026, 3, 1, 14, tzinfo=UTC)
NOW = FIRST + timedelta(days=70)
MISSED = FIRST + timedelta(days=20)


@dataclass(slots=True)
class Prices:
    """A feed of one price: an hour is as dear as its place, but one that is missed.

    Attributes:
        forgets: Whether it can tell the last days only.
        fails: Which of the questions for hours are not answered, counted from 0.
        asked: How many there were.
    """

    forgets: bool = False
    fails: Collection[int] = ()
    asked: int = field(default=0, init=False)
    key: str = "price"
    is_whole: bool = False

    def audited_from(self, now: datetime, *, is_nightly: bool) -> datetime | None:
        """Return the bound."""
        is_bounded = self.forgets or is_nightly
        return now - timedelta(days=60) if is_bounded else None

    async def changes(self, cursor: str | None, now: datetime) -> Changes:  # noqa: ARG002 - it never grows
        """Return everything once."""
        return Changes(FIRST if cursor is None else None, "read")

    async def hours(self, start: datetime, end: datetime) -> Hours:
        """Return the hours of a span."""
        self.asked += 1
        if self.asked - 1 in self.fails:
            raise SourceUnreachable("server", "/", "away")
        found: dict[datetime, Mean] = {}
        while start < end:
            if start != MISSED:
                mean = (start - FIRST) / HOUR / 100
                found[start] = Mean(mean, mean, mean)
            start += HOUR
        return Hours(means={PRICE: found})


@dataclass(frozen=True, slots=True)
class PricesInRecorder:
    """What is tried here.

    Attributes:
        hass: Home Assistant.
    """

    hass: HomeAssistant

    async def imports(self, feed: Prices) -> StatisticsImport:
        """Return the import as after a start of Home Assistant."""
        kept = KeptProgress(self.hass, "entry")
        await kept.load("the-store")
        return StatisticsImport(self.hass, "amber_SITE", "Amber", [feed], kept)

    async def sync(self, feed: Prices) -> None:
        """Bring in what is new."""
        await (await self.imports(feed)).sync(NOW, lambda _share: None)

    async def repair(self, feed: Prices, **way: bool) -> AuditResult:
        """Write what is wrong."""
        imports = await self.imports(feed)
        return await imports.audit(NOW, AuditWay(repairs=True, **way))

    async def plant(self, at: datetime) -> None:
        """Write an hour as somebody else might."""
        data = [StatisticData(start=at, mean=9.0, min=9.0, max=9.0)]
        async_add_external_statistics(self.hass, metadata_of(PRICE), data)
        await async_wait_recording_done(self.hass)

    async def means(self) -> dict[datetime, float | None]:
        """Return what the recorder has."""
        found = await get_instance(self.hass).async_add_executor_job(
            partial(
                statistics_during_period,
                self.hass,
                FIRST - timedelta(days=400),
                None,
                {PRICE.id},
                "hour",
                None,
                {"mean"},
            )
        )
        return {
            datetime.fromtimestamp(row["start"], UTC): row["mean"]
            for row in found.get(PRICE.id, [])
        }


@pytest.fixture
def recorder(hass: HomeAssistant) -> PricesInRecorder:
    return PricesInRecorder(hass)


async def test_it_is_gone_after_a_repair_and_no_other_is(recorder: PricesInRecorder):
    await recorder.sync(Prices())
    right = await recorder.means()
    await recorder.plant(MISSED)

    found = await recorder.repair(Prices())

    assert [one.difference.hour for one in found.findings] == [MISSED]
    assert await recorder.means() == right
    assert len(right) == 70 * 24 - 1
    assert (await recorder.repair(Prices())).findings == ()


async def test_a_repair_that_is_cut_off_goes_on(recorder: PricesInRecorder):
    await recorder.sync(Prices())
    right = await recorder.means()
    await recorder.plant(MISSED)

    # three pages are compared, and one is written again
    with pytest.raises(SourceUnreachable):
        await recorder.repair(Prices(fails={4}))

    assert len(await recorder.means()) == 30 * 24 - 1
    await recorder.sync(Prices())
    assert await recorder.means() == right


@pytest.mark.parametrize(
    ("feed", "way"),
    [
        pytest.param(Prices(forgets=True), {}, id="the feed forgets"),
        pytest.param(Prices(), {"drops_extra": False}, id="an import of history"),
        pytest.param(Prices(), {"is_nightly": True}, id="nobody asked for all"),
    ],
)
async def test_it_stays_where_something_else_could_be_lost(
    recorder: PricesInRecorder, feed: Prices, way: dict[str, bool]
):
    await recorder.sync(feed)
    await recorder.plant(MISSED)

    await recorder.repair(feed, **way)

    assert (await recorder.means())[MISSED] == 9.0


async def test_it_stays_where_older_hours_would_go_with_it(recorder: PricesInRecorder):
    await recorder.sync(Prices())
    await recorder.plant(FIRST - HOUR)
    await recorder.plant(MISSED)
    before = await recorder.means()

    await recorder.repair(Prices())

    assert await recorder.means() == before
