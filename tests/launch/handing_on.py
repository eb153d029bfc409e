"""Handing a request on to another address, and the answer back as it comes."""

from collections.abc import Mapping

from aiohttp import ClientSession, web

_HOPS = {"Transfer-Encoding", "Content-Length", "Connection", "Content-Encoding"}


async def hand_on(
    request: web.Request, session: ClientSession, url: str, headers: Mapping[str, str]
) -> web.StreamResponse:
    """Return what another address answers to a request.

    Args:
        request: Its method, query and body are handed on.
        session: Sends it; does not unpack what it receives.
        url: Where to.
        headers: Instead of those of the request.
    """
    async with session.request(
        request.method,
        url,
        params=request.query,
        headers=headers,
        data=await request.read(),
        allow_redirects=False,
    ) as answer:
        kept = {
            name: value for name, value in answer.headers.items() if name not in _HOPS
        }
        handed = web.StreamResponse(status=answer.status, headers=kept)
        await handed.prepare(request)
        async for chunk in answer.content.iter_any():
            await handed.write(chunk)
        await handed.write_eof()
        return handed
