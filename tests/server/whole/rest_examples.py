"""The examples of docs/rest-api.md: what they ask, and what the page says comes back.

An example is a block of ``sh`` with one ``curl``, and behind it the answer as a block
of ``json``, ``csv`` or ``text``. In an answer ``"…"`` stands for any value, as the last
item of a list for any further items, as a field for any further fields, and as a line
of a text for any further lines.
"""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "rest-api.md"
ANY = "…"

_EXAMPLE = re.compile(
    r"```sh\n(?P<command>curl .*?)```\n+```(?P<kind>json|csv|text)\n(?P<answer>.*?)```",
    re.DOTALL,
)
_COMMAND = re.compile(r"```sh\ncurl ", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """One request of the page, and its answer.

    Attributes:
        method: Of HTTP.
        target: Path and query.
        headers: With ``$KEY`` where the key stands.
        body: What is sent, or None.
        kind: ``json``, ``csv`` or ``text``.
        answer: As the page has it.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: str | None
    kind: str
    answer: str


def examples(page: str) -> list[Example]:
    """Return the examples in their order.

    Raises:
        ValueError: If a command has no answer, or an option that is not known here.
    """
    found = [_example(*match.groups()) for match in _EXAMPLE.finditer(page)]
    commands = len(_COMMAND.findall(page))
    if commands != len(found):
        raise ValueError(f"{commands - len(found)} commands of {commands} lack answers")
    return found


def matches(told: object, found: object) -> bool:
    """Return whether an answer in JSON is the one that the page shows."""
    if told == ANY:
        return True
    if isinstance(told, dict) and isinstance(found, dict):
        named = {key: value for key, value in told.items() if key != ANY}
        return (ANY in told or told.keys() == found.keys()) and all(
            key in found and matches(value, found[key]) for key, value in named.items()
        )
    if isinstance(told, list) and isinstance(found, list):
        is_open = bool(told) and told[-1] == ANY
        items = told[:-1] if is_open else told
        return (
            len(items) == len(found) or (is_open and len(items) <= len(found))
        ) and (all(matches(*pair) for pair in zip(items, found, strict=False)))
    return type(told) is type(found) and told == found


def text_matches(told: str, found: str) -> bool:
    """Return whether an answer in lines is the one that the page shows."""
    lines, answered = told.splitlines(), found.splitlines()
    if lines and lines[-1] == ANY:
        return answered[: len(lines) - 1] == lines[:-1]
    return lines == answered


def is_shown(example: Example, found: str) -> bool:
    """Return whether what came back is what the page shows."""
    if example.kind == "json":
        return matches(json.loads(example.answer), json.loads(found))
    return text_matches(example.answer, found)


def _example(command: str, kind: str, answer: str) -> Example:
    words = shlex.split(command.replace("\\\n", " "))[1:]
    method, body, target = "GET", None, ""
    headers: dict[str, str] = {}
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = words.pop(0)
        elif word.startswith("$URL/"):
            target = word.removeprefix("$URL")
        else:
            raise ValueError(f"{word} in {command}")
    return Example(method, target, headers, body, kind, answer)
