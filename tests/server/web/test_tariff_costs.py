"""``/api/costs/tariff``: JSON, CSV and the dates."""

import csv
import io
from datetime import timedelta

from tests.server.store.material import SITE_ID, TODAY, YESTERDAY
from tests.server.web.amber_answers import day_of_usage, get_checked, store
from tests.server.web.conftest import Api

PATH = f"/api/costs/tariff/{SITE_ID}"


async def test_periods_are_listed_by_register_with_their_sums(api: Api):
    await store(api, day_of_usage(YESTERDAY))

    answer = await get_checked(api, PATH)

    feed_in, general = answer["data"]
    assert answer["site_id"] == SITE_ID
    assert answer["count"] == 2
    assert (feed_in["channel_identifier"], feed_in["tariff_period"]) == ("B1", None)
    assert feed_in["cost_aud"] == 2.400048
    assert (general["channel_identifier"], general["energy_kwh"]) == ("E1", 48.0)
    assert general["cost_aud"] == 9.84


async def test_a_table_has_the_same_rows(api: Api):
    await store(api, day_of_usage(YESTERDAY))
    answer = await get_checked(api, PATH)

    text = await (await api.ask(f"{PATH}?format=csv")).text()
    rows = [*csv.DictReader(io.StringIO(text, newline=""))]

    assert [row["channel_identifier"] for row in rows] == ["B1", "E1"]
    assert [float(row["energy_kwh"]) for row in rows] == [
        one["energy_kwh"] for one in answer["data"]
    ]
    assert rows[0]["tariff_period"] == ""


async def test_only_the_dates_asked_for_are_summed(api: Api):
    await store(api, *(day_of_usage(TODAY - timedelta(days=n)) for n in (1, 2, 40)))

    usual = await get_checked(api, PATH)
    one = await get_checked(api, f"{PATH}?start={YESTERDAY}&end={YESTERDAY}")
    everything = await get_checked(api, f"{PATH}?end={TODAY}")

    minutes = [answer["data"][1]["minutes"] for answer in (usual, one, everything)]
    assert minutes == [2880, 1440, 4320]
