"""The files for hosts without a Supervisor: they and the server agree."""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from energy_logger_server.config.env_file import parse_env_file
from energy_logger_server.config.load import build_settings
from energy_logger_server.config.settings import BY_NAME, Settings
from tests.server.addon.app_files import ADDON, ROOT, manifest, read_yaml

OF_THE_IMAGE = {"PUID", "PGID"}
SERVICE = ADDON / "rootfs/etc/s6-overlay/s6-rc.d/energy-logger"
DOCKERFILE = (ADDON / "Dockerfile").read_text()


def services(name: str) -> dict[str, Any]:
    """Return the services of a compose file."""
    read: dict[str, Any] = read_yaml(ROOT / name)["services"]
    return read


SERVER = services("compose.yaml")["energy-logger"]


def interpolated(name: str) -> set[str]:
    """Return the variables that a compose file fills in."""
    return set(re.findall(r"\$\{(\w+)", (ROOT / name).read_text()))


def test_compose_builds_the_app_where_its_image_is_not_published():
    assert (ROOT / SERVER["build"] / "Dockerfile").exists()


def test_compose_publishes_the_port_that_it_tells_the_server():
    inside = SERVER["environment"]["PORT"]

    assert inside == str(Settings().port)
    assert [port.rsplit(":", 1)[1] for port in SERVER["ports"]] == [inside]


def test_whoever_stops_it_waits_longer_than_s6_waits_for_the_server():
    kill_after_ms = int((SERVICE / "timeout-kill").read_text())

    assert SERVER["stop_grace_period"] == f"{manifest()['timeout']}s"
    assert kill_after_ms / 1000 < manifest()["timeout"]


def test_postgres_runs_the_same_server_on_an_address_that_it_takes():
    server = services("compose.postgres.yaml")["energy-logger"]
    url = re.sub(r"\$\{.*?\}", "secret", server["environment"]["DATABASE_URL"])

    assert server["extends"] == {"file": "compose.yaml", "service": "energy-logger"}
    assert build_settings(environment={"DATABASE_URL": url}).database_url is not None
    assert "@database/" in url
    assert "database" in services("compose.postgres.yaml")


def test_every_variable_of_the_example_is_a_setting_or_one_of_docker():
    text = (ROOT / ".env.example").read_text()
    shown = parse_env_file(re.sub(r"^#(?=[A-Z_]+=)", "", text, flags=re.MULTILINE))
    of_compose = interpolated("compose.yaml") | interpolated("compose.postgres.yaml")

    assert shown.unreadable_lines == ()
    assert shown.values.keys() - BY_NAME.keys() == of_compose | OF_THE_IMAGE
    # as it stands it sets nothing
    assert parse_env_file(text).values == {}


def test_the_template_of_unraid_sets_what_the_image_takes():
    template = ET.parse(ROOT / "docs/unraid/energy-logger.xml")  # noqa: S314 - our own file
    configs = list(template.iterfind("Config"))
    variables = {one.get("Target") for one in configs if one.get("Type") == "Variable"}
    places = {one.get("Target") for one in configs if one.get("Type") != "Variable"}
    secrets = {one.get("Target") for one in configs if one.get("Mask") == "true"}

    assert variables - BY_NAME.keys() == OF_THE_IMAGE
    assert places == {str(Settings().port), "/data"}
    assert secrets == {
        name for name in variables - OF_THE_IMAGE if BY_NAME[str(name)].is_secret
    }
    assert template.findtext("Repository") == SERVER["image"].split(":")[0] + ":latest"


def test_railway_builds_the_dockerfile_and_asks_the_liveness_path():
    railway = json.loads((ADDON / "railway.json").read_text())

    assert (ADDON / railway["build"]["dockerfilePath"]).exists()
    assert (
        railway["deploy"]["healthcheckPath"]
        in (ADDON / "rootfs" / "usr" / "local" / "bin" / "healthcheck").read_text()
    )
    assert re.search(r"^VOLUME", DOCKERFILE, re.MULTILINE) is None


def test_the_image_listens_and_is_watched_on_the_same_port():
    check = (ADDON / "rootfs" / "usr" / "local" / "bin" / "healthcheck").read_text()

    assert f"${{PORT:-{Settings().port}}}/api/health" in check
    assert f"EXPOSE {Settings().port}" in DOCKERFILE


@pytest.mark.parametrize("name", ["PUID", "PGID", "DATA_DIR", "RUNTIME_DIR"])
def test_the_image_has_what_the_first_step_asks_for(name: str):
    assert re.search(rf"^  {name}=", DOCKERFILE, re.MULTILINE)


def test_the_pages_of_the_image_are_built_by_the_same_node_as_elsewhere():
    elsewhere = (ADDON / "web" / "requirements_node.txt").read_text().strip()

    assert f"/node:{elsewhere.split('==')[1]}-alpine" in DOCKERFILE
