"""Whether somebody should look after the server's collecting."""

from typing import Any, override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass

from .const import SOURCE_NAMES
from .coordinator import ServerCoordinator
from .devices.server import ServerEntity


class CollectorProblem(ServerEntity, BinarySensorEntity):
    """On while runs fail or a utility refuses the server's key for it."""

    _attr_device_class = BinarySensorDeviceClass.PROBLEM

    def __init__(self, coordinator: ServerCoordinator) -> None:
        """Show what the server says of its runs."""
        super().__init__(coordinator, "collector_problem")

    @property
    @override
    def is_on(self) -> bool:
        """Whether there is a problem."""
        return self.coordinator.data.status.has_problem

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """What the problem is."""
        status = self.coordinator.data.status
        refused = [SOURCE_NAMES.get(one, one) for one in status.refused_sources]
        return {"health": status.health, "refused_by": refused}
