"""Home Assistant, whose Energy Logger asks simulated utilities.

    python hass_with_simulator.py --utilities http://127.0.0.1:4321 --config FOLDER

It is Home Assistant's own program but for two things. The addresses of the utilities
are replaced before Home Assistant loads the integration. And what it sets up unasked
for voice, cameras and remote controls is left out: it needs packages that have to be
compiled, libraries, and time. A restart that is asked for in Home Assistant
happens in this process.
"""

import argparse
import os
import sys
from pathlib import Path
from types import ModuleType

import homeassistant  # noqa: F401 - first: it brings the libraries of integrations
from homeassistant import bootstrap
from homeassistant.__main__ import main
from homeassistant.const import RESTART_EXIT_CODE

NOT_NEEDED = frozenset(
    {
        "ai_task",
        "assist_satellite",
        "camera",
        "conversation",
        "image_processing",
        "infrared",
        "radio_frequency",
        "tts",
    }
)
"""What Home Assistant sets up unasked and would install packages for."""

NEVER_CALLED = {
    "pymicro_vad": "MicroVad",
    "pyspeex_noise": "AudioProcessor",
    "turbojpeg": "TurboJPEG",
}
"""Packages that need a compiler or a library, and what is imported from them.

Home Assistant imports all platforms to check the descriptions of actions, but without
`NOT_NEEDED` it has no use for these.
"""


def point_at(utilities: str, folder: Path) -> None:
    """Have the integration of a folder ask simulated utilities."""
    sys.path.insert(0, str(folder))
    from custom_components.energy_logger.api import (  # noqa: PLC0415 - found there
        endpoints,
    )

    endpoints.AMBER_BASE_URL = f"{utilities}/v1"
    endpoints.KAMO_BASE_URL = f"{utilities}/kamo/api"


def stand_in_for_packages() -> None:
    """Let Home Assistant import what it never calls."""
    for package, name in NEVER_CALLED.items():
        module = ModuleType(package)
        setattr(module, name, type(name, (), {}))
        sys.modules[package] = module


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--utilities", required=True)
    parser.add_argument("--config", type=Path, required=True)
    given = parser.parse_args()
    point_at(given.utilities, given.config)
    stand_in_for_packages()
    bootstrap.DEFAULT_INTEGRATIONS -= NOT_NEEDED
    again = [sys.executable, *sys.orig_argv[1:]]
    sys.argv[1:] = ["--config", str(given.config), "--log-no-color"]
    code = main()
    if code == RESTART_EXIT_CODE:
        os.execv(sys.executable, again)  # noqa: S606 - it is this program
    sys.exit(code)
