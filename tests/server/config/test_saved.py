"""Saved settings: what they win over, what of them is ignored, what is shown."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
import voluptuous as vol

from energy_logger_server.config.load import build_settings
from energy_logger_server.config.saved import state_of, text_to_save, with_saved
from energy_logger_server.config.settings import BY_NAME, SETTINGS, Settings
from energy_logger_server.domain.collecting.area_choice import NO_AREAS
from energy_logger_server.domain.setting_state import SettingOrigin

MACHINE_ONLY = {
    "AMBER_BASE_URL",
    "BACKUP_DIR",
    "CORS_ORIGINS",
    "DATABASE_URL",
    "DATA_DIR",
    "HOST",
    "INGRESS_PORT",
    "KAMO_BASE_URL",
    "PORT",
    "RUNTIME_DIR",
    "SUPERVISOR_URL",
}


def machine(**environment: str) -> Settings:
    return build_settings(environment=environment)


def value_of(name: str, settings: Settings) -> object:
    return state_of(BY_NAME[name], settings)["value"]


def test_of_secrets_those_can_be_saved_that_nobody_needs_to_reach_the_server():
    editable = {one.name for one in SETTINGS if one.is_editable}
    secret = {one.name for one in SETTINGS if one.is_secret}

    assert len(secret) == 6
    assert editable & (secret | MACHINE_ONLY) == {
        "AMBER_API_KEY",
        "SMTP_PASSWORD",
        "NOTIFICATION_URLS",
    }
    assert editable | secret | MACHINE_ONLY == BY_NAME.keys()


def test_a_saved_value_wins_over_every_other_place():
    base = build_settings(
        environment={"TZ": "Australia/Sydney"}, options={"smtp_port": 25}
    )

    merged = with_saved(base, {"TZ": "America/Chicago", "SMTP_PORT": "2525"})

    assert (merged.tz, merged.smtp_port) == (ZoneInfo("America/Chicago"), 2525)
    assert merged.origins["TZ"] is SettingOrigin.SAVED
    assert merged.poll_interval_minutes == 5


def test_a_saved_nothing_hides_what_the_machine_sets():
    base = machine(NOTIFICATION_EMAIL="me@example.org")

    merged = with_saved(base, {"NOTIFICATION_EMAIL": ""})

    assert merged.notification_email is None


def test_a_saved_value_that_became_unusable_is_ignored_with_a_warning():
    merged = with_saved(machine(TZ="Australia/Sydney"), {"TZ": "Mars", "LOG_LEVEL": ""})

    assert merged.tz == ZoneInfo("Australia/Sydney")
    assert merged.warnings == (
        (
            "the saved value of TZ is ignored: it must be a time zone such as "
            "Australia/Sydney or America/Chicago"
        ),
        "the saved value of LOG_LEVEL is ignored: it must not be empty",
    )
    state = state_of(BY_NAME["TZ"], merged)
    assert (state["source"], state["problem"]) == (
        "environment",
        "must be a time zone such as Australia/Sydney or America/Chicago",
    )


@pytest.mark.parametrize("name", ["COLOUR", "API_KEY", "KAMO_BASE_URL"])
def test_what_cannot_be_saved_is_ignored_should_it_be_in_the_store(name: str):
    merged = with_saved(machine(), {name: "http://127.0.0.1:1"})

    assert merged.api_key is None
    assert merged.kamo_base_url is None
    assert merged.warnings == (f"the saved {name} is ignored: it cannot be saved",)


def test_a_switch_that_would_leave_nothing_to_collect_is_ignored():
    saved = {"KAMO_ENABLED": "false"}

    alone = with_saved(machine(), saved)
    beside_amber = with_saved(machine(AMBER_API_KEY="psk_x"), saved)

    assert alone.kamo_enabled
    assert alone.warnings == (
        (
            "the saved value of KAMO_ENABLED is ignored: it would leave nothing to "
            "collect: set AMBER_API_KEY, or KAMO_ENABLED to true"
        ),
    )
    assert not beside_amber.kamo_enabled


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("POLL_INTERVAL_MINUTES", 15, "15"),
        ("POLL_INTERVAL_MINUTES", " 15 ", "15"),
        ("COLLECT_FORECASTS", False, "false"),
        ("KAMO_SUBSTATION_AREAS", ["OZEC", 7], "OZEC,7"),
        ("HISTORICAL_START_DATE", "2026-01-04", "2026-01-04"),
        ("HISTORICAL_START_DATE", None, ""),
        ("SMTP_HOST", "", ""),
        ("SMTP_USER", "Jürgen 🦉", "Jürgen 🦉"),
    ],
)
def test_a_value_of_json_becomes_a_text(name: str, value: object, text: str):
    assert text_to_save(BY_NAME[name], value) == text


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("POLL_INTERVAL_MINUTES", 7, "must be one of 5, 10, 15, 30"),
        ("POLL_INTERVAL_MINUTES", True, "must be one of 5, 10, 15, 30"),
        ("POLL_INTERVAL_MINUTES", None, "must not be empty"),
        ("KAMO_SUBSTATION_AREAS", [], "must not be empty"),
        ("LOG_LEVEL", "  ", "must not be empty"),
        (
            "SMTP_PORT",
            25.0,
            "must be a text, a whole number, true, false, null, or a list of those",
        ),
        (
            "SMTP_USER",
            "me\r\nBcc: you",
            "must not contain line ends or other control characters",
        ),
        (
            "SMTP_USER",
            "a\0b",
            "must not contain line ends or other control characters",
        ),
        ("SMTP_USER", "x" * 1001, "must not be longer than 1000 characters"),
    ],
)
def test_a_value_that_cannot_be_saved_is_refused_with_what_can(
    name: str, value: object, sentence: str
):
    with pytest.raises(vol.Invalid, match=sentence):
        text_to_save(BY_NAME[name], value)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("POLL_INTERVAL_MINUTES", "15", 15),
        ("KAMO_ENABLED", "yes", True),
        ("FORECAST_RETENTION_HOURS", "forever", 0),
        ("FORCE_REINIT", "no", None),
        ("TZ", "Europe/Berlin", "Europe/Berlin"),
        ("HISTORICAL_START_DATE", "2026-01-04T00:00:00+10:00", "2026-01-04"),
        ("KAMO_SUBSTATION_AREAS", "7, ozec", "7,ozec"),
        ("KAMO_SUBSTATION_AREAS", "none", "none"),
        ("DATA_DIR", "/data", "/data"),
        ("CORS_ORIGINS", "http://a, http://b", "http://a,http://b"),
    ],
)
def test_a_value_is_shown_as_json_has_it(name: str, text: str, value: object):
    assert value_of(name, machine(**{name: text})) == value


def test_what_nobody_sets_is_shown_with_its_default():
    state = state_of(BY_NAME["KAMO_SUBSTATION_AREAS"], machine())

    assert (state["value"], state["default"], state["source"]) == (
        "all",
        "all",
        "default",
    )
    assert not state["is_set"]
    assert state["allowed"] == "all, none, or areas between commas"
    assert value_of("HISTORICAL_START_DATE", machine()) is None


def test_what_is_shown_of_a_value_can_be_saved_again():
    base = machine(
        HISTORICAL_START_DATE="2026-01-04",
        KAMO_SUBSTATION_AREAS="none",
        FORECAST_RETENTION_HOURS="forever",
        COLLECT_FORECASTS="no",
    )
    values = {one.name: value_of(one.name, base) for one in SETTINGS if one.is_editable}

    saved = {name: text_to_save(BY_NAME[name], value) for name, value in values.items()}
    merged = with_saved(machine(), saved)

    assert {name: value_of(name, merged) for name in values} == values
    assert merged.historical_start_date == date(2026, 1, 4)
    assert merged.kamo_substation_areas == NO_AREAS
    assert merged.forecast_retention is None


def test_no_state_of_a_secret_holds_its_value():
    markers = {
        one.name: f"sqlite:///marker-{one.name}" for one in SETTINGS if one.is_secret
    }
    settings = machine(**markers)

    states = {setting.name: state_of(setting, settings) for setting in SETTINGS}

    assert len(markers) == 6
    assert "marker" not in repr(states)
    assert {name for name, state in states.items() if state["is_set"]} == markers.keys()
