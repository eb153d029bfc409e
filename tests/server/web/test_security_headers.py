"""What every answer allows a browser."""

import pytest

from tests.server.web.conftest import Api


@pytest.mark.parametrize("path", ["/api/health", "/api/sites", "/nothing", "/docs"])
async def test_every_answer_tells_browsers_how_little_it_may_do(api: Api, path: str):
    answer = await api.ask(path, key=None)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Server"] == "Energy Logger"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
