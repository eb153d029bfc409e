"""What a restore would change."""

from energy_logger_server.domain.backups.backup import Contents, SavedContents
from energy_logger_server.domain.backups.restore import (
    RowChange,
    SettingChange,
    preview_of,
)


def saved(rows: dict[str, int], **settings: str) -> SavedContents:
    return SavedContents(Contents("0004", "a-store", rows, None, None), settings)


def test_every_table_and_what_changes_of_the_settings_is_shown():
    now = saved({"price": 5, "newer": 1}, TZ="UTC", LOG_LEVEL="DEBUG", GONE="1")
    then = saved({"price": 3, "older": 2}, TZ="UTC", LOG_LEVEL="INFO", NEW="2")

    preview = preview_of(now, then)

    assert preview.rows == (
        RowChange("newer", 1, 0),
        RowChange("older", 0, 2),
        RowChange("price", 5, 3),
    )
    assert preview.settings == (
        SettingChange("GONE", "1", None),
        SettingChange("LOG_LEVEL", "DEBUG", "INFO"),
        SettingChange("NEW", None, "2"),
    )
    assert (preview.now, preview.after) == (now.contents, then.contents)


def test_where_nothing_is_stored_all_is_new():
    preview = preview_of(None, saved({"price": 3}, TZ="UTC"))

    assert preview.now is None
    assert preview.rows == (RowChange("price", 0, 3),)
    assert preview.settings == (SettingChange("TZ", None, "UTC"),)
