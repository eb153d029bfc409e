"""A real mail server on loopback, in the event loop of the test."""

import asyncio
import email
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER = "me@example.org"
PASSWORD = "of-the-mailbox-alone"  # noqa: S105 - a made-up one


@dataclass(slots=True)
class MailServer:
    """Takes mails.

    Attributes:
        is_tls_at_once: Whether connections begin with TLS.
        port: Where it listens.
        mails: Those that it took, oldest first.
        recipients: Of each, as the client named it to the server.
        was_encrypted: Whether each came over TLS.
        users: Who had logged in for each; None for nobody.
        answer: What it says to a mail; changed by a test.
    """

    is_tls_at_once: bool = False
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)
    users: list[str | None] = field(default_factory=list)
    answer: str = "250 OK"

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep a mail, or refuse it."""
        if not self.answer.startswith("250"):
            return self.answer
        assert isinstance(envelope.content, bytes)
        mail = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients.extend(envelope.rcpt_tos)
        self.was_encrypted.append(self.is_tls_at_once or session.ssl is not None)
        self.users.append(session.auth_data)
        return self.answer

    @property
    def subjects(self) -> list[str]:
        """Of the mails, oldest first."""
        return [str(mail["Subject"]) for mail in self.mails]

    @property
    def bodies(self) -> list[str]:
        """Their texts, with line ends as Python has them."""
        texts = (mail.get_content() for mail in self.mails)
        return ["\n".join(text.splitlines()) for text in texts]


def _login(*words: object) -> AuthResult:
    login = words[-1]
    assert isinstance(login, LoginPassword)
    name = login.login.decode()
    is_right = (name, login.password.decode()) == (USER, PASSWORD)
    # what is not handled gets the answer 535
    return AuthResult(success=is_right, handled=is_right, auth_data=name)


@asynccontextmanager
async def mail_server(
    *,
    tls: ssl.SSLContext | None = None,
    is_tls_at_once: bool = False,
    needs_login: bool = False,
) -> AsyncIterator[MailServer]:
    """Serve mail while the context lasts.

    Args:
        tls: With the server's certificate; None for a server without TLS.
        is_tls_at_once: Whether a connection begins with TLS.
        needs_login: Whether only ``USER`` with ``PASSWORD`` may send.
    """
    mailbox = MailServer(is_tls_at_once)
    loop = asyncio.get_running_loop()

    def make() -> SMTP:
        return SMTP(
            mailbox,
            hostname="localhost",
            loop=loop,
            tls_context=None if is_tls_at_once else tls,
            require_starttls=tls is not None and not is_tls_at_once,
            auth_required=needs_login,
            auth_require_tls=False,
            authenticator=_login,
        )

    server = await loop.create_server(
        make, "127.0.0.1", 0, ssl=tls if is_tls_at_once else None
    )
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        await server.wait_closed()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate for ``localhost`` that signs itself."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def make_certificate(folder: Path) -> Certificate:
    """Return contexts of a server and of a client that trusts it."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"),
            *("-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate, key)
    return Certificate(server, ssl.create_default_context(cafile=str(certificate)))
