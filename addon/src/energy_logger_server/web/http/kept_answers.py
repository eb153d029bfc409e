"""Answers that are kept as they were sent, for a second or until something is stored.

Pages and scripts ask for the same newest values again and again, and a cycle brings
others every few minutes only. An operation that says so answers from its path, its
query, the second and what is stored, and from nothing else: then its answer is the same
until one of these changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from math import ceil

from aiohttp import web
from aiohttp.typedefs import Handler

_MOST_BYTES = 1_048_576
"""All of them; an answer as large as a quarter of it is not kept."""

_LARGEST_BYTES = _MOST_BYTES // 4

type Mark = tuple[int, int, int]
"""What is stored, and the second: whole seconds at and after the present."""


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes
    headers: Mapping[str, str]


class KeptAnswers:
    """The answers of an application that still hold.

    Args:
        change_mark: Gives a number that another one follows whenever anything has been
            stored; raises ``StoreUnavailable``.
        now: Clock.
    """

    def __init__(
        self, change_mark: Callable[[], int], now: Callable[[], datetime]
    ) -> None:
        self._change_mark = change_mark
        self._now = now
        self._mark: Mark | None = None
        self._kept: dict[str, _Kept] = {}
        self._bytes = 0

    def mark(self) -> Mark:
        """Return what an answer that is made from now on will hold for.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        seconds = self._now().timestamp()
        return self._change_mark(), int(seconds), ceil(seconds)

    def find(self, mark: Mark, target: str) -> web.Response | None:
        """Return the answer to a request once more, if one is kept.

        Args:
            mark: The present.
            target: Path and query as they were sent.
        """
        if mark != self._mark:
            self._mark, self._bytes = mark, 0
            self._kept.clear()
            return None
        kept = self._kept.get(target)
        if kept is None:
            return None
        return web.Response(body=kept.body, headers=kept.headers)

    def keep(self, mark: Mark, target: str, answer: web.StreamResponse) -> None:
        """Keep a good answer, unless others have been made for a later mark meanwhile.

        Args:
            mark: Of the instant before it was made.
            target: Path and query as they were sent.
            answer: Not sent yet.
        """
        body = answer.body if isinstance(answer, web.Response) else None
        if (
            mark != self._mark
            or answer.status != HTTPStatus.OK
            or not isinstance(body, bytes)
            or len(body) >= _LARGEST_BYTES
            or self._bytes + len(body) > _MOST_BYTES
        ):
            return
        self._bytes += len(body)
        self._kept[target] = _Kept(body, dict(answer.headers))


KEPT_ANSWERS = web.AppKey("kept_answers", KeptAnswers)


def keeping(handler: Handler) -> Handler:
    """Return a handler that answers with what is kept, and keeps what it has made."""

    async def kept_or_made(request: web.Request) -> web.StreamResponse:
        answers, target = request.app[KEPT_ANSWERS], request.raw_path
        # before anything is read: what is stored meanwhile has another mark
        mark = answers.mark()
        kept = answers.find(mark, target)
        if kept is not None:
            return kept
        answer = await handler(request)
        answers.keep(mark, target, answer)
        return answer

    return kept_or_made
