"""What files of this repository owe to the stores, tools and readers that use them."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
API = ROOT / "custom_components" / "energy_logger" / "api"
API_COPY = Path("addon", "src", "energy_logger_server", "api")
CLIENTS_OF_HTTP = {"amber.py", "http.py", "kamo.py", "rate_limit.py", "server.py"}
LOCK_FILES = [
    "addon/requirements.lock",
    "requirements_test.txt",
    "tests/requirements_home_assistant.txt",
    "tests/requirements_home_assistant_oldest.txt",
]
TERMS = """
    interval, NEM time, NEM date, Central date, tick, site, NMI, channel, feed-in,
    price, spot price, usage, quality, cost, forecast, current, actual, settled,
    provisional, spike status, descriptor, demand window, area, cooperative,
    aggregate area, substation, load, reading, peak, source, series,
    run, window, ledger, gap, revision, backfill
"""


def project_files(folder: Path = ROOT) -> Iterator[Path]:
    """Yield the files of the project, without tools' caches and hidden folders."""
    for place, folders, names in os.walk(folder):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and name not in {"__pycache__", "node_modules"}
        ]
        yield from (Path(place, name).relative_to(ROOT) for name in names)


def toml(path: str) -> dict[str, object]:
    return tomllib.loads((ROOT / path).read_text())


