"""Messages to the owner of the server, and what sends them; pure."""

from dataclasses import dataclass
from enum import StrEnum


class MailSecurity(StrEnum):
    """How a connection to a mail server is encrypted.

    ``starttls``: after the server's greeting, as on port 587 (RFC 3207). ``tls``: from
    the first byte on, as on port 465 (RFC 8314). ``none``: not at all.
    """

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent.

    Attributes:
        subject: One line.
        body: Plain text, lines of any length.
    """

    subject: str
    body: str
