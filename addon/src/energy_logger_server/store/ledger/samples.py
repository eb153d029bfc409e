"""Samples of what could not be read: one of each, counted."""

from collections.abc import Sequence
from hashlib import sha256

from energy_logger_server.api.models import RejectedRecord
from energy_logger_server.store.db.query import Query

from .write_transaction import WriteTransaction

_INSERT = Query(
    """
INSERT INTO unreadable_sample (digest, source, subject, reason, sample,
  first_seen_at, last_seen_at, times_seen)
VALUES (:digest, :source, :subject, :reason, :sample, :now, :now, 1)
ON CONFLICT (digest) DO UPDATE SET last_seen_at = excluded.last_seen_at,
  times_seen = unreadable_sample.times_seen + 1
""",
    ("digest", "source", "subject", "reason", "sample", "now"),
)


def write_sample(
    context: WriteTransaction, source: str, subject: str, reason: str, sample: str
) -> None:
    """Keep one sample; the same one again is only counted."""
    # PostgreSQL cannot hold a NUL character in a text
    clean = sample.replace("\x00", "\\u0000")
    digest = sha256(f"{source}\n{subject}\n{reason}\n{clean}".encode()).hexdigest()
    _INSERT.run(
        context.connection, digest, source, subject, reason, clean, context.known_at
    )


def write_rejected(
    context: WriteTransaction,
    source: str,
    subject: str,
    rejected: Sequence[RejectedRecord],
) -> int:
    """Keep the records of an answer that could not be read; return how many."""
    for record in rejected:
        write_sample(context, source, subject, record.reason, record.sample)
    return len(rejected)
