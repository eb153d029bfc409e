"""The long-term store: the only place with SQL.

``Store`` is what the rest of the server knows of it.
"""

from .store import Store

__all__ = ["Store"]
