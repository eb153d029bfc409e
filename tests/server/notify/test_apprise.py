"""Services of Apprise, as a web service on loopback sees them."""

import logging
import subprocess
import sys

import pytest

from energy_logger_server.config.secret import Secret
from energy_logger_server.domain.notifications.messages import Message
from energy_logger_server.errors import NotificationFailed
from energy_logger_server.notify.apprise_service import AppriseService
from tests.launch.programs import free_port
from tests.server.notify.receiver import TOKEN, Receiver

MESSAGE = Message("Subject", "What happened.")


async def test_a_message_arrives_with_its_subject_and_its_text(webhook: Receiver):
    await AppriseService(Secret(webhook.url)).send(MESSAGE)

    assert (webhook.titles, webhook.bodies) == ([MESSAGE.subject], [MESSAGE.body])


async def test_what_a_service_refuses_is_told_without_its_address(
    webhook: Receiver, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    webhook.status = 403

    with pytest.raises(NotificationFailed) as refused:
        await AppriseService(Secret(webhook.url)).send(MESSAGE)

    assert str(refused.value) == "the service refuses the message with status 403"
    assert TOKEN not in caplog.text


async def test_a_service_that_is_not_there_is_told(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    service = AppriseService(Secret(f"json://127.0.0.1:{free_port()}/{TOKEN}"))

    with pytest.raises(NotificationFailed) as refused:
        await service.send(MESSAGE)

    assert str(refused.value) == (
        "the service does not take the message: check NOTIFICATION_URLS"
    )
    assert TOKEN not in caplog.text


async def test_an_address_that_apprise_does_not_know_is_told():
    with pytest.raises(NotificationFailed, match="does not know this kind of address"):
        await AppriseService(Secret(f"nosuchservice://{TOKEN}")).send(MESSAGE)


def test_a_name_says_the_kind_and_nothing_of_the_address(webhook: Receiver):
    name = AppriseService(Secret(webhook.url)).name

    assert name.startswith("json-")
    assert TOKEN not in name


def test_nobody_pays_for_what_he_does_not_use():
    program = """
import sys
from energy_logger_server.config.load import build_settings
from energy_logger_server.clock import SystemClock
from energy_logger_server.notify.services import services_of
settings = build_settings(environment={"NOTIFICATION_URLS": "json://host"})
services_of(settings, SystemClock())
print({"apprise", "aiosmtplib"} & sys.modules.keys())
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert ended.stdout == "set()\n"
