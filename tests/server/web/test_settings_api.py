"""``/api/settings``: what is shown, what is saved, what is refused; D1 and D13."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from energy_logger_server.config.live import LiveSettings
from energy_logger_server.config.load import build_settings
from energy_logger_server.config.settings import SETTINGS
from energy_logger_server.store.settings.read import saved_settings
from tests.server.web.conftest import ENVIRONMENT, Api

INTERVAL = "/api/settings/POLL_INTERVAL_MINUTES"
SECRETS = [setting.name for setting in SETTINGS if setting.is_secret]


async def put(api: Api, name: str, value: object) -> dict[str, Any]:
    """Return the answer to a change that must be a good one."""
    answer = await api.get(f"/api/settings/{name}", method="PUT", json={"value": value})
    assert isinstance(answer, dict)
    return answer


@pytest.fixture
def root_level() -> Iterator[None]:
    """Set the level of the log back at the end."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


async def test_every_setting_is_listed_with_where_it_comes_from(api: Api):
    answer = await api.get("/api/settings")

    shown = answer["settings"]
    assert list(shown) == [setting.name for setting in SETTINGS]
    assert shown["SMTP_HOST"]["source"] == "environment"
    assert shown["POLL_INTERVAL_MINUTES"] == {
        "value": 5,
        "description": "How often KAMO is asked.",
        "type": "integer",
        "default": 5,
        "choices": [5, 10, 15, 30],
        "allowed": "5, 10, 15 or 30",
        "source": "default",
        "is_editable": True,
        "is_secret": False,
        "is_set": False,
        "applies": "now",
        "problem": None,
    }
    assert shown["PORT"]["applies"] == "restart"
    assert answer["warnings"] == []


@pytest.mark.parametrize("name", SECRETS)
async def test_a_secret_is_never_shown_only_whether_it_is_set(api: Api, name: str):
    for spelling in (name, name.lower()):
        shown = await api.get(f"/api/settings/{spelling}")

        assert (shown["key"], shown["value"]) == (spelling, None)
        assert shown["is_set"] is (name in ENVIRONMENT)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/settings", None),
        ("POST", "/api/settings", {"settings": {"TZ": "UTC"}}),
        ("GET", INTERVAL, None),
        ("PUT", INTERVAL, {"value": 15}),
        ("DELETE", INTERVAL, None),
    ],
)
async def test_nobody_without_the_key_sees_or_changes_anything(
    api: Api, method: str, path: str, body: object
):
    for key in (None, "wrong"):
        status, error = await api.error(path, method=method, json=body, key=key)

        assert status == 401
        assert error["code"] in ("missing_api_key", "wrong_api_key")
    assert await api.store.read(saved_settings) == {}


@pytest.mark.parametrize(
    "name", ["NOTHING", "Poll_Interval_Minutes", "amber_base", "__class__"]
)
async def test_a_name_that_is_no_settings_is_not_found(api: Api, name: str):
    for method, body in (("GET", None), ("PUT", {"value": 1}), ("DELETE", None)):
        status, error = await api.error(
            f"/api/settings/{name}", method=method, json=body
        )

        assert (status, error["code"], error["parameter"]) == (
            404,
            "unknown_setting",
            name,
        )


async def test_a_saved_value_is_in_force_and_in_the_store(api: Api):
    answer = await put(api, "poll_interval_minutes", 15)

    assert answer == {
        "key": "poll_interval_minutes",
        "value": 15,
        "success": True,
        "source": "saved",
        "applies": "now",
    }
    assert (await api.get(INTERVAL))["value"] == 15
    assert await api.store.read(saved_settings) == {"POLL_INTERVAL_MINUTES": "15"}


async def test_a_restarted_server_has_what_was_saved(api: Api):
    await put(api, "TZ", "Australia/Sydney")

    restarted = await LiveSettings.read(build_settings(environment={}), api.store)

    assert restarted.state("TZ")["value"] == "Australia/Sydney"


async def test_a_setting_can_be_set_to_nothing_where_nothing_is_allowed(api: Api):
    answer = await put(api, "SMTP_HOST", None)

    assert (answer["value"], answer["source"]) == (None, "saved")


