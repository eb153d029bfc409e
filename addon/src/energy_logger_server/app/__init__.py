"""The composition root: what is built, in which order it starts and stops."""

from .collecting import Collecting, client_session, compose_collecting
from .opened_store import open_store
from .serving import Server, running, serve

__all__ = [
    "Collecting",
    "Server",
    "client_session",
    "compose_collecting",
    "open_store",
    "running",
    "serve",
]
