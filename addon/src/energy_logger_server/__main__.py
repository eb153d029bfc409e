"""Lets ``python -m energy_logger_server`` stand for ``energy-logger``."""

from .cli import main

if __name__ == "__main__":
    main()
