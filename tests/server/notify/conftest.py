"""Services on loopback that take messages."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.server.notify.mail_server import Certificate, make_certificate
from tests.server.notify.receiver import Receiver, receiver


@pytest.fixture(scope="session")
def certificate() -> Iterator[Certificate]:
    with TemporaryDirectory() as folder:
        yield make_certificate(Path(folder))


@pytest.fixture
async def webhook() -> AsyncIterator[Receiver]:
    async with receiver() as taking:
        yield taking
