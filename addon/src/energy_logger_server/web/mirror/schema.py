"""The shapes of the mirror's answers: the fields that the utilities document.

Fields that they do not document come out too. Sources: Amber OpenAPI 2.0.0; recorded
KAMO answers.
"""

import voluptuous as vol

from energy_logger_server.web.http.checks import MAYBE_NUMBER, MAYBE_TEXT, NUMBER

type _Fields = dict[vol.Marker, object]


def _object(fields: _Fields) -> vol.Schema:
    return vol.Schema(fields, extra=vol.ALLOW_EXTRA)


_TARIFF = _object(
    {
        vol.Optional("period", description="offPeak, shoulder, solarSponge, peak"): str,
        vol.Optional("season"): str,
        vol.Optional("block", description="step of a block tariff"): int,
        vol.Optional(
            "demandWindow", description="whether use counts for the demand charge"
        ): bool,
    }
)

# a record without these would not have been stored
_KEPT: _Fields = {
    vol.Required("duration", description="minutes"): int,
    vol.Required("channelType", description="general, controlledLoad, feedIn"): str,
}
_CENTS = "c/kWh, with GST on import; on feedIn negative when you are paid"
_INTERVAL: _Fields = {
    **_KEPT,
    vol.Optional("date", description="NEM date of the start"): str,
    vol.Optional("startTime", description="UTC, one second after the start"): str,
    vol.Optional("endTime", description="UTC"): str,
    vol.Optional("nemTime", description="end of the interval, +10:00"): str,
    vol.Optional("spotPerKwh", description="c/kWh with GST"): MAYBE_NUMBER,
    vol.Optional("renewables", description="per cent of the grid"): MAYBE_NUMBER,
    vol.Optional("spikeStatus", description="none, potential, spike"): MAYBE_TEXT,
    vol.Optional("descriptor", description="extremelyLow to spike"): MAYBE_TEXT,
    vol.Optional("tariffInformation"): vol.Any(_TARIFF, None),
}

SITES = [
    _object(
        {
            vol.Required("id"): str,
            vol.Optional("nmi", description="national metering identifier"): MAYBE_TEXT,
            vol.Optional("channels"): [
                _object(
                    {
                        vol.Required("identifier", description="register"): str,
                        vol.Required("type"): str,
                        vol.Optional(
                            "tariff", description="network's code"
                        ): MAYBE_TEXT,
                    }
                )
            ],
            vol.Optional("network", description="distributor"): MAYBE_TEXT,
            vol.Optional("status", description="pending, active, closed"): MAYBE_TEXT,
            vol.Optional("activeFrom", description="date"): MAYBE_TEXT,
            vol.Optional("closedOn", description="date"): MAYBE_TEXT,
            vol.Optional(
                "intervalLength", description="minutes, 5 or 30"
            ): MAYBE_NUMBER,
        }
    )
]

PRICES = [
    _object(
        {
            vol.Optional(
                "type", description="ActualInterval, CurrentInterval, ForecastInterval"
            ): str,
            **_INTERVAL,
            vol.Required("perKwh", description=_CENTS): NUMBER,
            vol.Optional(
                "estimate", description="whether a current price may still change"
            ): vol.Any(bool, None),
            vol.Optional("range", description="of the spot price, c/kWh"): vol.Any(
                _object({vol.Required("min"): NUMBER, vol.Required("max"): NUMBER}),
                None,
            ),
            vol.Optional("advancedPrice", description="c/kWh"): vol.Any(
                _object(
                    {
                        vol.Required("low"): NUMBER,
                        vol.Required("predicted"): NUMBER,
                        vol.Required("high"): NUMBER,
                    }
                ),
                None,
            ),
        }
    )
]

USAGE = [
    _object(
        {
            vol.Optional("type", description="Usage"): str,
            **_INTERVAL,
            vol.Required("channelIdentifier", description="register"): str,
            vol.Required("kwh", description="kWh, positive on every channel"): NUMBER,
            vol.Optional("perKwh", description=_CENTS): MAYBE_NUMBER,
            vol.Optional("cost", description="c; negative is a credit"): MAYBE_NUMBER,
            vol.Optional("quality", description="estimated, billable"): MAYBE_TEXT,
        }
    )
]

AREAS = [
    _object(
        {
            vol.Required("id"): int,
            vol.Required("name"): str,
            vol.Optional("abrev"): MAYBE_TEXT,
            vol.Optional("selected"): vol.Any(bool, None),
        }
    )
]

GRID = _object(
    {
        vol.Required("Id"): int,
        vol.Required(
            "lineChartLabels",
            description="hours by Central wall clock, MM/DD/YYYY H:00",
        ): vol.Any([str], None),
        vol.Required("chartLineData", description="Actual and forecasts"): vol.Any(
            [
                _object(
                    {
                        vol.Required("label"): str,
                        vol.Required("data", description="kW by label"): vol.Any(
                            [MAYBE_NUMBER], None
                        ),
                    }
                )
            ],
            None,
        ),
    }
)

SUBSTATIONS = _object(
    {
        vol.Required("Id"): int,
        vol.Required("areaLoadData"): vol.Any(
            [
                _object(
                    {
                        vol.Required("name"): str,
                        vol.Required("kw", description="kW"): NUMBER,
                        vol.Optional("kvar", description="kVAR"): MAYBE_NUMBER,
                        vol.Optional(
                            "pf", description="power factor, signed as the kVAR"
                        ): MAYBE_NUMBER,
                        vol.Optional("quality"): vol.Any(bool, None),
                        vol.Optional("qualityNow"): vol.Any(bool, None),
                    }
                )
            ],
            None,
        ),
    }
)
