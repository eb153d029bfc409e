"""Refused keys: when to believe it, and when to try the key again.

One refusal can be an odd answer of a utility that is well otherwise. So a key is tried
again within minutes before the user is asked for another one, and hourly after that: it
may be good again without the user's doing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntry,
    ConfigEntryState,
)
from homeassistant.const import CONF_API_KEY, CONF_API_TOKEN
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util.dt import utcnow
from homeassistant.util.hass_dict import HassKey

from custom_components.energy_logger.const import DOMAIN

_BELIEVED_AFTER = timedelta(minutes=1)
_RETRY_AFTER = timedelta(minutes=2)
PROBE_EVERY = timedelta(hours=1)
"""How often a key that is believed refused is tried again."""

_SETUP_REFUSALS: HassKey[dict[str, tuple[int, "KeyRefusal"]]] = HassKey(
    f"{DOMAIN}_setup_refusals"
)
"""By entry id: the hash of the key that was refused, and its refusals."""

_PROBES: HassKey[dict[str, CALLBACK_TYPE]] = HassKey(f"{DOMAIN}_setup_probes")


@dataclass(frozen=True, slots=True)
class KeyRefusal:
    """Refusals of a key in a row.

    Attributes:
        first_at: Instant (UTC) of the first.
        last_at: Instant (UTC) of the last.
    """

    first_at: datetime
    last_at: datetime

    def again(self, at: datetime) -> Self:
        """Return the row with one more; a clock that was set back begins it anew."""
        return type(self)(min(self.first_at, at), at)

    @property
    def is_believed(self) -> bool:
        """Whether the key was refused again after a while."""
        return self.last_at - self.first_at >= _BELIEVED_AFTER

    @property
    def next_try_at(self) -> datetime:
        """Instant (UTC) from which trying the key again makes sense."""
        return self.last_at + (PROBE_EVERY if self.is_believed else _RETRY_AFTER)


def refused_again(before: KeyRefusal | None) -> KeyRefusal:
    """Return the row of refusals with one that has just happened."""
    now = utcnow()
    return KeyRefusal(now, now) if before is None else before.again(now)


@callback
def record_setup_refusal(hass: HomeAssistant, entry: ConfigEntry) -> KeyRefusal:
    """Return the row of refusals of an entry's set-ups with one more.

    Coordinators live no longer than a set-up that fails. Another key begins a row of
    its own.
    """
    refusals = hass.data.setdefault(_SETUP_REFUSALS, {})
    key = hash(entry.data.get(CONF_API_TOKEN, entry.data.get(CONF_API_KEY)))
    refused_key, before = refusals.get(entry.entry_id, (key, None))
    refusal = refused_again(before if refused_key == key else None)
    refusals[entry.entry_id] = key, refusal
    return refusal


@callback
def forget_setup_refusals(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Begin anew: the entry is set up, or gone."""
    hass.data.get(_SETUP_REFUSALS, {}).pop(entry.entry_id, None)
    cancel = hass.data.get(_PROBES, {}).pop(entry.entry_id, None)
    if cancel is not None:
        cancel()


@callback
def probe_setup_later(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Set an entry up again in an hour, if its set-up has failed until then."""
    probes = hass.data.setdefault(_PROBES, {})
    cancel = probes.pop(entry.entry_id, None)
    if cancel is not None:
        cancel()

    @callback
    def probe(_now: datetime) -> None:
        probes.pop(entry.entry_id, None)
        if entry.state is ConfigEntryState.SETUP_ERROR and entry.disabled_by is None:
            hass.config_entries.async_schedule_reload(entry.entry_id)

    probes[entry.entry_id] = async_call_later(
        hass, PROBE_EVERY, HassJob(probe, cancel_on_shutdown=True)
    )


@callback
def withdraw_reauth(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Ask no longer for another key: this one works."""
    for flow in [*entry.async_get_active_flows(hass, {SOURCE_REAUTH})]:
        hass.config_entries.flow.async_abort(flow["flow_id"])
