"""Our own server's scores of forecasts, as records; pure.

Fields are those of ``/api/forecasts/scores`` (docs/rest-api.md).
"""

from dataclasses import dataclass

from .exact_json import JsonObject, JsonValue
from .fields import FieldError, number_or_none, required_text, text_or_none
from .server_fields import required_count, required_object

_ENDS_OF_BANDS = frozenset({"low", "high"})


@dataclass(frozen=True, slots=True)
class ForecastScore:
    """How far off a forecast was at a horizon.

    Attributes:
        channel: Type of a site's channel; None of an area.
        forecast: ``spot``, ``predicted``, or the label of KAMO's line.
        horizon_minutes: How long before its interval the forecast counted.
        count: Intervals that were judged.
        days: Local dates that they lie on.
        error: Mean absolute error, in the unit of the answer.
        bias: Mean of forecast less what came, likewise.
    """

    channel: str | None
    forecast: str
    horizon_minutes: int
    count: int
    days: int
    error: float
    bias: float


@dataclass(frozen=True, slots=True)
class ForecastScores:
    """Scores of a site or an area: of what can be judged, without ends of bands."""

    scores: tuple[ForecastScore, ...]

    def of(self, channel: str | None) -> tuple[ForecastScore, ...]:
        """Return those of a site's channel; None is an area's."""
        return tuple(one for one in self.scores if one.channel == channel)


def read_scores(answer: JsonValue) -> ForecastScores:
    """Return an answer as a record.

    Raises:
        FieldError: If it lacks what it cannot do without.
    """
    rows = required_object(answer).get("data")
    if not isinstance(rows, list):
        raise FieldError("data is not a list")
    found = (_score(row) for row in map(required_object, rows))
    return ForecastScores(tuple(one for one in found if one is not None))


def _score(row: JsonObject) -> ForecastScore | None:
    forecast = required_text(row, "forecast")
    error, bias = number_or_none(row.get("mae")), number_or_none(row.get("bias"))
    if error is None or bias is None or forecast in _ENDS_OF_BANDS:
        return None
    return ForecastScore(
        channel=text_or_none(row.get("channel")),
        forecast=forecast,
        horizon_minutes=required_count(row, "horizon_minutes"),
        count=required_count(row, "count"),
        days=required_count(row, "days"),
        error=error,
        bias=bias,
    )
