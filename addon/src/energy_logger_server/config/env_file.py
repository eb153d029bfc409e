"""``.env`` files: one ``NAME=VALUE`` on a line; pure.

- Empty lines and lines that begin with ``#`` say nothing; ``export`` before a name is
  allowed, and so is space around name and value.
- A value without quotes ends at its line's end, or at a ``#`` that follows a space.
- In single quotes everything is taken as it stands.
- In double quotes a backslash before ``n`` or ``t`` makes line end or tab, and before
  ``"``, ``$`` or a backslash it leaves that character.
- Nothing is substituted and no value spans lines. The last of two equal names counts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_LINE = re.compile(
    r"""
    (?:export\s+)?
    (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    \s*=\s*
    (?:
      '(?P<plain>[^']*)'(?:\s+\#.*|\s*)
    | "(?P<escaped>(?:[^"\\]|\\.)*)"(?:\s+\#.*|\s*)
    | (?P<bare>(?!['"]).*)
    )
    """,
    re.VERBOSE,
)
_COMMENT = re.compile(r"(?:^|\s)#.*")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", '"': '"', "$": "$", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class EnvFile:
    """What a file says."""

    values: Mapping[str, str]
    """Values by name."""

    unreadable_lines: tuple[int, ...]
    """Numbers of the lines that are not ``NAME=VALUE``."""


def parse_env_file(text: str) -> EnvFile:
    """Return the values of a file's text."""
    values: dict[str, str] = {}
    unreadable: list[int] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _LINE.fullmatch(stripped)
        if match is None:
            unreadable.append(number)
        else:
            values[match["name"]] = _value(match)
    return EnvFile(values, tuple(unreadable))


def _value(match: re.Match[str]) -> str:
    plain, escaped, bare = match["plain"], match["escaped"], match["bare"]
    if plain is not None:
        return plain
    if escaped is not None:
        return _ESCAPE.sub(lambda pair: _ESCAPED.get(pair[1], f"\\{pair[1]}"), escaped)
    return _COMMENT.sub("", bare).rstrip()
