"""Having the running server read history, and watching it do so."""

import asyncio
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from energy_logger_server.api.errors import SourceUnreachable
from energy_logger_server.collect.backfill.backfill import Observer
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillProgress,
    BackfillState,
)
from energy_logger_server.errors import ConfigurationError
from energy_logger_server.web.datasets.backfill_fields import NOT_SET_UP

from .server_call import ask_running_server

_STATUS = "/api/backfill"
_EVERY_S = 1.0


async def have_server_backfill(
    settings: Settings, observer: Observer
) -> BackfillProgress:
    """Start a pass on the server unless one is on; return how it ended.

    Args:
        settings: Say where the server is.
        observer: Called after every step.

    Raises:
        ConfigurationError: If the server has no Amber token.
        SourceUnreachable: If it does not answer, or stops while it is watched.
    """
    answer = await _start(settings)
    last_shown: BackfillProgress | None = None
    while True:
        if answer["state"] == NOT_SET_UP:
            raise ConfigurationError(
                ["the running server has no AMBER_API_KEY: nothing to backfill"]
            )
        progress = _progress_of(answer)
        if progress != last_shown:
            await observer(progress)
            last_shown = progress
        if not answer["is_running"]:
            return progress
        await asyncio.sleep(_EVERY_S)
        answer = await ask_running_server(settings, "GET", _STATUS)


async def _start(settings: Settings) -> dict[str, Any]:
    try:
        return await ask_running_server(settings, "POST", f"{_STATUS}/start")
    except SourceUnreachable as err:
        if err.status != HTTPStatus.CONFLICT:
            raise
    # a pass is on already, or none can be had: the status says which
    return await ask_running_server(settings, "GET", _STATUS)


def _progress_of(answer: dict[str, Any]) -> BackfillProgress:
    left_s = answer["time_left_seconds"]
    return BackfillProgress(
        state=BackfillState(answer["state"]),
        started_at=_instant(answer["started_at"]),
        at=_instant(answer["updated_at"]),
        windows_done=answer["windows_done"],
        windows_total=answer["windows_total"],
        windows_failed=answer["windows_failed"],
        rows=answer["rows"],
        time_left=None if left_s is None else timedelta(seconds=left_s),
        error=answer["error"],
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
