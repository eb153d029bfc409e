"""What begins to be wrong with substations and what is over, between answers; pure."""

from collections.abc import Iterable

from custom_components.energy_logger.api.server_substations import SubstationFault

from .server_alerts import AlertEvent

type FaultNews = tuple[AlertEvent, SubstationFault]


def fault_news(
    before: Iterable[SubstationFault], after: Iterable[SubstationFault]
) -> tuple[FaultNews, ...]:
    """Return what began and what ended between two answers, what ended first."""
    known, holding = [*before], [*after]
    return (
        *((AlertEvent.ENDED, one) for one in known if one not in holding),
        *((AlertEvent.BEGAN, one) for one in holding if one not in known),
    )
