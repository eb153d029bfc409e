"""Shapes of the answers about costs.

Export credit is positive when you earn; net cost is import cost less export credit,
negative when you are left with a credit. Money is given in AUD and in cents, with all
the digits that upstream gives.
"""

import voluptuous as vol

from energy_logger_server.domain.load.peaks import Period
from energy_logger_server.web.datasets.columns import PRICED, shapes_of
from energy_logger_server.web.datasets.costs import REGISTER
from energy_logger_server.web.datasets.nem_dates import Day
from energy_logger_server.web.http.checks import MAYBE_NUMBER, NUMBER, TIME, OneOf

_COUNT = vol.Any(int, None)

MONEY = {
    vol.Required("import_kwh", description="Drawn from the grid."): NUMBER,
    vol.Required("export_kwh", description="Fed in, positive."): NUMBER,
    vol.Required(
        "import_cost_aud",
        description=f"AUD, GST included, negative under negative prices: {PRICED}",
    ): MAYBE_NUMBER,
    vol.Required(
        "export_credit_aud",
        description="AUD, positive when you earn; negative when you pay to export.",
    ): MAYBE_NUMBER,
    vol.Required(
        "net_cost_aud", description="AUD: import cost less export credit."
    ): MAYBE_NUMBER,
    vol.Required("import_cost_cents"): MAYBE_NUMBER,
    vol.Required("export_credit_cents"): MAYBE_NUMBER,
    vol.Required("net_cost_cents"): MAYBE_NUMBER,
}

_SHARE = {
    vol.Required(
        "estimated_share",
        description="Share of the covered time that may still be revised, 0 to 1.",
    ): MAYBE_NUMBER,
    vol.Required(
        "unpriced_share",
        description="Share of the covered time whose cost upstream does not know, 0 to "
        "1: no sum of money holds it.",
    ): MAYBE_NUMBER,
}

_REGISTERS = {
    vol.Required("registers", description="Those with usage."): [
        vol.Schema(shapes_of(REGISTER))
    ]
}

_PERIOD = vol.Schema(
    {
        vol.Required(
            "date", description="The NEM date, or the first of the month or year."
        ): Day(),
        vol.Required("days", description="NEM dates of it that were asked for."): int,
        vol.Required("days_with_data"): int,
        vol.Required("days_complete"): int,
        vol.Required(
            "is_complete",
            description="Whether no register lacks a minute of the days asked for.",
        ): bool,
        **_SHARE,
        **MONEY,
        **_REGISTERS,
    }
)

DAILY = vol.Schema(
    {
        vol.Required("site_id"): str,
        vol.Required("period"): OneOf(Period),
        vol.Required("data", description="In ascending order."): [_PERIOD],
        vol.Required("count"): int,
    }
)

_BY_DAY = "Null where hours were asked for."

SUMMARY = vol.Schema(
    {
        vol.Required("site_id"): str,
        vol.Required("starts_at", description="NEM time."): TIME,
        vol.Required("ends_at", description="NEM time."): TIME,
        vol.Required("days_with_data", description=_BY_DAY): _COUNT,
        vol.Required("days_complete", description=_BY_DAY): _COUNT,
        vol.Required("is_complete", description=_BY_DAY): vol.Any(bool, None),
        **MONEY,
        vol.Required(
            "covered_days", description="Minutes of the best covered register / 1440."
        ): NUMBER,
        **_SHARE,
        vol.Required(
            "net_cost_aud_per_day", description="Per covered day."
        ): MAYBE_NUMBER,
        vol.Required("import_kwh_per_day", description="Per covered day."): (
            MAYBE_NUMBER
        ),
        vol.Required("export_kwh_per_day", description="Per covered day."): (
            MAYBE_NUMBER
        ),
        vol.Required("import_aud_per_kwh", description="What a kWh costs."): (
            MAYBE_NUMBER
        ),
        vol.Required("export_aud_per_kwh", description="What a kWh earns."): (
            MAYBE_NUMBER
        ),
        **_REGISTERS,
    }
)