def sync_api(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "sync_api", "--root", root, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a tree that holds the original api folder and an equal copy of it."""
    shutil.copytree(API, tmp_path / API.relative_to(ROOT))
    sync_api(tmp_path)
    return tmp_path


def test_only_the_app_folder_holds_a_manifest():
    """The Supervisor takes every such file anywhere for the manifest of an app."""
    manifests = re.compile(r"config\.(ya?ml|json)")

    found = [
        path
        for path in project_files()
        if manifests.fullmatch(path.name) and "rootfs" not in path.parts
    ]

    assert [path for path in found if path.parent != Path("addon")] == []


def test_the_app_folder_does_not_ask_for_the_deprecated_build_mode():
    builds = re.compile(r"build\.(ya?ml|json)")

    found = [p for p in project_files(ROOT / "addon") if builds.fullmatch(p.name)]

    assert found == []


def pins(name: str) -> list[str]:
    """Return what a lock file pins, one package each, without hashes."""
    text = re.sub(r" \\\n    --hash=sha256:[0-9a-f]{64}", "", (ROOT / name).read_text())
    return text.splitlines()


@pytest.mark.parametrize("name", LOCK_FILES)
def test_lock_files_hold_exact_versions_and_no_address(name: str):
    pin = re.compile(r"[a-z0-9-]+==([0-9]!)?[0-9][0-9a-z.]*( ; .+)?")

    unlike = [line for line in pins(name) if not pin.fullmatch(line)]

    assert unlike == ([] if name.startswith("addon/") else ["-e ./addon"])


def test_what_ships_is_locked_to_the_very_files():
    lock = (ROOT / LOCK_FILES[0]).read_text()

    without = [line for line in lock.splitlines() if re.search(r"==.+[^\\]$", line)]

    assert without == []


def test_the_tests_run_on_the_versions_that_the_server_ships_with():
    shipped, tested = (pins(name) for name in LOCK_FILES[:2])

    assert set(shipped) - set(tested) == set()


def test_every_test_tool_is_locked_as_pinned():
    groups = toml("pyproject.toml")["dependency-groups"]
    locked = (ROOT / "requirements_test.txt").read_text().splitlines()

    assert isinstance(groups, dict)
    assert set(groups["test"]) - set(locked) == set()


def test_every_path_that_a_document_names_is_there():
    files = {path.as_posix() for path in project_files()}
    places = files | {
        parent.as_posix() for path in files for parent in Path(path).parents
    }
    known = {f"/{place}" for place in places}
    # a path or the end of one: a module, or a folder with a slash at its end
    named = {
        (document, name.rstrip("/"))
        for document in files
        if document.endswith(".md")
        for name in re.findall(
            r"`([\w.-]+(?:/[\w.-]+)*(?:\.py|/))`", (ROOT / document).read_text()
        )
    }
    assert len(named) > 30
    assert {
        (document, name)
        for document, name in named
        if not any(place.endswith(f"/{name}") for place in known)
    } == set()


def test_the_glossary_defines_every_word_of_the_vocabulary():
    defined = set(re.findall(r"\*\*(.+?)\*\*", (ROOT / "docs/glossary.md").read_text()))

    wanted = {" ".join(term.split()) for term in TERMS.split(",")}

    assert wanted - defined == set()


def test_the_glossary_defines_only_words_that_the_code_uses():
    defined = re.findall(
        r"^\| (\*\*.+?) \|", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE
    )
    terms = {term for cell in defined for term in re.findall(r"\*\*(.+?)\*\*", cell)}
    code = "\n".join(
        (ROOT / path).read_text().lower()
        for folder in ("addon/src", "custom_components")
        for path in project_files(ROOT / folder)
        if path.suffix == ".py"
    )

    unused = {
        term
        for term in terms
        if not re.search("(?<![a-z])" + re.sub(r"[ -]", "[ _-]?", term.lower()), code)
    }

    assert unused == set()


@pytest.mark.parametrize(
    "page",
    [path for path in project_files() if path.suffix == ".md"],
    ids=str,
)
def test_links_between_pages_lead_somewhere(page: Path):
    text = (ROOT / page).read_text()
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)

    dead = [link for link in links if not (ROOT / page.parent / link).exists()]

    assert dead == []


@pytest.mark.parametrize(
    "script",
    [
        ".ci/run",
        *(f"scripts/{p.name}" for p in (ROOT / "scripts").iterdir() if p.is_file()),
    ],
)
def test_scripts_can_be_run_as_they_are(script: str):
    path = ROOT / script

    assert os.access(path, os.X_OK)
    assert path.read_bytes().startswith(b"#!/usr/bin/env ")


@pytest.mark.parametrize("module", sorted(API.glob("*.py")), ids=lambda path: path.name)
def test_the_shared_api_needs_nothing_but_itself_and_for_http_aiohttp(module: Path):
    """Both parts load it, each without the other and without its packages."""
    third_party = {"aiohttp", "yarl"} if module.name in CLIENTS_OF_HTTP else set()
    allowed = sys.stdlib_module_names | third_party
    nodes = list(ast.walk(ast.parse(module.read_text())))

    names = {
        alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names
    }
    imports_from = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    names |= {node.module or "" for node in imports_from if node.level == 0}

    assert {name for name in names if name.split(".")[0] not in allowed} == set()
    assert {node.level for node in imports_from} <= {0, 1}


def test_an_equal_copy_of_the_api_passes(checkout: Path):
    check = sync_api(checkout, "--check")

    assert (check.returncode, check.stdout) == (0, "")


def test_a_changed_copy_of_the_api_is_named(checkout: Path):
    with (checkout / API_COPY / "models.py").open("a") as module:
        module.write("\n")

    check = sync_api(checkout, "--check")

    assert (check.returncode, check.stdout) == (1, f"differs: {API_COPY}/models.py\n")


def test_a_missing_file_of_the_copy_is_named(checkout: Path):
    (checkout / API_COPY / "nem.py").unlink()

    check = sync_api(checkout, "--check")

    assert (check.returncode, check.stdout) == (1, f"missing: {API_COPY}/nem.py\n")


def test_a_file_without_an_original_is_named_and_goes_with_the_next_copy(
    checkout: Path,
):
    stray = checkout / API_COPY / "stray.py"
    stray.touch()

    check = sync_api(checkout, "--check")
    sync_api(checkout)

    assert (check.returncode, check.stdout) == (
        1,
        f"no original: {API_COPY}/stray.py\n",
    )
    assert not stray.exists()


def test_the_client_of_our_own_server_stays_out_of_the_server(checkout: Path):
    (checkout / API.relative_to(ROOT) / "server.py").touch()

    sync_api(checkout)

    assert not (checkout / API_COPY / "server.py").exists()
    assert sync_api(checkout, "--check").returncode == 0


def test_a_checkout_without_the_original_is_an_error_and_loses_nothing(checkout: Path):
    shutil.rmtree(checkout / API.relative_to(ROOT))

    copying = sync_api(checkout)

    assert copying.returncode == 1
    assert (checkout / API_COPY / "models.py").exists()


def test_no_module_of_tests_takes_anything_from_a_test():
    takers = [
        str(module.relative_to(ROOT))
        for module in Path(ROOT, "tests").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and re.fullmatch(r"(tests\..*)?\btest_\w+", node.module or "")
    ]

    assert takers == []
