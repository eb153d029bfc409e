"""The form of a site's daily charges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import probatio as vol
from homeassistant.helpers.selector import (
    BooleanSelector,
    DateSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from custom_components.energy_logger.const import AUD
from custom_components.energy_logger.statistics.charges import (
    Charge,
    ChargeKind,
    ChargePeriod,
)

CONF_AMOUNT = "amount_aud"
CONF_FIRST_DAY = "first_day"
CONF_HAS_GST = "has_gst"
CONF_KEPT = "kept"
CONF_KIND = "kind"
CONF_LAST_DAY = "last_day"
CONF_PERIOD = "period"
CONF_SITE = "site"


@dataclass(frozen=True, slots=True)
class ChargesForm:
    """What the form shows.

    Attributes:
        names: Of the sites, by id.
        charges: What is charged so far, by site.
    """

    names: Mapping[str, str]
    charges: Mapping[str, Sequence[Charge]]

    @property
    def schema(self) -> vol.Schema:
        """The fields: which charges stay, and one that is new."""
        labels = {
            f"{site_id} {place}": self._label(site_id, charge)
            for site_id, charges in self.charges.items()
            for place, charge in enumerate(charges)
        }
        fields: dict[vol.Marker, Any] = {}
        if labels:
            kept = vol.Optional(CONF_KEPT, default=[*labels])
            fields[kept] = _choice(labels, multiple=True)
        if len(self.names) > 1:
            site = vol.Required(CONF_SITE, default=next(iter(self.names)))
            fields[site] = _choice(self.names)
        return vol.Schema(
            {
                **fields,
                vol.Required(CONF_KIND, default=ChargeKind.SUPPLY.value): _named(
                    "charge_kind", [one.value for one in ChargeKind]
                ),
                vol.Optional(CONF_AMOUNT): NumberSelector(
                    NumberSelectorConfig(
                        mode=NumberSelectorMode.BOX,
                        step="any",
                        unit_of_measurement=AUD,
                    )
                ),
                vol.Required(CONF_PERIOD, default=ChargePeriod.DAY.value): _named(
                    "charge_period", [one.value for one in ChargePeriod]
                ),
                vol.Required(CONF_HAS_GST, default=True): BooleanSelector(),
                vol.Optional(CONF_FIRST_DAY): DateSelector(),
                vol.Optional(CONF_LAST_DAY): DateSelector(),
            }
        )

    def problem_with(self, answers: Mapping[str, Any]) -> str | None:
        """Return what is wrong with the answers; None when nothing is."""
        if CONF_AMOUNT not in answers:
            return None
        if CONF_FIRST_DAY not in answers:
            return "first_day_needed"
        if (
            answers.get(CONF_LAST_DAY, answers[CONF_FIRST_DAY])
            < (answers[CONF_FIRST_DAY])
        ):
            return "last_day_too_early"
        return None

    def result(self, answers: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """Return what the options keep: the charges of each site."""
        kept = {*answers.get(CONF_KEPT, ())}
        found = {
            site_id: [
                charge.as_data()
                for place, charge in enumerate(charges)
                if f"{site_id} {place}" in kept
            ]
            for site_id, charges in self.charges.items()
        }
        if CONF_AMOUNT in answers:
            site_id = answers.get(CONF_SITE, next(iter(self.names)))
            found.setdefault(site_id, []).append(_new(answers).as_data())
        return found

    def _label(self, site_id: str, charge: Charge) -> str:
        until = "" if charge.last_day is None else f" to {charge.last_day.isoformat()}"
        gst = "with" if charge.has_gst else "without"
        return (
            f"{self.names.get(site_id, site_id)}: {charge.kind.value}, "
            f"{charge.amount_aud:g} {AUD} a {charge.period.value} {gst} GST, "
            f"from {charge.first_day.isoformat()}{until}"
        )


def _new(answers: Mapping[str, Any]) -> Charge:
    last_day: str | None = answers.get(CONF_LAST_DAY)
    return Charge(
        kind=ChargeKind(answers[CONF_KIND]),
        amount_aud=answers[CONF_AMOUNT],
        period=ChargePeriod(answers[CONF_PERIOD]),
        has_gst=answers[CONF_HAS_GST],
        first_day=date.fromisoformat(answers[CONF_FIRST_DAY]),
        last_day=None if last_day is None else date.fromisoformat(last_day),
    )


def _choice(labels: Mapping[str, str], *, multiple: bool = False) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=value, label=label)
                for value, label in labels.items()
            ],
            mode=SelectSelectorMode.DROPDOWN,
            multiple=multiple,
        )
    )


def _named(translation_key: str, values: Sequence[str]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(options=[*values], translation_key=translation_key)
    )
