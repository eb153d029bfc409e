"""Settings: where they come from, what is refused, and what the page says of them."""

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from energy_logger_server.config.load import build_settings, load_settings
from energy_logger_server.config.secret import Secret
from energy_logger_server.config.setting import text_of
from energy_logger_server.config.settings import SETTINGS, Settings
from energy_logger_server.domain.collecting.area_choice import NO_AREAS
from energy_logger_server.domain.peak_watch.rule import BillingPeriod, PeakRule
from energy_logger_server.domain.substation_health.faults import HealthRules
from energy_logger_server.errors import ConfigurationError, PlaceUnusable

PAGE = Path(__file__).parents[3] / "docs" / "settings.md"
BYTES_PER_READING = 33
SUBSTATIONS = {"all areas": 300, "one cooperative": 18, "none": 0}
MINUTES_PER_YEAR = 365 * 24 * 60


def settings(**environment: str) -> Settings:
    return build_settings(environment=environment)


def problems_of(environment: Mapping[str, str]) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as refused:
        build_settings(environment=environment)
    return refused.value.problems


def test_without_any_setting_the_defaults_hold():
    plain = settings()

    assert plain == Settings()
    assert (plain.poll_interval_minutes, plain.kamo_enabled) == (5, True)
    assert plain.store_address == Secret("sqlite:///data/energy-logger.db")
    assert plain.forecast_retention == timedelta(hours=48)


def test_the_first_place_that_has_a_value_counts():
    options = {"port": 4, "host": "four", "smtp_host": "four", "smtp_user": "four"}

    built = build_settings(
        environment={"PORT": "1"},
        env_local={"PORT": "2", "HOST": "two"},
        env={"PORT": "3", "HOST": "three", "SMTP_HOST": "three"},
        options=options,
    )

    assert (built.port, built.host) == (1, "two")
    assert (built.smtp_host, built.smtp_user) == ("three", "four")
    assert built.origins == {
        "PORT": "environment",
        "HOST": ".env.local",
        "SMTP_HOST": ".env",
        "SMTP_USER": "options",
    }


def test_what_is_billed_is_made_of_settings_of_its_own():
    winter = settings(
        PEAK_WATCH_PERIOD="Season",
        PEAK_WATCH_MONTHS="12-2",
        PEAK_WATCH_WEEKDAYS="1-5",
        PEAK_WATCH_HOURS="6-9,17",
        PEAK_WATCH_PEAKS="3",
    )

    assert settings().peak_rule == PeakRule()
    assert winter.peak_rule == PeakRule(
        months=frozenset({12, 1, 2}),
        weekdays=frozenset(range(5)),
        hours=frozenset({6, 7, 8, 9, 17}),
        peaks=3,
        period=BillingPeriod.SEASON,
    )
    wrong = {"PEAK_WATCH_MONTHS": "june", "PEAK_WATCH_PERIOD": "week"}
    period, months = problems_of(wrong)
    assert period.endswith("must be one of month, season")
    assert months.endswith("must be numbers from 1 to 12 such as 1-3,12")


def test_from_when_on_a_substation_is_wrong_is_said_by_settings():
    strict = settings(SUBSTATION_SUM_PERCENT="3", SUBSTATION_POWER_FACTOR_PERCENT="97")

    assert settings().health_rules == HealthRules()
    assert strict.health_rules == HealthRules(sum_share=0.03, power_factor=0.97)


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_value_counts_as_none(empty: str):
    built = build_settings(
        environment={"PORT": empty, "API_KEY": empty}, env={"PORT": "81"}
    )

    assert (built.port, built.api_key) == (81, None)


@pytest.mark.parametrize("name", ["AMBER_API_KEY", "API_KEY"])
@pytest.mark.parametrize(
    "pasted",
    ["Bearer psk_0123456789", '"psk_0123456789"', "\u201cpsk_0123456789\u201d "],
)
def test_a_pasted_key_is_understood_wherever_it_was_pasted(name: str, pasted: str):
    built = (
        build_settings(environment={name: pasted}),
        build_settings(environment={}, env_local={name: pasted}),
        build_settings(environment={}, env={name: pasted}),
        build_settings(environment={}, options={name.lower(): pasted}),
    )

    keys = {getattr(settings, name.lower()) for settings in built}

    assert keys == {Secret("psk_0123456789")}


def test_quotes_around_no_key_are_no_key():
    built = build_settings(
        environment={"API_KEY": '""'}, env={"API_KEY": "key-of-the-file"}
    )

    assert built.api_key == Secret("key-of-the-file")


