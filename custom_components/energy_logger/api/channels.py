"""What a channel measures, and the signs of its energy and money; pure.

Upstream says of feed-in that a price or a cost is negative when the customer is paid.
Its description calls exported energy negative as well, and every recorded answer has
it positive. What people are shown is positive in the channel's normal direction: drawn
and paid on import, fed in and earned on feed-in. This is the one place that turns it.
"""

from enum import StrEnum

_CENTS_PER_AUD = 100
_AUD_DIGITS = 7


class ChannelType(StrEnum):
    """What a metered register of a site is for, in Amber's words."""

    GENERAL = "general"
    CONTROLLED_LOAD = "controlledLoad"
    FEED_IN = "feedIn"


def is_feed_in(channel_type: str | None) -> bool:
    """Return whether a channel measures export; one of an unknown type does not."""
    return channel_type == ChannelType.FEED_IN


def directed_money[Number: (int, float)](
    amount: Number, channel_type: str | None
) -> Number:
    """Return a price or a cost, any unit, positive in the channel's direction.

    Args:
        amount: Upstream's sign: on feed-in negative when the customer is paid.
        channel_type: A ``ChannelType``, or a text that is not known yet.
    """
    # adding zero makes minus zero a plain one
    return 0 - amount if is_feed_in(channel_type) else amount + 0


def directed_energy[Number: (int, float)](
    amount: Number, channel_type: str | None
) -> Number:
    """Return energy, any unit, positive in the channel's direction.

    On feed-in both of upstream's signs mean export. On any other channel a negative
    amount takes back what was drawn before, and stays negative.
    """
    return abs(amount) if is_feed_in(channel_type) else amount + 0


def aud_of_cents(cents: float) -> float:
    """Return cents as AUD without the noise of a division (7 decimals are exact)."""
    return round(cents / _CENTS_PER_AUD, _AUD_DIGITS) + 0.0


def directed_aud(cents: float, channel_type: str | None) -> float:
    """Return cents with upstream's sign as AUD in the channel's direction."""
    return aud_of_cents(directed_money(cents, channel_type))
