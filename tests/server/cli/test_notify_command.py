"""A test message on the command line, beside a server and without one."""

import re

from tests.server.cli.conftest import answer_of
from tests.server.notify.receiver import TOKEN, receiver

_SENT = re.compile(r"A test message was sent by json-[0-9a-f]{8}\.\n")


async def test_without_a_server_the_settings_of_the_next_start_are_tried(
    run, environment
):
    async with receiver() as webhook:
        environment["NOTIFICATION_URLS"] = webhook.url

        sent = await run("notify", "test", environment=environment)

    assert _SENT.fullmatch(sent.out), sent.errors
    assert webhook.titles == ["[Energy Logger] Test message"]


async def test_a_message_that_is_not_taken_is_one_sentence_without_the_address(
    run, environment
):
    nobody = await run("notify", "test", environment=environment)
    async with receiver() as webhook:
        webhook.status = 401
        environment["NOTIFICATION_URLS"] = webhook.url
        refused = await run("notify", "test", environment=environment)

    assert (nobody.code, nobody.errors) == (
        2,
        (
            "energy-logger: nobody is notified: set SMTP_HOST and NOTIFICATION_EMAIL, "
            "or NOTIFICATION_URLS\n"
        ),
    )
    assert refused.code == 1
    assert refused.errors.endswith(
        ": the service refuses the message with status 401\n"
    )
    assert TOKEN not in refused.errors


async def test_beside_a_server_it_is_the_server_that_sends(start, run, environment):
    async with receiver() as webhook:
        process = await start(
            "serve", environment={**environment, "NOTIFICATION_URLS": webhook.url}
        )
        await answer_of(f"http://127.0.0.1:{environment['PORT']}/api/info", process)

        sent = await run("notify", "test", environment=environment)
        webhook.status = 500
        refused = await run("notify", "test", environment=environment)
        process.kill()

    assert _SENT.fullmatch(sent.out), sent.errors
    assert (refused.code, len(refused.errors.splitlines())) == (1, 1)
    assert "refuses the message with status 500" in refused.errors
