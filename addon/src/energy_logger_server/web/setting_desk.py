"""What the web asks of the settings."""

from collections.abc import Mapping
from typing import Protocol

from energy_logger_server.domain.setting_state import SettingState


class SettingDesk(Protocol):
    """Shows and changes settings; names in capitals or in small letters."""

    def states(self) -> tuple[SettingState, ...]:
        """Return every setting."""
        ...

    def warnings(self) -> tuple[str, ...]:
        """Return what was set but has no effect, a sentence each."""
        ...

    def state(self, name: str) -> SettingState:
        """Return one setting; raises ``SettingUnknown``."""
        ...

    async def save(self, values: Mapping[str, object]) -> None:
        """Save values, all or none; raises ``SettingRefused``, ``StoreUnavailable``."""
        ...

    async def reset(self, name: str) -> SettingState:
        """Forget what was saved; raises ``SettingRefused``, ``StoreUnavailable``."""
        ...
