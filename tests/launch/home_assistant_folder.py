"""The configuration folder of a Home Assistant that only this machine can reach."""

import json
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "docs" / "home-assistant-dashboard.yaml"
DASHBOARD_PATH = "energy-logger"
"""Where the dashboard is, below the address of Home Assistant."""

LOG = "home-assistant.log"

TIME_ZONE = "Australia/Sydney"

_CONFIGURATION = f"""\
homeassistant:
  name: Home
  latitude: -33.87
  longitude: 151.21
  elevation: 20
  unit_system: metric
  time_zone: {TIME_ZONE}
  country: AU
  currency: AUD
  language: en
frontend:
history:
logbook:
energy:
recorder:
  commit_interval: 1
lovelace:
  dashboards:
    {DASHBOARD_PATH}:
      mode: yaml
      title: Energy Logger
      icon: mdi:transmission-tower
      filename: dashboard.yaml
logger:
  default: warning
"""

_ONBOARDED = {
    "version": 4,
    "minor_version": 1,
    "key": "onboarding",
    "data": {"done": ["core_config"]},
}
"""Place and currency are in the configuration.

In the step that asks for them Home Assistant would set up its favourite cloud services
along the way.
"""

_STORED_SINCE = "2026-01-01T00:00:00+00:00"


@dataclass(frozen=True, slots=True)
class HomeAssistantFolder:
    """A folder that Home Assistant can start in.

    Attributes:
        path: The folder.
        port: On loopback, where it will listen.
    """

    path: Path
    port: int

    @property
    def url(self) -> str:
        """Where Home Assistant answers once it runs."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What Home Assistant wrote since its last start."""
        return self.path / LOG

    def write(self) -> None:
        """Write what Home Assistant reads; what it has stored itself stays."""
        storage = self.path / ".storage"
        storage.mkdir(parents=True, exist_ok=True)
        (self.path / "configuration.yaml").write_text(_CONFIGURATION)
        _write_once(storage / "onboarding", _ONBOARDED)
        (storage / "http").write_text(json.dumps(_http_settings(self.port)))
        _link(self.path / "custom_components", ROOT / "custom_components")
        # one by one: Home Assistant does not look into folders that are links
        for blueprint in (ROOT / "blueprints").rglob("*.yaml"):
            _link(self.path / blueprint.relative_to(ROOT), blueprint)
        _link(self.path / "dashboard.yaml", DASHBOARD)


def _write_once(path: Path, stored: object) -> None:
    if not path.exists():
        path.write_text(json.dumps(stored))


def _link(link: Path, target: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(target)


def _http_settings(port: int) -> dict[str, object]:
    """Return what the settings page keeps.

    As YAML they would be a trial, which somebody has to confirm in the browser.
    """
    settings = {
        "server_port": port,
        "server_host": ["127.0.0.1"],
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": _STORED_SINCE,
        "error": None,
        "error_message": None,
    }
    return {
        "version": 2,
        "minor_version": 2,
        "key": "http",
        "data": {"stable": settings, "pending": None, "yaml_migration_done": True},
    }
