"""The app's manifest, as the Supervisor reads it."""

import json
import shlex
from pathlib import PurePath
from typing import Any

import pytest
import voluptuous as vol
from click.testing import CliRunner

from energy_logger_server.cli import commands
from energy_logger_server.config.settings import Settings
from tests.server.addon.app_files import ADDON, ROOT, manifest, read_yaml
from tests.server.addon.supervisor_schema import (
    MANIFEST,
    PRIVILEGES,
    REPOSITORY,
    TRANSLATIONS,
    security_rating,
)

INGRESS_PORT = 8099
"""Where the Supervisor asks an app that says nothing else."""


def test_the_supervisor_accepts_the_manifest():
    assert MANIFEST(manifest())["slug"] == "energy_logger"


@pytest.mark.parametrize(
    "slip",
    [
        {"startup": "application"},
        {"timeout": 10},
        {"ports": {"8080": None}},
        {"environment": {"INGRESS_PORT": 8099}},
        {"schema": {"log_level": "text"}},
        {"image": "ghcr.io/energy-logger/Energy-Logger:latest"},
        {"arch": ["armv7"]},
        {"map": ["addon_config:rw"]},
        {"watchdog": "tcp://[HOST]:8080"},
        {"hassio_role": "manager"},
    ],
    ids=str,
)
def test_a_manifest_with_a_slip_is_refused(slip: dict[str, Any]):
    with pytest.raises(vol.Invalid):
        MANIFEST({**manifest(), **slip})


def test_the_supervisor_accepts_the_store_and_its_translations():
    REPOSITORY(read_yaml(ROOT / "repository.yaml"))

    for page in (ADDON / "translations").iterdir():
        TRANSLATIONS(read_yaml(page))


def test_the_app_has_the_highest_security_rating():
    profile = ADDON / "apparmor.txt"

    assert security_rating(manifest(), has_profile=profile.exists()) == 8
    assert manifest().keys() & PRIVILEGES == set()


@pytest.mark.parametrize(
    ("right", "rating"),
    [
        ({"full_access": True}, 1),
        ({"hassio_role": "admin"}, 6),
        ({"privileged": ["NET_ADMIN", "SYS_ADMIN"]}, 7),
        ({"host_network": True, "host_pid": True}, 5),
        ({"apparmor": False, "ingress": False}, 4),
    ],
    ids=str,
)
def test_every_right_more_costs_rating(right: dict[str, Any], rating: int):
    assert security_rating({**manifest(), **right}, has_profile=True) == rating


def test_the_only_store_of_the_repository_is_the_one_in_its_root():
    """The Supervisor takes the first it finds, in any folder."""
    found = [path for path in ROOT.glob("**/repository.*") if ".git" not in path.parts]

    assert found == [ROOT / "repository.yaml"]


def test_ingress_asks_where_the_server_is_told_to_listen():
    assert "ingress_port" not in manifest()
    assert manifest()["environment"] == {"INGRESS_PORT": str(INGRESS_PORT)}


def test_the_port_that_can_be_published_is_the_one_that_the_server_listens_on():
    assert manifest()["ports"] == {f"{Settings().port}/tcp": None}


def test_discovery_names_the_integration():
    integration = ROOT / "custom_components" / "energy_logger" / "manifest.json"

    assert manifest()["discovery"] == [json.loads(integration.read_text())["domain"]]


def test_app_and_integration_need_the_same_home_assistant():
    hacs = json.loads((ROOT / "hacs.json").read_text())

    assert manifest()["homeassistant"] == hacs["homeassistant"]


def test_a_backup_holds_the_database_with_its_journal_and_nothing_made_anew():
    """The Supervisor matches the whole path, from its right end."""
    folder = PurePath("/data/addons/data/0123abcd_energy_logger")
    there = [
        *("api_key", "energy-logger.db", "energy-logger.db-wal", "options.json"),
        *("energy-logger.db-shm", "unfinished_exports", "backups"),
    ]

    left_out = [
        name
        for name in there
        if any((folder / name).match(rule) for rule in manifest()["backup_exclude"])
    ]

    assert left_out == ["energy-logger.db-shm", "unfinished_exports", "backups"]


@pytest.mark.parametrize("hook", ["backup_pre", "backup_post"])
def test_what_runs_around_a_backup_is_a_command_of_the_image(hook: str):
    program, *words = shlex.split(manifest()[hook])

    assert (ADDON / "rootfs" / program.lstrip("/")).exists()
    asked = CliRunner().invoke(commands, [*words, "--help"])
    assert (asked.exit_code, asked.output.split()[:2]) == (0, ["Usage:", "commands"])
