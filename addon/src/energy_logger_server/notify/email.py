"""Messages by e-mail (RFC 5321), encrypted or not, with a login or without."""

import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from energy_logger_server.clock import Clock
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.notifications.messages import MailSecurity, Message
from energy_logger_server.errors import NotificationFailed

from .service import service_name

_TIMEOUT_S = 30.0
_SENDER_NAME = "Energy Logger"
_CLIENT_NAME = "[127.0.0.1]"
"""Said to the mail server: an address literal, for asking DNS for our name may take
long, and behind NAT the answer means nothing to anybody."""


class EmailService:
    """Sends to one mail address. The recipient is the owner, so nobody is copied."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Connect to nothing yet.

        Args:
            settings: Name a server and a recipient.
            clock: Dates the mails.
            tls: Which certificates to trust; those of the system if not given.
        """
        recipient = settings.notification_email or ""
        self.name = service_name("email", recipient)
        self._settings = settings
        self._clock = clock
        self._tls = tls
        self._recipient = recipient
        self._sender = settings.mail_sender

    async def send(self, message: Message) -> None:
        """Return when the mail server has taken the mail.

        Raises:
            NotificationFailed: If it did not.
        """
        # loads five megabytes, which nobody needs who is never sent anything
        import aiosmtplib  # noqa: PLC0415

        settings = self._settings
        security = settings.smtp_security
        password = settings.smtp_password
        try:
            await aiosmtplib.send(
                self._mail(message, self._clock.now()),
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_user,
                password=None if password is None else password.reveal(),
                local_hostname=_CLIENT_NAME,
                timeout=_TIMEOUT_S,
                use_tls=security is MailSecurity.TLS,
                start_tls=security is MailSecurity.STARTTLS,
                tls_context=self._tls,
            )
        except (aiosmtplib.SMTPException, OSError, ValueError) as err:
            problem = _problem(err)
        else:
            return
        # out here and without a cause: the errors hold what the mail server said,
        # which may repeat what it was sent
        raise NotificationFailed(problem)

    def _mail(self, message: Message, now: datetime) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = f"{_SENDER_NAME} <{self._sender}>"
        mail["To"] = self._recipient
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        # no holiday reply is wanted (RFC 3834)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body)
        return mail


def _problem(err: Exception) -> str:
    """Return what went wrong in our own words, with the server's number at most."""
    import aiosmtplib  # noqa: PLC0415 - loaded by now

    root = _root(err)
    match err:
        case aiosmtplib.SMTPAuthenticationError():
            said = "refuses SMTP_USER and SMTP_PASSWORD"
        case aiosmtplib.SMTPSenderRefused():
            said = "refuses the sender: set SMTP_FROM"
        case aiosmtplib.SMTPRecipientsRefused():
            said = "refuses the recipient: check NOTIFICATION_EMAIL"
        case aiosmtplib.SMTPResponseException():
            said = f"refuses the mail with status {err.code}"
        case TimeoutError():
            said = "does not answer in time: check SMTP_HOST and SMTP_PORT"
        case _ if isinstance(root, ssl.SSLCertVerificationError):
            said = "shows a certificate that is not valid for SMTP_HOST"
        case _ if isinstance(root, ssl.SSLError):
            said = "speaks no TLS on this port: check SMTP_SECURITY"
        case OSError():
            said = (
                "cannot be reached, or hangs up: check SMTP_HOST, SMTP_PORT and "
                "SMTP_SECURITY"
            )
        case _:
            said = "does not offer what SMTP_SECURITY or SMTP_USER ask for"
    return f"the mail server {said}"


def _root(err: BaseException) -> BaseException:
    while err.__cause__ is not None:
        err = err.__cause__
    return err
