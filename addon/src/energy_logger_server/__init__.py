"""Energy Logger's server: collects, keeps and serves Amber and KAMO readings."""

__version__ = "0.1.0"