def test_the_options_of_the_app_are_read_in_their_own_types():
    built = build_settings(
        environment={},
        options={
            "poll_interval_minutes": 30,
            "kamo_enabled": False,
            "collect_forecasts": True,
            "kamo_substation_areas": ["OZEC", 7],
            "amber_api_key": None,
        },
    )

    assert built.poll_interval_minutes == 30
    assert (built.kamo_enabled, built.collect_forecasts) == (False, True)
    assert built.kamo_substation_areas.chooses(1, "OZEC")
    assert built.kamo_substation_areas.chooses(7, "SOEC")
    assert built.amber_api_key is None


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("COLLECTION_INTERVAL_MINUTES", "15", 15),
        ("HISTORICAL_START_DATE", "2024-07-01", date(2024, 7, 1)),
        ("HISTORICAL_START_DATE", "2024-07-01T00:00:00", date(2024, 7, 1)),
        ("HISTORICAL_START_DATE", "2024-06-30T14:00:00Z", date(2024, 7, 1)),
        ("COLLECT_FORECASTS", "No", False),
        ("COLLECT_FORECASTS", "1", True),
        ("FORECAST_HOURS_AHEAD", "72", 72),
        ("FORECAST_RETENTION_HOURS", "0", None),
        ("FORECAST_RETENTION_HOURS", "Forever", None),
        ("FORECAST_RETENTION_HOURS", "720", 720),
        ("FORCE_REINIT", "2026-01", "2026-01"),
        ("FORCE_REINIT", "true", "true"),
        ("FORCE_REINIT", "false", None),
        ("KAMO_SUBSTATION_AREAS", "none", NO_AREAS),
        ("API_KEY", "a-good-key", Secret("a-good-key")),
        ("SMTP_PASSWORD", "with space", Secret("with space")),
        ("NOTIFICATION_EMAIL", "me@example.org", "me@example.org"),
        ("TZ", "Australia/Sydney", ZoneInfo("Australia/Sydney")),
        ("TZ", ":America/Chicago", ZoneInfo("America/Chicago")),
        ("LOG_LEVEL", "debug", "DEBUG"),
        ("DATABASE_URL", "postgres://u:p@h/n", Secret("postgres://u:p@h/n")),
        ("AMBER_BASE_URL", "http://127.0.0.1:1/v1/", "http://127.0.0.1:1/v1"),
        ("DATA_DIR", "/data", Path("/data")),
    ],
)
def test_a_value_is_read_as_what_it_is(name: str, text: str, value: object):
    assert getattr(settings(**{name: text}), name.lower()) == value


def test_the_default_store_lies_in_the_data_folder():
    built = settings(DATA_DIR="/srv/energy")
    elsewhere = settings(DATA_DIR="/srv/energy", DATABASE_URL="sqlite:////mnt/e.db")

    assert built.store_address == Secret("sqlite:////srv/energy/energy-logger.db")
    assert elsewhere.store_address == Secret("sqlite:////mnt/e.db")


def test_keeping_for_ever_has_no_span():
    assert settings(FORECAST_RETENTION_HOURS="0").forecast_retention is None


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("POLL_INTERVAL_MINUTES", "7", "must be one of 5, 10, 15, 30"),
        ("POLL_INTERVAL_MINUTES", "5.0", "must be one of 5, 10, 15, 30"),
        (
            "DATA_DIR",
            "~nobody-of-that-name/data",
            "must not be in the home of a user who has none",
        ),
        ("DATA_DIR", "/data\0", "must not contain a null character"),
        ("DATABASE_URL", "sqlite:////data\0", "must not contain a null character"),
        ("PORT", "0", "must be a whole number from 1 to 65535"),
        ("PORT", "http", "must be a whole number from 1 to 65535"),
        ("FORECAST_HOURS_AHEAD", "73", "must be a whole number from 1 to 72"),
        ("KAMO_ENABLED", "maybe", "must be true or false"),
        (
            "HISTORICAL_START_DATE",
            "last year",
            "must be a date such as 2024-07-01, or an ISO time",
        ),
        ("HISTORICAL_START_DATE", "1901-01-01", "must lie in 1998 or later"),
        (
            "HISTORICAL_START_DATE",
            "0001-01-01T00:00:00+23:00",
            "must be a date such as 2024-07-01, or an ISO time",
        ),
        (
            "FORECAST_RETENTION_HOURS",
            "-1",
            "must be a number of hours; 0 or forever never drops any",
        ),
        (
            "FORECAST_RETENTION_HOURS",
            "999999999",
            "must be a number of hours; 0 or forever never drops any",
        ),
        ("LOG_LEVEL", "loud", "must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        (
            "TZ",
            "Sydney",
            "must be a time zone such as Australia/Sydney or America/Chicago",
        ),
        (
            "TZ",
            "../etc/passwd",
            "must be a time zone such as Australia/Sydney or America/Chicago",
        ),
        (
            "NOTIFICATION_EMAIL",
            "me",
            "must be an e-mail address such as me@example.org",
        ),
        (
            "AMBER_API_KEY",
            "psk_ with space",
            "must not contain spaces or characters outside ASCII",
        ),
        (
            "AMBER_BASE_URL",
            "amber",
            "must be an address such as http://127.0.0.1:8081",
        ),
        (
            "KAMO_BASE_URL",
            "http://[",
            "must be an address such as http://127.0.0.1:8081",
        ),
        (
            "KAMO_BASE_URL",
            "http://user:password@127.0.0.1:8081",
            "must be an address such as http://127.0.0.1:8081",
        ),
        ("DATABASE_URL", "no address", "is not a database address"),
        (
            "DATABASE_URL",
            "mysql://u:very-secret@h/n",
            (
                "mysql is not supported, use sqlite:///PATH or "
                "postgresql://USER:PASSWORD@HOST/NAME"
            ),
        ),
    ],
)
def test_an_unusable_value_is_refused_with_what_is_allowed(
    name: str, text: str, sentence: str
):
    assert problems_of({name: text}) == (f"{name} in the environment {sentence}",)


