"""The sign of energy in SQL, where ``api.channels.directed_energy`` is in Python."""

from energy_logger_server.api.channels import ChannelType


def directed_energy_sql(energy: str, channel_type: str) -> str:
    """Return the SQL of energy that is positive in the channel's normal direction.

    Args:
        energy: Column with upstream's sign.
        channel_type: Column with the channel's type.
    """
    return (
        f"CASE WHEN {channel_type} = '{ChannelType.FEED_IN.value}'"
        f" THEN abs({energy}) ELSE {energy} END"
    )
