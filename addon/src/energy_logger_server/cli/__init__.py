"""The command ``energy-logger``."""

import logging
import sys

import click

from energy_logger_server import __version__
from energy_logger_server.api.errors import EnergyLoggerError
from energy_logger_server.errors import ConfigurationError, QueryUnusable

from .sections import SectionedGroup

__all__ = ["commands", "main"]

_LOG = logging.getLogger(__name__)
_EXIT_USAGE = 2


@click.group(
    cls=SectionedGroup, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="energy-logger")
def commands() -> None:
    """Keep every price, kilowatt-hour and kilowatt that your utility publishes."""


commands.add_section("Run", "serve", "demo")
commands.add_section("Collect", "collect", "backfill")
commands.add_section(
    "Look", "status", "summary", "costs", "prices", "forecasts", "peaks", "sql"
)
commands.add_section("Move", "migrate", "adopt")
commands.add_section(
    "Look after it", "settings", "key", "notify", "backup", "backup-hold", "repair"
)


def main() -> None:
    """Run the command line; what is wrong is said in a sentence, not a traceback.

    Exit codes: 0 done or stopped by a signal, 1 failed, 2 settings or usage wrong.
    """
    try:
        commands(prog_name="energy-logger")
    except ConfigurationError as err:
        for problem in err.problems:
            click.echo(f"energy-logger: {problem}", err=True)
        sys.exit(_EXIT_USAGE)
    except QueryUnusable as err:
        click.echo(f"energy-logger: {err}", err=True)
        sys.exit(_EXIT_USAGE)
    except (EnergyLoggerError, OSError) as err:
        _LOG.debug("stopped by an error", exc_info=True)
        click.echo(f"energy-logger: {err}", err=True)
        sys.exit(1)
