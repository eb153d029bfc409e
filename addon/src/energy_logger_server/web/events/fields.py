"""Events as streams show them: with the fields that the same things have elsewhere."""

from collections.abc import Mapping
from typing import Any

from energy_logger_server.domain.events import (
    BackfillStep,
    BackupStep,
    Event,
    PeakLook,
    PeakNotice,
    PriceEvent,
    SubstationNotice,
)
from energy_logger_server.web.datasets.backfill_fields import progress_fields
from energy_logger_server.web.datasets.backup_fields import job_fields
from energy_logger_server.web.datasets.peak_watch import look_fields, notice_fields
from energy_logger_server.web.datasets.prices import price
from energy_logger_server.web.datasets.run_fields import failed_run_fields
from energy_logger_server.web.datasets.substation_health import (
    substation_notice_fields,
)


def event_fields(event: Event) -> Mapping[str, Any]:
    """Return what an event tells; for whoever has the key."""
    if isinstance(event, PriceEvent):
        return {"site_id": event.site_id, **price(event.price)}
    if isinstance(event, BackupStep):
        return job_fields(event.job)
    if isinstance(event, BackfillStep):
        return progress_fields(event.progress)
    if isinstance(event, (PeakNotice, PeakLook, SubstationNotice)):
        return _fields_of_load(event)
    return failed_run_fields(event.run)


def _fields_of_load(
    event: PeakNotice | PeakLook | SubstationNotice,
) -> Mapping[str, Any]:
    if isinstance(event, PeakNotice):
        return notice_fields(event)
    if isinstance(event, PeakLook):
        return look_fields(event)
    return substation_notice_fields(event)
