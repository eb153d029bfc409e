"""The REST API: reads the store, and asks for a run; knows no collector."""

from .app import make_web_app
from .deps import ServedSettings, WebDeps

__all__ = ["ServedSettings", "WebDeps", "make_web_app"]
