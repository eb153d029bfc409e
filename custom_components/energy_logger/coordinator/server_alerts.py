"""What the server says is wrong with it: as repairs, and as what began and ended."""

from collections.abc import Iterable
from enum import StrEnum

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from custom_components.energy_logger.api.server import ServerAlert
from custom_components.energy_logger.const import SOURCE_NAMES
from custom_components.energy_logger.issues import (
    SERVER_ALERTS,
    clear_issue,
    raise_issue,
)


class AlertEvent(StrEnum):
    """What happens to a condition."""

    BEGAN = "began"
    ENDED = "ended"


def news_between(
    before: Iterable[ServerAlert], after: Iterable[ServerAlert]
) -> tuple[tuple[AlertEvent, ServerAlert], ...]:
    """Return what began and what ended between two answers, what ended first."""
    known = {(one.code, one.subject): one for one in before}
    holding = {(one.code, one.subject): one for one in after}
    ended = [one for key, one in known.items() if key not in holding]
    began = [one for key, one in holding.items() if key not in known]
    return (
        *((AlertEvent.ENDED, one) for one in ended),
        *((AlertEvent.BEGAN, one) for one in began),
    )


@callback
def show_alerts(
    hass: HomeAssistant, entry: ConfigEntry, alerts: Iterable[ServerAlert]
) -> None:
    """Show conditions as repairs, and take away those that hold no more."""
    holding = [*alerts]
    for issue in SERVER_ALERTS:
        said = [_sentence(one) for one in holding if one.code == issue]
        if said:
            raise_issue(hass, issue, entry, problem=" ".join(said))
        else:
            clear_issue(hass, issue, entry)


def _sentence(alert: ServerAlert) -> str:
    name = SOURCE_NAMES.get(alert.subject, alert.subject)
    return f"{name}: {alert.message}" if name else alert.message
