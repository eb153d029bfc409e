"""Which areas' substations are collected."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AreaChoice:
    """All areas, some, or none.

    Attributes:
        names: Numbers or abbreviations as text, abbreviations in lower case; None
            chooses every area.
    """

    names: frozenset[str] | None

    @property
    def text(self) -> str:
        """The choice as a user writes it."""
        if self.names is None:
            return "all"
        return ",".join(sorted(self.names)) or "none"

    def chooses(self, area_id: int, abbreviation: str) -> bool:
        """Return whether an area is chosen; case does not count."""
        return (
            self.names is None
            or str(area_id) in self.names
            or abbreviation.casefold() in self.names
        )

    def unknown_names(self, areas: list[tuple[int, str]]) -> tuple[str, ...]:
        """Return chosen names that no area has, which are typing errors.

        Args:
            areas: Number and abbreviation of every area.
        """
        known = {str(area_id) for area_id, _abbreviation in areas}
        known |= {abbreviation.casefold() for _area_id, abbreviation in areas}
        return tuple(sorted((self.names or frozenset()) - known))


ALL_AREAS = AreaChoice(None)
NO_AREAS = AreaChoice(frozenset())


def parse_area_choice(text: str) -> AreaChoice:
    """Return the choice a user wrote: ``all``, ``none``, or names between commas."""
    names = frozenset(
        name for part in text.split(",") if (name := part.strip().casefold())
    )
    if not names or names == {"all"}:
        return ALL_AREAS
    return NO_AREAS if names == {"none"} else AreaChoice(names)
