"""The operations on backups; what takes long is done in the background."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPMethod, HTTPStatus

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from energy_logger_server.domain.backups.backup import (
    Backup,
    SavedContents,
    generations,
)
from energy_logger_server.domain.backups.restore import preview_of
from energy_logger_server.domain.backups.work import BackupJob
from energy_logger_server.errors import BackupError, BackupUnknown, BackupUnusable
from energy_logger_server.portable.content import SHOWN_SETTINGS
from energy_logger_server.store.backup.contents import contents
from energy_logger_server.store.settings.read import saved_settings
from energy_logger_server.web.datasets.backup_fields import (
    BackupAnswer,
    JobAnswer,
    backup_fields,
    backups_fields,
    job_fields,
)
from energy_logger_server.web.datasets.fields import utc_text
from energy_logger_server.web.deps import WebDeps, deps_of
from energy_logger_server.web.http.errors import ApiError
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.reply import json_reply

from .answers import (
    BackupsAnswer,
    DeletedBackupAnswer,
    RestorePreviewAnswer,
    preview_fields,
)

_ALL = "/api/backups"
_ONE = "/api/backups/{name}"
_ZSTANDARD = "application/zstd"
_COUNTING_LIMIT_S = 300


def backup_operations() -> tuple[Operation, ...]:
    """Return what shows, makes and restores backups."""
    return (
        Operation(
            path=_ALL,
            handler=_list,
            summary="List the backups, and what is being done with them.",
            group=Group.BACKUPS,
            answer=Answer(description="The newest first.", schema=BackupsAnswer),
        ),
        _order(_ALL, _create, "Make a backup in the background."),
        Operation(
            path=_ONE,
            handler=_download,
            summary="Download a backup.",
            group=Group.BACKUPS,
            answer=Answer(description="Its file.", media_types=(_ZSTANDARD,)),
            is_stream=True,
        ),
        Operation(
            method=HTTPMethod.DELETE,
            path=_ONE,
            handler=_delete,
            summary="Delete a backup.",
            group=Group.BACKUPS,
            answer=Answer(description="It is gone.", schema=DeletedBackupAnswer),
        ),
        _order(f"{_ONE}/verify", _verify, "Restore a backup for a trial."),
        _mark(f"{_ONE}/pin", _pin, "Keep a backup, whatever the generations say."),
        _mark(f"{_ONE}/unpin", _unpin, "Let a backup go when no generation needs it."),
        Operation(
            path=f"{_ONE}/preview",
            handler=_preview,
            summary="Get what restoring a backup would change.",
            group=Group.BACKUPS,
            answer=Answer(
                description="Rows, span of time, settings.",
                schema=RestorePreviewAnswer,
            ),
            errors=(HTTPStatus.CONFLICT,),
            time_limit_s=_COUNTING_LIMIT_S,
        ),
        _order(
            f"{_ONE}/restore",
            _restore,
            "Restore a backup: the store is closed meanwhile, and what it holds is "
            "kept as a pinned backup.",
        ),
    )


def _order(path: str, handler: Handler, summary: str) -> Operation:
    return Operation(
        method=HTTPMethod.POST,
        path=path,
        handler=handler,
        summary=summary,
        group=Group.BACKUPS,
        answer=Answer(
            description="The work that has begun.",
            schema=JobAnswer,
            status=HTTPStatus.ACCEPTED,
        ),
        errors=(HTTPStatus.CONFLICT,),
    )


def _mark(path: str, handler: Handler, summary: str) -> Operation:
    return Operation(
        method=HTTPMethod.POST,
        path=path,
        handler=handler,
        summary=summary,
        group=Group.BACKUPS,
        answer=Answer(description="The backup.", schema=BackupAnswer),
    )


async def _list(request: web.Request) -> web.Response:
    deps = deps_of(request)
    status = await deps.backups.status()
    listed = await asyncio.to_thread(deps.backups.folder.backups)
    settings, job = deps.settings, deps.backups.job
    answer: BackupsAnswer = {
        "backups": backups_fields(
            listed, settings.backup_retention, settings.backup_zone
        ),
        "count": len(listed),
        "next_at": utc_text(status.next_at),
        "job": None if job is None else job_fields(job),
    }
    return json_reply(answer)


async def _create(request: web.Request) -> web.Response:
    return _started(request, lambda deps, _name: deps.backups.start_create())


async def _verify(request: web.Request) -> web.Response:
    return _started(request, lambda deps, name: deps.backups.start_verify(name))


async def _restore(request: web.Request) -> web.Response:
    return _started(request, lambda deps, name: deps.backups.start_restore(name))


def _started(
    request: web.Request, start: Callable[[WebDeps, str], BackupJob]
) -> web.Response:
    with _refusals():
        job = start(deps_of(request), request.match_info.get("name", ""))
    return json_reply(job_fields(job), status=HTTPStatus.ACCEPTED)


async def _download(request: web.Request) -> web.StreamResponse:
    backup = await _named(request)
    return web.FileResponse(
        deps_of(request).backups.folder.file_of(backup),
        headers={
            hdrs.CONTENT_TYPE: _ZSTANDARD,
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{backup.name}"',
            hdrs.CACHE_CONTROL: "no-store",
        },
    )


async def _delete(request: web.Request) -> web.Response:
    backup = await _named(request)
    await asyncio.to_thread(deps_of(request).backups.folder.drop, backup)
    answer: DeletedBackupAnswer = {"success": True, "deleted": backup.name}
    return json_reply(answer)


async def _pin(request: web.Request) -> web.Response:
    return await _pinned(request, is_pinned=True)


async def _unpin(request: web.Request) -> web.Response:
    return await _pinned(request, is_pinned=False)


async def _pinned(request: web.Request, *, is_pinned: bool) -> web.Response:
    deps, backup = deps_of(request), await _named(request)
    folder, settings = deps.backups.folder, deps.settings
    state = replace(backup.state, is_pinned=is_pinned)
    noted = await asyncio.to_thread(folder.note, backup, state)
    kept_for = generations(
        await asyncio.to_thread(folder.backups),
        settings.backup_retention,
        settings.backup_zone,
    )
    return json_reply(backup_fields(noted, kept_for.get(noted.name, ())))


async def _preview(request: web.Request) -> web.Response:
    deps, backup = deps_of(request), await _named(request)
    manifest = backup.manifest
    if manifest is None:
        with _refusals():
            raise BackupUnusable(backup.name, backup.state.problem or "it is damaged")
    now = await deps.store.read(contents)
    saved = await deps.store.read(saved_settings)
    shown = {name: text for name, text in saved.items() if name in SHOWN_SETTINGS}
    then = SavedContents(manifest.contents, manifest.settings)
    return json_reply(preview_fields(preview_of(SavedContents(now, shown), then)))


async def _named(request: web.Request) -> Backup:
    folder, name = deps_of(request).backups.folder, request.match_info["name"]
    with _refusals():
        return await asyncio.to_thread(folder.get, name)


@contextmanager
def _refusals() -> Iterator[None]:
    """Answer what cannot be done with backups."""
    try:
        yield
    except BackupUnknown as err:
        raise ApiError(
            HTTPStatus.NOT_FOUND, err.code, str(err), parameter="name"
        ) from err
    except BackupError as err:
        raise ApiError(HTTPStatus.CONFLICT, err.code, str(err)) from err