@pytest.mark.parametrize("key", ["short", "change-me", "CHANGEME"])
def test_a_weak_or_well_known_api_key_is_refused_without_repeating_it(key: str):
    [problem] = problems_of({"API_KEY": key})

    assert problem.startswith("API_KEY in the environment must have at least 8 ")
    assert key not in problem


def test_all_problems_are_named_together_each_with_its_place():
    with pytest.raises(ConfigurationError) as refused:
        build_settings(
            environment={"PORT": "x"},
            env_local={"TZ": "Mars"},
            env={"LOG_LEVEL": "loud"},
            options={"poll_interval_minutes": 6, "smtp_host": {}, "host": [[{}]]},
        )

    assert sorted(problem.split(" must")[0] for problem in refused.value.problems) == [
        "HOST in options.json",
        "LOG_LEVEL in .env",
        "POLL_INTERVAL_MINUTES in options.json",
        "PORT in the environment",
        "SMTP_HOST in options.json",
        "TZ in .env.local",
    ]


def test_no_problem_holds_a_secret():
    leak = "läk-secret"
    names = [setting.name for setting in SETTINGS]

    problems = problems_of(dict.fromkeys(names, leak))

    assert len(problems) > 10
    assert leak not in " ".join(problems)


def test_the_settings_do_not_show_their_secrets():
    names = [setting.name for setting in SETTINGS if setting.is_secret]
    texts = {name: f"sqlite:///hidden-{name}" for name in names}

    shown = repr(settings(**texts))

    assert len(names) == 6
    assert "hidden" not in shown


def test_unknown_options_are_ignored_with_a_warning():
    built = build_settings(environment={}, options={"pol_interval": 5, "zone": "x"})

    assert built.warnings == (
        "pol_interval in options.json is ignored: there is no such setting",
        "zone in options.json is ignored: there is no such setting",
    )


def test_other_utilities_can_be_named_by_the_environment_only():
    built = build_settings(
        environment={"KAMO_BASE_URL": "http://127.0.0.1:2"},
        env={"AMBER_BASE_URL": "http://127.0.0.1:1"},
        options={"kamo_base_url": "http://127.0.0.1:3"},
    )

    assert built.amber_base_url is None
    assert built.kamo_base_url == "http://127.0.0.1:2"
    assert built.warnings == (
        "AMBER_BASE_URL in .env is ignored: only the environment can set it",
        "KAMO_BASE_URL in options.json is ignored: only the environment can set it",
    )


def test_mail_needs_a_server_and_a_recipient():
    server = {"SMTP_HOST": "mail"}
    recipient = {"NOTIFICATION_EMAIL": "me@example.org"}

    assert settings(**server, **recipient).has_mail
    assert not settings(**server).has_mail
    assert not settings(**recipient).has_mail


def test_addresses_of_services_may_hold_commas_themselves():
    built = settings(NOTIFICATION_URLS="ntfys://one, json://host/a,b  tgram://x/y")

    assert [one.reveal() for one in built.notification_addresses] == [
        "ntfys://one",
        "json://host/a,b",
        "tgram://x/y",
    ]
    assert settings().notification_addresses == ()


