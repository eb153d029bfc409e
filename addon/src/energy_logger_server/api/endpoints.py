"""Where the utilities answer.

Read at call time (``endpoints.AMBER_BASE_URL``), so that a test launcher can put
other addresses in their place; no option or environment variable of the integration
changes them.
"""

AMBER_BASE_URL = "https://api.amber.com.au/v1"
"""Amber Electric's public API, version 1 path (OpenAPI 2.0.0). Needs a token."""

KAMO_BASE_URL = "https://kamofamilyload.kamopower.com/api"
"""KAMO Power's family load pages' API. Needs no key."""
