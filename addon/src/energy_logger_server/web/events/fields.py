"""Events as streams show them: with the fields that the same things have elsewhere."""

from collections.abc import Mapping
from typing import Any

from energy_logger_server.domain.events import (
    BackfillStep,
    BacktestStep,
    BackupStep,
    Event,
    PeakCheck,
    PeakNotice,
    PriceEvent,
    RunFinished,
    SubstationNotice,
)
from energy_logger_server.web.datasets.backfill_fields import progress_fields
from energy_logger_server.web.datasets.backtest_fields import backtest_state_fields
from energy_logger_server.web.datasets.backup_fields import job_fields
from energy_logger_server.web.datasets.peak_watch import look_fields, notice_fields
from energy_logger_server.web.datasets.prices import price
from energy_logger_server.web.datasets.run_fields import failed_run_fields
from energy_logger_server.web.datasets.substation_health import (
    substation_notice_fields,
)


def event_fields(event: Event) -> Mapping[str, Any]:
    """Return the fields of an event; for whoever has the key."""
    match event:
        case PeakNotice():
            return notice_fields(event)
        case PeakCheck():
            return look_fields(event)
        case SubstationNotice():
            return substation_notice_fields(event)
        case BacktestStep():
            return backtest_state_fields(event.job)
        case _:
            return _collected_fields(event)


def _collected_fields(
    event: RunFinished | PriceEvent | BackfillStep | BackupStep,
) -> Mapping[str, Any]:
    match event:
        case PriceEvent():
            return {"site_id": event.site_id, **price(event.price)}
        case BackupStep():
            return job_fields(event.job)
        case BackfillStep():
            return progress_fields(event.progress)
        case RunFinished():
            return failed_run_fields(event.run)
