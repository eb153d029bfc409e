"""Energy and cost of a site's registers by period of their tariff, from the rows.

Rollups do not keep the period, so this reads every interval of the dates.
"""

from energy_logger_server.api.amber_models import Quality
from energy_logger_server.api.channels import ChannelType
from energy_logger_server.api.nem import day_number, nem_midnight
from energy_logger_server.domain.costs.costs import Dates, RegisterCost
from energy_logger_server.domain.costs.tariff import TariffCost
from energy_logger_server.store.codec.attributes import TariffColumns
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader

from .costs import CostSums, registers

# the rows of feed-in have upstream's sign, which is documented as negative
_ENERGY = (
    f"CASE WHEN a.channel_type = '{ChannelType.FEED_IN.value}'"
    " THEN abs(u.energy_e3) ELSE u.energy_e3 END"
)
_MINUTES = "u.duration_minutes"
_ESTIMATED = f"a.quality = '{Quality.ESTIMATED.value}'"
_UNPRICED = "u.cost_e4 IS NULL"
_PERIOD = ", ".join(f"a.{name}" for name in TariffColumns._fields)
_SUMS = {
    "intervals": "count(*)",
    "minutes": f"sum({_MINUTES})",
    "estimated_minutes": f"sum(CASE WHEN {_ESTIMATED} THEN {_MINUTES} ELSE 0 END)",
    "energy_e3": f"sum({_ENERGY})",
    "cost_e4": "coalesce(sum(u.cost_e4), 0)",
    "unpriced_minutes": f"sum(CASE WHEN {_UNPRICED} THEN {_MINUTES} ELSE 0 END)",
    "unpriced_energy_e3": f"sum(CASE WHEN {_UNPRICED} THEN {_ENERGY} ELSE 0 END)",
}
_OF_DATES = Query(
    f"""
SELECT {_PERIOD}, {", ".join(_SUMS[name] for name in CostSums._fields)}
FROM usage u JOIN interval_attributes a ON a.id = u.attributes_id
WHERE u.series_id = :series AND u.end_at > :begin AND u.end_at <= :end
GROUP BY {_PERIOD}
""",
    ("series", "begin", "end"),
)
_COLUMNS = len(TariffColumns._fields)


def tariff_costs(connection: Reader, site_id: str, dates: Dates) -> list[TariffCost]:
    """Return what each register has in each period of its tariff.

    Args:
        connection: A reader's.
        site_id: Whose.
        dates: First and last NEM date, both included.

    Returns:
        By register, the period with the most energy first.
    """
    begin = nem_midnight(day_number(dates[0]))
    end = nem_midnight(day_number(dates[1]) + 1)
    found = [
        _tariff_cost(
            TariffColumns._make(row[:_COLUMNS]),
            register.cost(CostSums._make(row[_COLUMNS:])),
        )
        for register in registers(connection, site_id)
        for row in _OF_DATES.all(connection, register.series_id, begin, end)
    ]
    return sorted(
        found, key=lambda one: (one.cost.identifier, -one.cost.energy_e3, repr(one))
    )


def _tariff_cost(period: TariffColumns, cost: RegisterCost) -> TariffCost:
    # SQLite has no truth values
    window = period.demand_window
    return TariffCost(
        period=period.tariff_period,
        season=period.tariff_season,
        block=period.tariff_block,
        is_demand_window=None if window is None else bool(window),
        cost=cost,
    )
