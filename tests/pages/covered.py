"""Every page that all of the checks go through: one line each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CoveredPage:
    """A page in one of its states.

    Attributes:
        name: Of its picture.
        address: Behind ``#/``.
        shows: A word that stands on it when it is complete.
    """

    name: str
    address: str
    shows: str


COVERED = (
    CoveredPage("now", "now", "of this month's peak"),
    CoveredPage("prices", "prices?spot=on", "Above zero you pay"),
    CoveredPage(
        "prices-compared",
        "prices?site=01S1MS1TEB0000000000000000&date=2026-01-07&compare=before",
        "against",
    ),
    CoveredPage("usage", "usage?site=01S1MS1TEB0000000000000000", "Mean price drawn"),
    CoveredPage("health", "health?kind=price", "New or changed"),
    CoveredPage("tables", "tables?table=loads&area__exact=BAEC", "rows shown"),
    CoveredPage("backups", "backups", "Make a backup now"),
    CoveredPage("settings", "settings", "Ask Amber every"),
    CoveredPage("inspector", "inspector?area=OZEC&with=BAEC,CREC", "Together"),
    CoveredPage(
        "substation",
        "inspector?area=OZEC&substation=Battlefield&span=48",
        "Power factor, 24 h",
    ),
    CoveredPage("peaks", "peaks?area=OZEC", "of the peak"),
    CoveredPage("sign-in", "login", "API key"),
)
