"""The app's options: the manifest, its translations, its documents and the server."""

import json
import re
from pathlib import Path

import pytest

from energy_logger_server.config import kinds
from energy_logger_server.config.load import load_settings
from energy_logger_server.config.settings import BY_FIELD, Settings
from energy_logger_server.domain.setting_state import SettingOrigin
from tests.server.addon.app_files import ADDON, manifest, read_yaml

SCHEMA: dict[str, str] = manifest()["schema"]
EXAMPLES = {
    "amber_api_key": "psk_0123456789abcdef",
    "historical_start_date": "2024-07-01",
    "kamo_substation_areas": "OZEC,BAEC",
    "database_url": "postgresql://user:secret@db/energy",
    "log_level": "DEBUG",
}


def load(options: dict[str, str], folder: Path) -> Settings:
    file = folder / "options.json"
    file.write_text(json.dumps(options))
    return load_settings({}, folder=folder, options_file=file)


def test_every_option_is_a_setting_of_the_server_translated_and_documented():
    translated = read_yaml(ADDON / "translations" / "en.yaml")["configuration"]
    documented = re.findall(
        r"^\| .+ \| `(\w+)` \|", (ADDON / "DOCS.md").read_text(), re.MULTILINE
    )

    assert list(SCHEMA) == list(translated) == documented
    assert SCHEMA.keys() - BY_FIELD.keys() == set()


def test_the_documents_call_an_option_as_the_form_does():
    translated = read_yaml(ADDON / "translations" / "en.yaml")["configuration"]
    page = (ADDON / "DOCS.md").read_text()

    for option, words in translated.items():
        assert f"| {words['name']} | `{option}` |" in page


def test_every_port_is_translated():
    translated = read_yaml(ADDON / "translations" / "en.yaml")["network"]

    assert translated.keys() == manifest()["ports"].keys()


def test_no_option_must_be_filled_in_and_none_repeats_a_default():
    assert all(kind.endswith("?") for kind in SCHEMA.values())
    assert "options" not in manifest()


def test_options_that_may_hold_a_secret_are_masked():
    masked = {option for option, kind in SCHEMA.items() if kind == "password?"}

    assert masked == {option for option in SCHEMA if BY_FIELD[option].is_secret}


def test_the_log_levels_on_offer_are_those_that_the_server_knows():
    levels = "|".join(map(str, kinds.LOG_LEVEL.choices))

    assert SCHEMA["log_level"] == f"list({levels})?"


@pytest.mark.parametrize("option", SCHEMA)
def test_the_server_takes_an_option_from_the_file_of_the_supervisor(
    option: str, tmp_path: Path
):
    loaded = load({option: EXAMPLES[option]}, tmp_path)

    assert loaded.origins == {BY_FIELD[option].name: SettingOrigin.OPTIONS}
    assert getattr(loaded, option) != getattr(Settings(), option)
    assert loaded.warnings == ()


def test_options_that_were_emptied_count_as_not_filled_in(tmp_path: Path):
    assert load(dict.fromkeys(SCHEMA, ""), tmp_path) == Settings()


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [("2024-07-01", True), ("", True), ("01.07.2024", False), ("2024-07-01 ", False)],
)
def test_the_form_takes_a_date_or_nothing_as_start_of_history(
    text: str, is_allowed: bool
):
    pattern = re.fullmatch(r"match\((.*)\)\?", SCHEMA["historical_start_date"])

    assert pattern is not None
    assert (re.match(pattern[1], text) is not None) == is_allowed
