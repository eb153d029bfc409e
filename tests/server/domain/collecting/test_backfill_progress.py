"""What a moment of backfill says of rate and share."""

from datetime import UTC, datetime, timedelta

from energy_logger_server.domain.collecting.backfill_progress import BackfillProgress

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def test_the_rate_is_windows_in_a_minute_of_all_the_time():
    progress = BackfillProgress(
        started_at=NOW, at=NOW + timedelta(minutes=4), windows_done=10
    )

    assert progress.windows_per_minute == 2.5


def test_there_is_no_rate_before_time_has_passed():
    assert BackfillProgress().windows_per_minute is None
    assert BackfillProgress(started_at=NOW, at=NOW).windows_per_minute is None


def test_the_share_of_windows_is_reported_in_percent():
    assert BackfillProgress(windows_done=1, windows_total=3).percent == 33.3


def test_a_pass_without_windows_has_no_share():
    assert BackfillProgress().percent is None
