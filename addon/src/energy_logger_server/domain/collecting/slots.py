"""The poll slots of a day: the steps of its polling grid, and which have a fetch."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SlotCount:
    """Progress of a day on its polling grid.

    Attributes:
        expected_minutes: Minutes of the day from its first fetch ever, or all.
        present_minutes: Minutes of the slots that have a fetch.
        slot_minutes: Width of a slot.
        last_slot: Last slot that has a fetch.
    """

    expected_minutes: int
    present_minutes: int
    slot_minutes: int
    last_slot: int


def slot_of(minute_of_day: int, slot_minutes: int) -> int:
    """Return the poll slot into which a minute of the day falls."""
    return minute_of_day // slot_minutes


def open_day(
    minute_of_day: int, day_minutes: int, slot_minutes: int, *, is_first: bool
) -> SlotCount:
    """Return the count after the first fetch of a day.

    Args:
        minute_of_day: Minutes since the day's midnight.
        day_minutes: 1,380, 1,440 or 1,500.
        slot_minutes: Polling interval.
        is_first: Whether nothing was ever fetched before: then the day begins here.
    """
    slot = slot_of(minute_of_day, slot_minutes)
    begins_at = slot * slot_minutes if is_first else 0
    return SlotCount(
        expected_minutes=day_minutes - begins_at,
        present_minutes=slot_minutes,
        slot_minutes=slot_minutes,
        last_slot=slot,
    )


def add_fetch(count: SlotCount, minute_of_day: int) -> SlotCount:
    """Return the count after one more fetch; a slot counts once."""
    slot = slot_of(minute_of_day, count.slot_minutes)
    if slot <= count.last_slot:
        return count
    return SlotCount(
        count.expected_minutes,
        min(count.present_minutes + count.slot_minutes, count.expected_minutes),
        count.slot_minutes,
        slot,
    )


def regrid(
    minutes_of_day: list[int], expected_minutes: int, slot_minutes: int
) -> SlotCount:
    """Return the count of a day whose polling interval was changed.

    Args:
        minutes_of_day: Minute of every fetch of the day, at least one.
        expected_minutes: As before.
        slot_minutes: The wider of the old and the new interval, so that no slot is
            expected in which nothing was due.
    """
    slots = {slot_of(minute, slot_minutes) for minute in minutes_of_day}
    present = min(len(slots) * slot_minutes, expected_minutes)
    return SlotCount(expected_minutes, present, slot_minutes, max(slots))
