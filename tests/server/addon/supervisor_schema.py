"""What the Supervisor asks of an app's files, restated from its documentation and code.

The Supervisor drops keys that it does not know; here they are refused, for a key with a
slip of the pen would have no effect and nobody would be told. Deprecated keys and
values are left out, so they are refused as well. So are values that say what holds
anyway, as the linter of the app stores has it.
"""

import re
from typing import Any

import voluptuous as vol

_PORT = vol.All(int, vol.Range(1, 65535))
_VERSION = vol.All(str, vol.Match(r"^[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.]+)?$"))
_RUN_WHILE = ("initialize", "system", "services", "once")
_STAGES = ("experimental", "deprecated")
_FOLDERS = (
    "data|homeassistant_config|app_config|all_app_configs|local_apps|ssl|share|media"
    "|backup"
)
_LIMITS = r"\((-?[0-9.]+)?,(-?[0-9.]+)?\)"

OPTION = re.compile(
    rf"(bool|email|url|port|device(\(subsystem=[a-z]+\))?|str({_LIMITS})?"
    rf"|password({_LIMITS})?|int({_LIMITS})?|float({_LIMITS})?|match\(.*\)|list\(.+\))\??"
)
"""How the manifest says what an option may be."""

PRIVILEGES = frozenset(
    {
        "full_access",
        "docker_api",
        "hassio_api",
        "hassio_role",
        "homeassistant_api",
        "auth_api",
        "host_network",
        "host_pid",
        "host_ipc",
        "host_uts",
        "host_dbus",
        "privileged",
        "devices",
        "kernel_modules",
        "apparmor",
    }
)
"""Keys that take or give rights; an app of the highest rating has none of them."""

_RISKY = frozenset(
    {
        "BPF",
        "CHECKPOINT_RESTORE",
        "DAC_READ_SEARCH",
        "NET_ADMIN",
        "NET_RAW",
        "PERFMON",
        "SYS_ADMIN",
        "SYS_MODULE",
        "SYS_PTRACE",
        "SYS_RAWIO",
    }
)


def _only(value: object) -> vol.Any:
    """Return a check that refuses the default, since a key with it says nothing."""
    return vol.Any(value, msg=f"must be {value}: the other is the default")


MANIFEST = vol.Schema(
    {
        vol.Required("name"): str,
        vol.Required("version"): _VERSION,
        vol.Required("slug"): vol.Match(r"^[-_.A-Za-z0-9]+$"),
        vol.Required("description"): str,
        vol.Required("arch"): vol.All(
            [vol.In(["aarch64", "amd64"])], vol.Length(min=1), vol.Unique()
        ),
        "url": vol.Url(),
        "image": vol.Match(r"^([a-z0-9][a-z0-9._-]*/)+[a-z0-9][a-z0-9._-]*$"),
        "init": _only(False),
        "startup": vol.In(_RUN_WHILE),
        "boot": vol.In(["manual", "manual_only"]),
        "stage": vol.In(_STAGES),
        "ports": {vol.Match(r"^[0-9]+/(tcp|udp)$"): vol.Maybe(_PORT)},
        "ingress": _only(True),
        "ingress_port": vol.All(_PORT, vol.Range(8100)),
        "ingress_entry": str,
        "ingress_stream": _only(True),
        "panel_icon": vol.Match(r"^mdi:(?!puzzle$)[a-z-]+$"),
        "panel_title": str,
        "panel_admin": _only(False),
        "homeassistant": _VERSION,
        "discovery": [str],
        "services": [vol.Match(r"^(mqtt|mysql):(provide|want|need)$")],
        "map": [vol.Match(rf"^({_FOLDERS})(:rw)?$")],
        "environment": {vol.Match(r"^\w+$"): str},
        "options": dict,
        "schema": {str: vol.All(str, vol.Match(OPTION))},
        "backup_pre": str,
        "backup_post": str,
        "backup_exclude": [str],
        "tmpfs": _only(True),
        "timeout": vol.All(int, vol.Range(11, 300)),
        "breaking_versions": [_VERSION],
    }
)
"""The manifest, ``config.yaml``, without the keys of `PRIVILEGES`."""

TRANSLATIONS = vol.Schema(
    {
        "configuration": {
            str: {vol.Required("name"): str, vol.Optional("description"): str}
        },
        "network": {vol.Match(r"^[0-9]+/(tcp|udp)$"): str},
    },
    required=True,
)
"""A file of ``translations/``."""

REPOSITORY = vol.Schema(
    {vol.Required("name"): str, "url": vol.Url(), "maintainer": str}
)
"""The file ``repository.yaml`` that makes a repository an app store."""


def security_rating(manifest: dict[str, Any], *, has_profile: bool) -> int:
    """Return what the store shows as the app's security, 1 to 8.

    Args:
        manifest: The app's.
        has_profile: Whether it comes with an AppArmor profile of its own.
    """
    if manifest.get("full_access") or manifest.get("docker_api"):
        return 1
    rating = 5
    if manifest.get("apparmor", True):
        rating += has_profile
    else:
        rating -= 1
    if manifest.get("ingress"):
        rating += 2
    elif manifest.get("auth_api"):
        rating += 1
    rights = set(manifest.get("privileged", []))
    rating -= bool(rights & _RISKY or manifest.get("kernel_modules"))
    rating -= {"manager": 1, "admin": 2}.get(manifest.get("hassio_role", ""), 0)
    rating -= bool(manifest.get("host_network"))
    rating -= 2 * bool(manifest.get("host_pid"))
    rating -= bool(manifest.get("host_uts") and "SYS_ADMIN" in rights)
    return max(1, min(rating, 8))
