"""Mail, sent to a real server on loopback."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from energy_logger_server.config.load import build_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.notifications.messages import Message
from energy_logger_server.errors import NotificationFailed
from energy_logger_server.notify.email import EmailService
from energy_logger_simulator.settable_clock import SettableClock
from tests.launch.programs import free_port
from tests.server.notify.mail_server import PASSWORD, USER, Certificate, mail_server

pytestmark = [
    # what aiosmtpd says to itself, and to those who take passwords in the clear
    pytest.mark.filterwarnings("ignore:Session.login_data:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning"),
]
NOW = datetime(2026, 4, 5, 3, 4, 5, tzinfo=UTC)
MESSAGE = Message("KAMO — is it there?", "First line.\n\nÜber all.\n")


def settings_for(port: int, **values: str) -> Settings:
    return build_settings(
        environment={
            "SMTP_HOST": "localhost",
            "SMTP_PORT": str(port),
            "SMTP_SECURITY": "none",
            "NOTIFICATION_EMAIL": "owner@example.org",
            **values,
        }
    )


def service(settings: Settings, certificate: Certificate | None = None) -> EmailService:
    tls = None if certificate is None else certificate.client
    return EmailService(settings, SettableClock(NOW), tls=tls)


NO_ANSWER = (
    "the mail server cannot be reached, or hangs up: check SMTP_HOST, SMTP_PORT and "
    "SMTP_SECURITY"
)
LOGIN = {"SMTP_USER": USER, "SMTP_PASSWORD": PASSWORD}


async def test_a_mail_says_from_whom_to_whom_when_and_what():
    async with mail_server() as server:
        await service(settings_for(server.port)).send(MESSAGE)

    (mail,) = server.mails
    assert mail["Subject"] == MESSAGE.subject
    assert mail.get_content().splitlines() == MESSAGE.body.splitlines()
    assert mail["From"] == "Energy Logger <owner@example.org>"
    assert mail["To"] == "owner@example.org"
    assert server.recipients == ["owner@example.org"]
    assert mail["Date"] == "Sun, 05 Apr 2026 03:04:05 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert str(mail["Message-ID"]).endswith("@example.org>")


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
@pytest.mark.parametrize("has_login", [True, False])
async def test_every_kind_of_connection_takes_a_mail_with_and_without_login(
    security: str, has_login: bool, certificate: Certificate
):
    async with mail_server(
        tls=None if security == "none" else certificate.server,
        is_tls_at_once=security == "tls",
        needs_login=has_login,
    ) as server:
        login = LOGIN if has_login else {}
        settings = settings_for(server.port, SMTP_SECURITY=security, **login)
        await service(settings, certificate).send(MESSAGE)

    assert server.subjects == [MESSAGE.subject]
    assert server.was_encrypted == [security != "none"]
    assert server.users == [USER if has_login else None]


@pytest.mark.parametrize(
    ("values", "sender"),
    [
        ({"SMTP_FROM": "logger@example.org", "SMTP_USER": USER}, "logger@example.org"),
        ({"SMTP_USER": USER}, USER),
        ({"SMTP_USER": "no-address"}, "owner@example.org"),
    ],
)
def test_the_sender_is_the_one_that_is_set_or_one_that_the_server_knows(
    values: dict[str, str], sender: str
):
    assert settings_for(25, **values).mail_sender == sender


async def problem_of(sending: EmailService) -> str:
    with pytest.raises(NotificationFailed) as refused:
        await sending.send(MESSAGE)
    error = refused.value
    assert (error.__cause__, error.__context__) == (None, None)
    return str(error)


async def test_a_wrong_password_is_told_and_not_repeated():
    async with mail_server(needs_login=True) as server:
        wrong = {**LOGIN, "SMTP_PASSWORD": "a-wrong-password"}
        said = await problem_of(service(settings_for(server.port, **wrong)))

    assert said == "the mail server refuses SMTP_USER and SMTP_PASSWORD"


async def test_what_a_server_says_is_not_repeated():
    async with mail_server() as server:
        server.answer = f"554 no mail from {USER} with {PASSWORD}"
        said = await problem_of(service(settings_for(server.port)))

    assert said == "the mail server refuses the mail with status 554"


async def test_a_certificate_of_somebody_else_is_told(certificate: Certificate):
    async with mail_server(tls=certificate.server) as server:
        settings = settings_for(server.port, SMTP_SECURITY="starttls")
        said = await problem_of(service(settings))

    assert said == (
        "the mail server shows a certificate that is not valid for SMTP_HOST"
    )


@pytest.mark.parametrize(
    ("security", "said"),
    [
        ("starttls", "does not offer what SMTP_SECURITY or SMTP_USER ask for"),
        ("tls", "speaks no TLS on this port: check SMTP_SECURITY"),
    ],
)
async def test_a_server_without_tls_is_told(
    security: str, said: str, certificate: Certificate
):
    async with mail_server() as server:
        settings = settings_for(server.port, SMTP_SECURITY=security)
        problem = await problem_of(service(settings, certificate))

    assert problem == f"the mail server {said}"
    assert server.mails == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("MAIL", "refuses the sender: set SMTP_FROM"),
        ("RCPT", "refuses the recipient: check NOTIFICATION_EMAIL"),
    ],
)
async def test_an_address_that_a_server_refuses_is_named(words: str, said: str):
    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"220 hello\r\n")
        while line := await reader.readline():
            refused = line.startswith(words.encode())
            writer.write(b"550 not that one\r\n" if refused else b"250 ok\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        said_of_it = await problem_of(service(settings_for(port)))

    assert said_of_it == f"the mail server {said}"


async def test_a_server_that_is_not_there_is_told():
    said = await problem_of(service(settings_for(free_port())))

    assert said == NO_ANSWER


async def test_a_server_that_hangs_up_is_told():
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        said = await problem_of(service(settings_for(port)))

    assert said == NO_ANSWER


@pytest.mark.virtual_time
async def test_a_server_that_says_nothing_is_given_up():
    is_over = asyncio.Event()

    async def be_silent(
        _reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await is_over.wait()
        writer.close()

    async with await asyncio.start_server(be_silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        said = await problem_of(service(settings_for(port)))
        is_over.set()

    assert said == (
        "the mail server does not answer in time: check SMTP_HOST and SMTP_PORT"
    )


def test_another_recipient_is_another_service_and_its_name_holds_no_address():
    one = settings_for(25)
    other = replace(one, notification_email="other@example.org")

    names = {service(settings).name for settings in (one, one, other)}

    assert len(names) == 2
    assert all(name.startswith("email-") and "@" not in name for name in names)
