"""Help that reads like a table of contents: commands under headings."""

from collections.abc import Iterable
from typing import override

import click


class SectionedGroup(click.Group):
    """A group whose help lists its commands under headings, in their order.

    A command that was added without a heading is not listed.
    """

    sections: dict[str, tuple[str, ...]]

    def add_section(self, heading: str, commands: Iterable[click.Command]) -> None:
        """Add commands under a heading of their own."""
        listed = tuple(commands)
        for command in listed:
            self.add_command(command)
        names = tuple(command.name or "" for command in listed)
        # Group's constructor belongs to click's decorator
        self.sections = {**getattr(self, "sections", {}), heading: names}

    @override
    def format_commands(
        self,
        ctx: click.Context,
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the headings with what stands under them."""
        widest = max(map(len, self.commands))
        room = formatter.width - widest - 6
        for heading, names in self.sections.items():
            lines = [
                # all headings have their texts in the same column
                (name.ljust(widest), self.commands[name].get_short_help_str(room))
                for name in names
            ]
            with formatter.section(heading):
                formatter.write_dl(lines)
