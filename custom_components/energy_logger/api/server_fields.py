"""Fields that our own server's answers have and the utilities' do not; pure."""

from datetime import UTC, datetime

from .exact_json import JsonObject, JsonValue
from .fields import FieldError, count_or_none, required_text


def required_object(value: JsonValue) -> JsonObject:
    """Return an object.

    Raises:
        FieldError: If it is something else.
    """
    if isinstance(value, dict):
        return value
    raise FieldError("not an object")


def required_count(row: JsonObject, name: str) -> int:
    """Return an integer that a record is about.

    Raises:
        FieldError: If it is missing or no integer.
    """
    count = count_or_none(row.get(name))
    if count is None:
        raise FieldError(f"{name} is no count")
    return count


def required_time(row: JsonObject, name: str) -> datetime:
    """Return an instant (UTC) that a record is about, written with its offset.

    Raises:
        FieldError: If it is missing or no time.
    """
    text = required_text(row, name)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as err:
        raise FieldError(f"{name} is no time ({err})") from err
