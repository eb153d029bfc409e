"""``scripts/release``: one version everywhere, and nothing published too early."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = [
    "CHANGELOG.md",
    "addon/CHANGELOG.md",
    "addon/config.yaml",
    "addon/pyproject.toml",
    "addon/src/energy_logger_server/__init__.py",
    "compose.yaml",
    "custom_components/energy_logger/manifest.json",
    "hacs.json",
]


def release(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "release", "--root", root, *words],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a tree with the files that a release changes, before the first one."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    manifest = tmp_path / "addon/config.yaml"
    manifest.write_text(re.sub(r"(?m)^image: .+\n", "", manifest.read_text()))
    add_unreleased(tmp_path, "### Added\n\n- The first thing.\n\n")
    return tmp_path


def add_unreleased(root: Path, text: str) -> None:
    """Put a text at the begin of what is unreleased."""
    changelog = root / "CHANGELOG.md"
    head = "## [Unreleased]\n\n"
    changelog.write_text(changelog.read_text().replace(head, head + text, 1))


def test_this_repository_has_one_version_everywhere():
    check = release(ROOT, "--check")

    assert (check.returncode, check.stdout) == (0, "")


def test_a_release_gives_every_place_its_version(checkout: Path):
    prepared = release(checkout, "7.0.1")

    assert prepared.returncode == 0
    assert release(checkout, "--check", "7.0.1").stdout == ""
    manifest = yaml.safe_load((checkout / "addon/config.yaml").read_text())
    integration = json.loads((checkout / FILES[6]).read_text())
    compose = yaml.safe_load((checkout / "compose.yaml").read_text())
    assert manifest["version"] == integration["version"] == "7.0.1"
    assert compose["services"]["energy-logger"]["image"] == f"{manifest['image']}:7.0.1"


def test_a_release_says_where_image_and_archive_are_published(checkout: Path):
    release(checkout, "7.0.1")
    manifest = (checkout / "addon/config.yaml").read_text()
    add_unreleased(checkout, "### Fixed\n\n- The second thing.\n\n")
    release(checkout, "7.1.0")
    hacs = json.loads((checkout / "hacs.json").read_text())

    assert (hacs["zip_release"], hacs["filename"]) == (True, "energy_logger.zip")
    assert "\nimage: ghcr.io/energy-logger/energy-logger\n" in manifest
    # the next one changes the version alone
    renewed = (checkout / "addon/config.yaml").read_text()
    assert renewed == manifest.replace("7.0.1", "7.1.0")


def test_the_app_store_shows_the_releases_with_links_in_full(checkout: Path):
    changelog = checkout / "CHANGELOG.md"
    text = changelog.read_text()
    changelog.write_text(f"{text}\n- See [the pages](docs/units.md).\n")

    release(checkout, "7.0.1")

    shown = (checkout / "addon/CHANGELOG.md").read_text()
    assert re.search(r"\A# Changelog\n\n## \[7\.0\.1\] - \d{4}-\d\d-\d\d\n\n###", shown)
    assert "(https://github.com/energy-logger/energy-logger/blob/main/docs/u" in shown
    assert "Unreleased" not in shown
    assert "## [Unreleased]\n\n## [7.0.1] - " in changelog.read_text()


def test_the_notes_of_a_release_are_its_section_alone(checkout: Path):
    release(checkout, "7.0.1")
    add_unreleased(checkout, "### Fixed\n\n- Not [yet](docs/units.md).\n\n")
    release(checkout, "7.1.0")

    assert release(checkout, "--notes", "7.1.0").stdout == (
        "### Fixed\n\n- Not [yet](https://github.com/energy-logger/energy-logger/blob/"
        "main/docs/units.md).\n"
    )
    assert release(checkout, "--notes", "7.1.0").returncode == 0
    assert "The first thing" in release(checkout, "--notes", "7.0.1").stdout
    assert "no section 8.0.0" in release(checkout, "--notes", "8.0.0").stderr


def test_the_archive_is_the_integrations_folder(tmp_path: Path):
    release(ROOT, "--archive", str(tmp_path))

    with zipfile.ZipFile(tmp_path / "energy_logger.zip") as archive:
        names = set(archive.namelist())
    folder = ROOT / "custom_components" / "energy_logger"
    files = {path for path in folder.rglob("*") if path.is_file()}
    assert names == {
        str(path.relative_to(folder)) for path in files if path.suffix != ".pyc"
    }
    assert "manifest.json" in names


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("v7", "v7 is no version such as 1.2.3"),
        ("0.0.9", "0.0.9 is older than 7.0.1"),
        ("7.0.1", "7.0.1 has been released already"),
        ("7.0.2", "CHANGELOG.md has nothing that is unreleased"),
    ],
)
def test_a_release_that_cannot_be_is_refused_and_changes_nothing(
    checkout: Path, version: str, reason: str
):
    release(checkout, "7.0.1")
    before = {name: (checkout / name).read_text() for name in FILES}

    refused = release(checkout, version)

    assert (refused.returncode, refused.stderr) == (1, f"release: {reason}\n")
    assert {name: (checkout / name).read_text() for name in FILES} == before


def test_a_check_names_every_place_that_disagrees(checkout: Path):
    release(checkout, "7.0.1")
    (checkout / "addon/CHANGELOG.md").write_text("# Changelog\n")

    check = release(checkout, "--check", "7.0.2")

    assert check.returncode == 1
    assert check.stdout.splitlines() == [
        *(f"{name}: 7.0.1 instead of 7.0.2" for name in FILES[2:7]),
        "addon/CHANGELOG.md: not the releases of CHANGELOG.md",
        "CHANGELOG.md: no section 7.0.2",
    ]
