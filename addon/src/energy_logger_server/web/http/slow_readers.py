"""Writing to readers who may be slow, but not for ever."""

import asyncio

from aiohttp import web

PATIENCE_S = 60
"""How long a reader may take nothing before an answer is given up."""


async def patient_write(response: web.StreamResponse, chunk: bytes) -> None:
    """Write a chunk once the reader has taken enough of those before it.

    Raises:
        TimeoutError: If the reader takes nothing for a minute.
        ConnectionError: If it has left.
    """
    async with asyncio.timeout(PATIENCE_S):
        await response.write(chunk)
