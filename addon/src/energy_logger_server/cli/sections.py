"""Help that reads like a table of contents, of commands that are loaded when asked for.

A server that runs for months need not keep the demo's simulator in its memory.
"""

from importlib import import_module
from typing import override

import click


class SectionedGroup(click.Group):
    """A group whose help lists its commands under headings, in their order.

    A command lies in the module of its name beside this one, under its name.
    """

    sections: dict[str, tuple[str, ...]]

    def add_section(self, heading: str, *names: str) -> None:
        """Add the names of commands under a heading of their own."""
        # Group's constructor belongs to click's decorator
        self.sections = {**getattr(self, "sections", {}), heading: names}

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names, in the order of the help."""
        return [name for names in self.sections.values() for name in names]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None of a name that is not listed."""
        return self.load(cmd_name) if cmd_name in self.list_commands(ctx) else None

    def load(self, name: str) -> click.Command:
        """Load a command that is listed."""
        python_name = name.replace("-", "_")
        module = import_module(f".{python_name}", __package__)
        command: click.Command = getattr(module, python_name)
        return command

    @override
    def format_commands(
        self,
        ctx: click.Context,
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the headings with what stands under them."""
        widest = max(map(len, self.list_commands(ctx)))
        room = formatter.width - widest - 6
        for heading, names in self.sections.items():
            lines = [
                # all headings have their texts in the same column
                (name.ljust(widest), self.load(name).get_short_help_str(room))
                for name in names
            ]
            with formatter.section(heading):
                formatter.write_dl(lines)
