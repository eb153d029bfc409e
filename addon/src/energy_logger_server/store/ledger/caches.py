"""Caches of the one writer: what it numbers, and what it wrote last.

There is one writer, so it numbers new things itself instead of asking the database; the
caches learn what was committed and drop what was rolled back.
"""

from collections.abc import Mapping
from typing import Protocol


class Cache(Protocol):
    """What all caches can do."""

    def commit(self) -> None:
        """Take what is new as committed."""

    def rollback(self) -> None:
        """Take what is new back: its transaction was rolled back."""


class IdCache[Key]:
    """Number of each key, counted up by the single writer."""

    def __init__(self, known: Mapping[Key, int]) -> None:
        """Start from what the table holds."""
        self._numbers = dict(known)
        self._keys = {number: key for key, number in known.items()}
        self._last = max(self._numbers.values(), default=0)
        self._new: dict[Key, int] = {}
        self._unwritten: dict[Key, int] = {}

    def number_of(self, key: Key) -> int:
        """Return the key's number, a fresh one if it is new."""
        found = self._numbers.get(key)
        if found is None:
            self._last += 1
            found = self._numbers[key] = self._new[key] = self._last
            self._unwritten[key] = found
            self._keys[found] = key
        return found

    def key_of(self, number: int) -> Key:
        """Return the key that has a number.

        Raises:
            KeyError: If no key has it.
        """
        return self._keys[number]

    def pop_pending(self) -> dict[Key, int]:
        """Return those that no row holds yet; the caller inserts them now."""
        taken, self._unwritten = self._unwritten, {}
        return taken

    def commit(self) -> None:
        """Take the new ones as committed."""
        self._new.clear()

    def rollback(self) -> None:
        """Take the new ones back: their transaction was rolled back."""
        for key in self._new:
            del self._keys[self._numbers.pop(key)]
        self._last -= len(self._new)
        self._new.clear()
        self._unwritten.clear()


class LastText:
    """Texts that are written only when they change."""

    def __init__(self, known: Mapping[tuple[str, str], str]) -> None:
        """Start from what the table holds."""
        self._texts = dict(known)
        self._before: dict[tuple[str, str], str | None] = {}

    def changed(self, key: tuple[str, str], text: str) -> bool:
        """Take the text; return whether it must be written."""
        old = self._texts.get(key)
        if old == text:
            return False
        self._before.setdefault(key, old)
        self._texts[key] = text
        return True

    def commit(self) -> None:
        """Take what was written as committed."""
        self._before.clear()

    def rollback(self) -> None:
        """Take it back."""
        for key, old in self._before.items():
            if old is None:
                del self._texts[key]
            else:
                self._texts[key] = old
        self._before.clear()


class ChangeNumbers:
    """Numbers of write transactions, growing in the order of their commits.

    A number is never below the second in which it is given: a store that came back
    from a backup does not give numbers again that somebody has already seen.
    """

    def __init__(self, last: int) -> None:
        """Go on behind the greatest number that any row holds."""
        self._last = last
        self._taken: int | None = None

    def number(self, now: int) -> int:
        """Return the number of the transaction that is under way.

        Args:
            now: Epoch seconds.
        """
        if self._taken is None:
            self._taken = max(self._last + 1, now)
        return self._taken

    def commit(self) -> None:
        """Take the number as used: its transaction was committed."""
        if self._taken is not None:
            self._last, self._taken = self._taken, None

    def rollback(self) -> None:
        """Pass the number over: a commit that seems lost may have come through."""
        self.commit()
