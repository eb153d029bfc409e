"""Hours of an area's grid: what fills an answer, and what lies before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from energy_logger_server.api.central import central_label
from energy_logger_server.api.exact_json import JsonObject, JsonValue
from energy_logger_server.api.kamo_models import LoadSeries

_HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class GridHours:
    """Numbers as sent, by instant (epoch seconds).

    Attributes:
        measured: Of the measured line.
        expected: Of the forecasts, by label and instant.
    """

    measured: Mapping[int, JsonValue]
    expected: Mapping[tuple[str, int], JsonValue]

    def number(self, label: str, at: int) -> JsonValue:
        """Return the number of a line at an instant; None where there is none."""
        if LoadSeries(label, ()).is_actual:
            return self.measured.get(at)
        return self.expected.get((label, at))

    def put_before(self, answer: JsonObject, head: int) -> JsonObject:
        """Return an answer with every hour before its first one put in front.

        The hours follow each other without a gap; one without a number has a null,
        as upstream writes it.

        Args:
            answer: As it was sent; it is changed.
            head: Its first instant.
        """
        known = {*self.measured, *(at for _label, at in self.expected)}
        stored = {at for at in known if at < head}
        labels = answer.get("lineChartLabels")
        if not stored or not isinstance(labels, list):
            return answer
        hours = sorted({*stored, *range(head - _HOUR_S, min(stored), -_HOUR_S)})
        labels[:0] = [central_label(datetime.fromtimestamp(at, UTC)) for at in hours]
        lines = answer.get("chartLineData")
        for line in lines if isinstance(lines, list) else ():
            numbers = line.get("data") if isinstance(line, dict) else None
            if isinstance(line, dict) and isinstance(numbers, list):
                label = str(line.get("label"))
                numbers[:0] = [self.number(label, at) for at in hours]
        return answer
