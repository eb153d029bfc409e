"""``/api/settings``: what is set, and what can be changed while the server runs.

Every operation needs the key, and a secret's value is in no answer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPMethod, HTTPStatus

from aiohttp import web

from energy_logger_server.domain.setting_state import SettingState
from energy_logger_server.errors import (
    NothingToCollect,
    SettingNotEditable,
    SettingRefused,
    SettingUnknown,
    SettingUnusable,
)
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.errors import ApiError
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import body_of
from energy_logger_server.web.http.reply import json_reply

from .answers import (
    CHANGE,
    CHANGES,
    ChangedAnswer,
    EffectiveSetting,
    ResetAnswer,
    SavedAnswer,
    SettingAnswer,
    SettingsAnswer,
)

_ONE = "/api/settings/{key}"
_ALL = "/api/settings"
_STATUSES = {
    SettingUnknown.code: HTTPStatus.NOT_FOUND,
    SettingNotEditable.code: HTTPStatus.CONFLICT,
    SettingUnusable.code: HTTPStatus.UNPROCESSABLE_ENTITY,
    NothingToCollect.code: HTTPStatus.CONFLICT,
}
_REFUSED = (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


def settings_operations() -> tuple[Operation, ...]:
    """Return what shows and changes settings."""
    return (
        Operation(
            path=_ALL,
            handler=_list,
            summary="List every setting with its value, where that comes from and "
            "what it may be; a secret only says whether it is set.",
            group=Group.SETTINGS,
            answer=Answer(description="Settings by name.", schema=SettingsAnswer),
        ),
        Operation(
            method=HTTPMethod.POST,
            path=_ALL,
            handler=_save_some,
            summary="Save several settings, all or none.",
            group=Group.SETTINGS,
            answer=Answer(
                description="They are saved and in effect.", schema=SavedAnswer
            ),
            body=CHANGES,
            errors=(HTTPStatus.NOT_FOUND, *_REFUSED),
        ),
        Operation(
            path=_ONE,
            handler=_show,
            summary="Get one setting.",
            group=Group.SETTINGS,
            answer=Answer(description="The setting.", schema=SettingAnswer),
        ),
        Operation(
            method=HTTPMethod.PUT,
            path=_ONE,
            handler=_save,
            summary="Save a setting, which takes effect at once.",
            group=Group.SETTINGS,
            answer=Answer(
                description="It is saved and in effect.", schema=ChangedAnswer
            ),
            body=CHANGE,
            errors=_REFUSED,
        ),
        Operation(
            method=HTTPMethod.DELETE,
            path=_ONE,
            handler=_reset,
            summary="Delete what was saved of a setting: the environment's value or "
            "the default is back.",
            group=Group.SETTINGS,
            answer=Answer(description="Nothing is saved any more.", schema=ResetAnswer),
            errors=(HTTPStatus.CONFLICT,),
        ),
    )


async def _list(request: web.Request) -> web.Response:
    service = deps_of(request).settings_service
    answer: SettingsAnswer = {
        "settings": service.states(),
        "warnings": [*service.warnings()],
    }
    return json_reply(answer)


async def _show(request: web.Request) -> web.Response:
    key = request.match_info["key"]
    with _refusals():
        state = deps_of(request).settings_service.state(key)
    answer: SettingAnswer = {"key": key, **state}
    return json_reply(answer)


async def _save(request: web.Request) -> web.Response:
    key = request.match_info["key"]
    service = deps_of(request).settings_service
    with _refusals():
        await service.save({key: body_of(request)["value"]})
        state = service.state(key)
    answer: ChangedAnswer = {"key": key, "success": True, **_in_force(state)}
    return json_reply(answer)


async def _save_some(request: web.Request) -> web.Response:
    values = body_of(request)["settings"]
    with _refusals():
        await deps_of(request).settings_service.save(values)
    answer: SavedAnswer = {"success": True, "results": dict.fromkeys(values, True)}
    return json_reply(answer)


async def _reset(request: web.Request) -> web.Response:
    key = request.match_info["key"]
    with _refusals():
        state = await deps_of(request).settings_service.reset(key)
    answer: ResetAnswer = {"key": key, "reset": True, **_in_force(state)}
    return json_reply(answer)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except SettingRefused as err:
        raise ApiError(
            _STATUSES[err.code], err.code, str(err), parameter=err.setting
        ) from err


def _in_force(state: SettingState) -> EffectiveSetting:
    return {
        "value": state["value"],
        "source": state["source"],
        "applies": state["applies"],
    }
