"""What a restore changes."""

from dataclasses import dataclass

from .backup import Contents, SavedContents


@dataclass(frozen=True, slots=True)
class RowChange:
    """How many rows a table has now, and how many it will have."""

    table: str
    now: int
    after: int


@dataclass(frozen=True, slots=True)
class SettingChange:
    """What is saved of a setting now, and what will be; None is nothing."""

    name: str
    now: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """What a restore changes.

    Attributes:
        now: What is stored; None if nothing is, or nothing can be read of it.
        after: What will be, before its schema is brought up to date.
        rows: Every table of either.
        settings: Only those that change; secrets stay as they are.
    """

    now: Contents | None
    after: Contents
    rows: tuple[RowChange, ...]
    settings: tuple[SettingChange, ...]


def preview_of(now: SavedContents | None, after: SavedContents) -> RestorePreview:
    """Return what changes when one store takes another's place.

    Args:
        now: What is stored; None if nothing is, or nothing can be read of it.
        after: What will be.
    """
    rows_now = now.contents.rows if now else {}
    saved_now = now.settings if now else {}
    return RestorePreview(
        now=None if now is None else now.contents,
        after=after.contents,
        rows=tuple(
            RowChange(table, rows_now.get(table, 0), after.contents.rows.get(table, 0))
            for table in sorted(rows_now.keys() | after.contents.rows.keys())
        ),
        settings=tuple(
            SettingChange(name, saved_now.get(name), after.settings.get(name))
            for name in sorted(saved_now.keys() | after.settings.keys())
            if saved_now.get(name) != after.settings.get(name)
        ),
    )
