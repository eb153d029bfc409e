"""The REST API: reads the store, and asks for a run; knows no collector."""

from .app import make_web_app
from .deps import WebDeps

__all__ = ["WebDeps", "make_web_app"]
