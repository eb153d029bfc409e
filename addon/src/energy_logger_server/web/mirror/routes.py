"""``/mirror``: the utilities' own paths and JSON, answered from the store.

What a utility sent is what comes out, field for field: a client of Amber or KAMO needs
nothing but this server's address, and Amber's the API key as its token. Errors have
this server's shape. There are no call limits, hence no ``RateLimit`` headers.
"""

from energy_logger_server.web.http.operation import Operation

from .amber import amber_mirror_operations
from .kamo import kamo_mirror_operations


def mirror_operations() -> tuple[Operation, ...]:
    """Return what is below ``/mirror``."""
    return (*amber_mirror_operations(), *kamo_mirror_operations())