async def test_a_reset_brings_the_machines_value_back(api: Api):
    await put(api, "smtp_host", "other.example.org")

    answer = await api.get("/api/settings/smtp_host", method="DELETE")
    again = await api.get("/api/settings/smtp_host", method="DELETE")

    assert (
        again
        == answer
        == {
            "key": "smtp_host",
            "value": "mail.example.org",
            "reset": True,
            "source": "environment",
            "applies": "now",
        }
    )
    assert await api.store.read(saved_settings) == {}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "POLL_INTERVAL_MINUTES",
            7,
            "POLL_INTERVAL_MINUTES must be one of 5, 10, 15, 30",
        ),
        ("kamo_enabled", "perhaps", "KAMO_ENABLED must be true or false"),
        ("LOG_LEVEL", "", "LOG_LEVEL must not be empty"),
        (
            "SMTP_FROM",
            "me\nBcc: you@example.org",
            "SMTP_FROM must not contain line ends or other control characters",
        ),
    ],
)
async def test_a_value_that_cannot_be_is_refused_with_what_can(
    api: Api, name: str, value: object, sentence: str
):
    status, error = await api.error(
        f"/api/settings/{name}", method="PUT", json={"value": value}
    )

    assert (status, error) == (
        422,
        {"code": "invalid_setting", "message": sentence, "parameter": name},
    )
    assert await api.store.read(saved_settings) == {}


@pytest.mark.parametrize(
    "body", [{}, {"value": {}}, {"value": [[]]}, {"value": 1, "more": 2}]
)
async def test_a_body_of_another_shape_is_refused(api: Api, body: object):
    status, error = await api.error(INTERVAL, method="PUT", json=body)

    assert (status, error["code"]) == (400, "invalid_parameter")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("API_KEY", "in .env or in the app's options"),
        ("DATABASE_URL", "in .env or in the app's options"),
        ("CORS_ORIGINS", "in .env or in the app's options"),
        ("KAMO_BASE_URL", "set it in the environment, and restart"),
    ],
)
async def test_what_only_the_machine_sets_is_refused_saying_where_it_is_set(
    api: Api, name: str, place: str
):
    path = f"/api/settings/{name}"
    for method, body in (("PUT", {"value": "x"}), ("DELETE", None)):
        status, error = await api.error(path, method=method, json=body)

        assert (status, error["code"], error["parameter"]) == (
            409,
            "not_editable",
            name,
        )
        assert place in error["message"]


async def test_several_settings_are_saved_at_once(api: Api):
    answer = await api.get(
        "/api/settings",
        method="POST",
        json={"settings": {"tz": "Europe/Berlin", "KAMO_SUBSTATION_AREAS": [1, 3]}},
    )

    assert answer == {
        "success": True,
        "results": {"tz": True, "KAMO_SUBSTATION_AREAS": True},
    }
    shown = (await api.get("/api/settings"))["settings"]
    assert shown["TZ"]["value"] == "Europe/Berlin"
    assert shown["KAMO_SUBSTATION_AREAS"]["value"] == "1,3"


@pytest.mark.parametrize(
    ("wrong", "status", "blamed"),
    [
        ({"LOG_LEVEL": "loud"}, 422, "LOG_LEVEL"),
        ({"API_KEY": "a-good-long-key"}, 409, "API_KEY"),
        ({"COLOUR": "red"}, 404, "COLOUR"),
        ({"TZ": "UTC", "tz": "UTC"}, 422, "tz"),
    ],
)
async def test_of_several_settings_one_that_is_wrong_keeps_all_from_being_saved(
    api: Api, wrong: dict[str, object], status: int, blamed: str
):
    answered, error = await api.error(
        "/api/settings",
        method="POST",
        json={"settings": {"SMTP_PORT": 2525, **wrong}},
    )

    assert (answered, error["parameter"]) == (status, blamed)
    assert await api.store.read(saved_settings) == {}
    assert (await api.get("/api/settings/SMTP_PORT"))["value"] == 587


async def test_saving_no_settings_changes_nothing(api: Api):
    answer = await api.get("/api/settings", method="POST", json={"settings": {}})

    assert answer == {"success": True, "results": {}}


@pytest.mark.usefixtures("root_level")
async def test_the_log_follows_its_level_at_once(api: Api):
    await put(api, "LOG_LEVEL", "debug")
    assert logging.getLogger().level == logging.DEBUG

    await api.get("/api/settings/LOG_LEVEL", method="DELETE")
    assert logging.getLogger().level == logging.INFO


async def test_no_answer_no_log_and_no_error_holds_a_secret(
    api: Api, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    heard = [await (await api.ask("/api/settings")).text()]
    for name in SECRETS:
        path = f"/api/settings/{name}"
        for method, body in (
            ("GET", None),
            ("PUT", {"value": "marker-of-a-guess"}),
            ("DELETE", None),
        ):
            heard.append(await (await api.ask(path, method=method, json=body)).text())
    answer = await api.ask(
        "/api/settings",
        method="POST",
        json={"settings": dict.fromkeys(SECRETS, "marker-of-a-guess")},
    )
    heard += [await answer.text(), caplog.text]

    for secret in (ENVIRONMENT["AMBER_API_KEY"], "marker-of-a-guess"):
        assert not [text for text in heard if secret in text]
