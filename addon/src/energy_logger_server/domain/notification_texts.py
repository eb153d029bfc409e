"""What messages to the owner say; pure."""

from collections.abc import Iterable

from .messages import Message

_TAG = "[Energy Logger]"


def trial_message() -> Message:
    """Return the message that shows whether messages arrive."""
    return Message(
        f"{_TAG} Test message",
        "This is the test message that you asked for: messages arrive.\n\n"
        "Energy Logger writes when something has gone wrong for a while, once, and "
        "when it is over.\n",
    )


def sent_by(services: Iterable[str]) -> str:
    """Return the sentence that a test message was sent, by which services."""
    return f"A test message was sent by {', '.join(services)}."
