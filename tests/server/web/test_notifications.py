"""Test messages: whether anybody would be told."""

from pathlib import Path

import pytest

from energy_logger_server.domain.collecting.runs import Source
from tests.server.notify.mail_server import mail_server
from tests.server.notify.receiver import TOKEN, receiver
from tests.server.web.conftest import Api

SUBJECT = "[Energy Logger] Test message"


async def save(api: Api, **values: object) -> None:
    await api.get("/api/settings", method="POST", json={"settings": values})


def mail_settings(port: int) -> dict[str, object]:
    return {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": port,
        "SMTP_SECURITY": "none",
        "NOTIFICATION_EMAIL": "me@example.org",
    }


async def test_every_service_that_is_set_up_gets_a_test_message(api: Api):
    async with mail_server() as server, receiver() as webhook:
        await save(api, NOTIFICATION_URLS=webhook.url, **mail_settings(server.port))

        answer = await api.get("/api/notifications/test", method="POST")

    assert answer["success"] is True
    kinds = [name.partition("-")[0] for name in answer["services"]]
    assert kinds == ["email", "json"]
    assert all(name in answer["message"] for name in answer["services"])
    assert (server.subjects, webhook.titles) == ([SUBJECT], [SUBJECT])


async def test_the_test_of_mail_leaves_other_services_alone(api: Api):
    async with mail_server() as server, receiver() as webhook:
        await save(api, NOTIFICATION_URLS=webhook.url, **mail_settings(server.port))

        answer = await api.get("/api/test-email", method="POST")

    assert (answer["success"], len(answer["services"])) == (True, 1)
    assert (server.subjects, webhook.asked) == ([SUBJECT], 0)


@pytest.mark.parametrize(
    ("path", "others"),
    [("/api/test-email", ""), ("/api/notifications/test", ", or NOTIFICATION_URLS")],
)
async def test_without_a_service_the_answer_says_what_to_set(
    api: Api, path: str, others: str
):
    status, error = await api.error(path, method="POST")

    assert (status, error["code"]) == (409, "not_set_up")
    assert error["message"] == (
        f"nobody is notified: set SMTP_HOST and NOTIFICATION_EMAIL{others}"
    )


async def test_a_service_that_fails_is_named_with_its_reason_and_those_that_work(
    api: Api,
):
    async with mail_server() as server, receiver() as webhook:
        webhook.status = 500
        await save(api, NOTIFICATION_URLS=webhook.url, **mail_settings(server.port))

        status, error = await api.error("/api/notifications/test", method="POST")

    assert (status, error["code"]) == (502, "notification_failed")
    failed, took = error["message"].split("; ")
    assert failed.startswith("json-")
    assert failed.endswith(": the service refuses the message with status 500")
    assert took.startswith("sent by email-")
    assert TOKEN not in error["message"]
    assert server.subjects == [SUBJECT]


async def test_status_says_whether_anybody_is_told(api: Api):
    before = await api.get("/api/status")
    await save(api, NOTIFICATION_EMAIL="me@example.org")
    after = await api.get("/api/status")

    told = [status["notifications_enabled"] for status in (before, after)]
    assert told == [False, True]


async def test_status_and_metrics_say_what_is_wrong_how_services_do_and_the_disk(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    before = await api.get("/api/status")
    api.collecting.set_up(Source.AMBER, refused_since=api.clock.now())
    async with receiver() as webhook:
        webhook.status = 500
        await save(api, NOTIFICATION_URLS=webhook.url)
        await api.notifier.check()
        api.clock.advance(120)
        await api.notifier.check()

    status = await api.get("/api/status")
    metrics = await (await api.ask("/metrics")).text()

    assert (before["alerts"], before["notifications"], before["disk"]) == ([], [], None)
    (alert,) = status["alerts"]
    assert alert["message"] == "The utility refuses the key."
    assert (alert["code"], alert["subject"]) == ("key_refused", "amber")
    (service,) = status["notifications"]
    name = service.pop("service")
    assert service == {
        "last_sent_at": None,
        "waiting": 1,
        "failing_since": api.clock.now().isoformat(),
        "problem": "the service refuses the message with status 500",
    }
    assert status["disk"]["free_mb"] > 0
    assert status["disk"]["days_left"] is None
    assert 'energy_logger_alerts{code="key_refused"} 1.0' in metrics
    assert 'energy_logger_alerts{code="store_damaged"} 0.0' in metrics
    working = f'energy_logger_notification_service_working{{service="{name}"}} 0.0'
    assert working in metrics
    assert "\nenergy_logger_disk_free_bytes " in metrics
    # not known yet
    assert "\nenergy_logger_disk_days_left " not in metrics


@pytest.mark.parametrize("path", ["/api/test-email", "/api/notifications/test"])
async def test_nobody_sends_test_messages_without_the_key(api: Api, path: str):
    status, error = await api.error(path, method="POST", key=None)

    assert (status, error["code"]) == (401, "missing_api_key")