def test_quiet_hours_are_two_different_times():
    built = settings(NOTIFICATION_QUIET_HOURS="22:00 - 06:30")

    assert str(built.notification_quiet_hours) == "22:00-06:30"
    for text in ("22-07", "22:00", "25:00-07:00", "07:00-07:00"):
        with pytest.raises(ConfigurationError, match="two different times"):
            settings(NOTIFICATION_QUIET_HOURS=text)


@pytest.mark.parametrize(
    ("values", "page"),
    [
        ({"PUBLIC_URL": "https://energy.example.org/"}, "https://energy.example.org/"),
        ({"SUPERVISOR_TOKEN": "token"}, "the panel Energy Logger in Home Assistant"),
        ({"PORT": "81"}, "port 81 of the machine that it runs on"),
    ],
)
def test_messages_name_the_pages_as_their_reader_gets_there(
    values: dict[str, str], page: str
):
    assert settings(**values).page == page


def test_services_are_addresses_or_nothing():
    with pytest.raises(ConfigurationError, match="addresses of Apprise"):
        settings(NOTIFICATION_URLS="my-topic")
    with pytest.raises(ConfigurationError, match="starttls, tls, none"):
        settings(SMTP_SECURITY="ssl")


def test_the_files_are_read_where_they_lie(tmp_path: Path):
    (tmp_path / ".env").write_text("PORT=81\nHOST=env")
    (tmp_path / ".env.local").write_text("PORT=82")
    options = tmp_path / "options.json"
    options.write_text(json.dumps({"host": "app", "log_level": "ERROR"}))

    built = load_settings({}, folder=tmp_path, options_file=options)

    assert (built.port, built.host, built.log_level) == (82, "env", "ERROR")


def test_files_that_are_not_there_are_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "8123")

    assert load_settings(options_file=tmp_path / "none").port == 8123


def test_files_that_cannot_be_read_are_named_with_the_rest(tmp_path: Path):
    (tmp_path / ".env").write_text("PORT=81\nnonsense\n")
    (tmp_path / ".env.local").write_bytes(b"HOST=\xff")
    options = tmp_path / "options.json"
    options.write_text("[]")

    with pytest.raises(ConfigurationError) as refused:
        load_settings({"TZ": "Mars"}, folder=tmp_path, options_file=options)

    assert refused.value.problems == (
        ".env.local is not UTF-8 text",
        "line 2 of .env is not NAME=VALUE",
        "options.json is not a JSON object",
        (
            "TZ in the environment must be a time zone such as Australia/Sydney or "
            "America/Chicago"
        ),
    )


@pytest.mark.parametrize("content", ["{", '"text"', ""])
def test_options_that_are_not_an_object_are_refused(tmp_path: Path, content: str):
    options = tmp_path / "options.json"
    options.write_text(content)

    with pytest.raises(ConfigurationError, match="not a JSON object"):
        load_settings({}, folder=tmp_path, options_file=options)


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path):
    (tmp_path / ".env").mkdir()

    with pytest.raises(PlaceUnusable) as refused:
        load_settings({}, folder=tmp_path, options_file=tmp_path / "none")

    assert str(refused.value) == (
        f"cannot read settings from {tmp_path}/.env: Is a directory; move away the "
        "folder that lies where a file must be"
    )


def table_after(heading: str) -> list[list[str]]:
    """Return the cells of the page's table below a heading, without its rule."""
    text = PAGE.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rows = [[c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [rows[0], *rows[2:]]


def test_the_page_shows_the_table_of_settings():
    assert table_after("All settings") == [
        ["name", "value", "default", "secret", "over the API", "what it does"],
        *(
            [
                f"`{setting.name}`",
                setting.kind.allowed,
                f"`{default}`" if default else "",
                "yes" if setting.is_secret else "",
                "yes" if setting.is_editable else "",
                setting.description
                + (" Environment only." if setting.is_environment_only else ""),
            ]
            for setting in SETTINGS
            for default in [text_of(setting.as_json(setting.default))]
        ),
    ]


def test_the_page_shows_what_polling_takes_on_disk():
    def cell(minutes: int, substations: int) -> str:
        readings = MINUTES_PER_YEAR // minutes * substations
        size = readings * BYTES_PER_READING
        return f"{readings / 1e6:.1f} million, {size / 1e9:.2f} GB" if size else "0"

    assert table_after("Disk space") == [
        ["poll interval", *SUBSTATIONS],
        *(
            [
                f"{minutes} minutes",
                *(cell(minutes, count) for count in SUBSTATIONS.values()),
            ]
            for minutes in (5, 10, 15, 30)
        ),
    ]
