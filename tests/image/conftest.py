"""The image, built from the app's folder alone on a base of this machine's making."""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from subprocess import PIPE

import pytest

from energy_logger_server.clock import SystemClock
from energy_logger_simulator.server import Simulator, serve
from tests.server.postgres import new_postgres_url, postgres_server

__all__ = ["new_postgres_url", "postgres_server"]

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def image() -> str:
    """Build the image; return its name."""
    built = subprocess.run([HERE / "build_image"], stdout=PIPE, text=True, check=True)
    return built.stdout.strip()


@pytest.fixture
async def utilities() -> AsyncIterator[str]:
    """The address of simulated utilities, which keep the time of day."""
    async with serve(Simulator(now=SystemClock().now)) as address:
        yield address
