"""``energy-logger settings``: what is set, and changing what the store keeps."""

import sys
from http import HTTPStatus

import click

from energy_logger_server import app
from energy_logger_server.api.errors import SourceUnreachable
from energy_logger_server.clock import SystemClock
from energy_logger_server.config.live import LiveSettings
from energy_logger_server.config.load import load_settings
from energy_logger_server.config.saved import state_of
from energy_logger_server.config.setting import Setting
from energy_logger_server.config.settings import BY_FIELD, BY_NAME, SETTINGS, Settings
from energy_logger_server.domain.setting_state import SettingState
from energy_logger_server.errors import (
    ConfigurationError,
    SettingRefused,
    StoreInUse,
)
from energy_logger_server.web.routes.settings.answers import SettingsAnswer

from .output import Column, json_option, print_json, print_table
from .reading import settings_at_next_start
from .running import run_until_stopped
from .server_call import ask_running_server

_PATH = "/api/settings"
_STANDARD_INPUT = "-"
_COLUMNS = (Column("name"), Column("value"), Column("from"), Column("can be set here"))
_REFUSALS = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
)


@click.group()
def settings() -> None:
    """Show the settings, and change those that the store keeps."""


@settings.command(name="list")
@json_option
def list_(*, as_json: bool) -> None:
    """List every setting in force, and where its value comes from.

    Of a secret, only whether it is set. Without a server they are those that one would
    start with.
    """
    answer = run_until_stopped(_in_force(load_settings()))
    if answer is None:
        return
    if as_json:
        print_json(answer)
        return
    print_table(
        "Settings",
        _COLUMNS,
        [
            (
                name,
                _shown(state),
                state["source"],
                "yes" if state["is_editable"] else "no",
            )
            for name, state in answer["settings"].items()
        ],
    )
    for warning in answer["warnings"]:
        click.echo(f"warning: {warning}", err=True)


@settings.command(name="set")
@click.argument("name")
@click.argument("value")
def set_(name: str, value: str) -> None:
    """Save a setting: it wins over the environment and holds at once.

    VALUE - reads a line from standard input, which keeps a secret out of the shell's
    history. While a server runs on the same store, it is asked to do it.
    """
    if value == _STANDARD_INPUT:
        value = sys.stdin.readline().rstrip("\r\n")
    _change(_named(name), value)


@settings.command()
@click.argument("name")
def reset(name: str) -> None:
    """Forget what was saved of a setting: the machine's value or the default is back.

    While a server runs on the same store, it is asked to do it.
    """
    _change(_named(name), None)


def _named(name: str) -> Setting:
    setting = BY_NAME.get(name) or BY_FIELD.get(name)
    if setting is None:
        raise ConfigurationError(
            [f"{name}: there is no such setting, `energy-logger settings list` has all"]
        )
    return setting


def _change(setting: Setting, value: str | None) -> None:
    """Save a value, None for forgetting it, and say what holds then."""
    machine = load_settings()
    try:
        state = run_until_stopped(_change_in_store(machine, setting, value))
        holds = "a server that starts goes by it"
    except StoreInUse:
        state = run_until_stopped(_change_on_server(machine, setting, value))
        holds = "the running server goes by it"
    except SettingRefused as err:
        raise _refusal(setting, str(err)) from err
    if state is not None:
        shown = _shown(state)
        what = f"{setting.name} is {shown}" if shown else f"{setting.name} is not set"
        click.echo(f"{what} ({state['source']}): {holds}")


async def _change_in_store(
    machine: Settings, setting: Setting, value: str | None
) -> SettingState:
    async with app.open_store(machine, SystemClock()) as store:
        live = await LiveSettings.read(machine, store)
        if value is None:
            return await live.reset(setting.name)
        await live.save({setting.name: value})
        return live.state(setting.name)


async def _change_on_server(
    machine: Settings, setting: Setting, value: str | None
) -> SettingState:
    path = f"{_PATH}/{setting.name}"
    try:
        if value is None:
            await ask_running_server(machine, "DELETE", path)
        else:
            await ask_running_server(machine, "PUT", path, body={"value": value})
    except SourceUnreachable as err:
        if err.status not in _REFUSALS:
            raise
        raise _refusal(setting, err.reason) from err
    state: SettingState = await ask_running_server(machine, "GET", path)  # type: ignore[assignment] # the server's own answer
    return state


def _refusal(setting: Setting, message: str) -> ConfigurationError:
    if not message.startswith(setting.name):
        message = f"{setting.name}: {message}"
    return ConfigurationError([message])


async def _in_force(machine: Settings) -> SettingsAnswer:
    try:
        answer: SettingsAnswer = await ask_running_server(machine, "GET", _PATH)  # type: ignore[assignment] # the server's own answer
    except SourceUnreachable:
        pass
    else:
        return answer
    start = await settings_at_next_start(machine)
    return {
        "settings": {one.name: state_of(one, start) for one in SETTINGS},
        "warnings": [*start.warnings],
    }


def _shown(state: SettingState) -> str:
    """Return what can be shown of a value, written as it is set; empty for none."""
    if state["is_secret"] and state["is_set"]:
        return "set, not shown"
    match state["value"]:
        case None:
            return ""
        case bool(value):
            return "true" if value else "false"
        case value:
            return str(value)
