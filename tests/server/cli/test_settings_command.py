"""Settings on the command line, beside a server and without one."""

import json
import signal
from pathlib import Path

from tests.server.cli.conftest import answer_of

TOKEN = "psk_" + "7" * 32


async def test_without_a_server_a_setting_is_saved_for_the_next_one(run, environment):
    before = await run("settings", "list", environment=environment)
    saved = await run(
        "settings", "set", "poll_interval_minutes", "15", environment=environment
    )
    listed = await run("settings", "list", "--json", environment=environment)
    table = await run("settings", "list", environment=environment)
    forgotten = await run(
        "settings", "reset", "POLL_INTERVAL_MINUTES", environment=environment
    )

    assert before.code == 0, before.errors
    assert saved.out == (
        "POLL_INTERVAL_MINUTES is 15 (saved): a server that starts goes by it\n"
    )
    state = json.loads(listed.out)["settings"]["POLL_INTERVAL_MINUTES"]
    assert (state["value"], state["source"]) == (15, "saved")
    cells = ["POLL_INTERVAL_MINUTES", "15", "saved", "yes"]
    assert cells in [line.split() for line in table.out.splitlines()]
    assert forgotten.out == (
        "POLL_INTERVAL_MINUTES is 5 (default): a server that starts goes by it\n"
    )


async def test_a_secret_is_saved_and_never_shown(run, environment):
    environment["SMTP_PASSWORD"] = TOKEN[::-1]

    saved = await run(
        "settings", "set", "AMBER_API_KEY", TOKEN, environment=environment
    )
    listed = await run("settings", "list", environment=environment)
    as_json = await run("settings", "list", "--json", environment=environment)

    said = saved.out + saved.errors + listed.out + listed.errors + as_json.out
    assert "AMBER_API_KEY is set, not shown (saved)" in saved.out
    assert TOKEN not in said
    assert environment["SMTP_PASSWORD"] not in said


async def test_what_cannot_be_saved_is_one_sentence_that_names_the_setting(
    run, environment
):
    environment["AMBER_API_KEY"] = ""
    sentences = {
        ("set", "POLL_INTERVAL_MINUTES", "7"): "must be one of 5, 10, 15, 30",
        ("set", "PORT", "8081"): "cannot be changed here: set it in the environment",
        ("set", "PORTS", "8081"): "there is no such setting",
        ("reset", "DATA_DIR"): "cannot be changed here",
        ("set", "KAMO_ENABLED", "false"): "nothing to collect",
    }

    for words, sentence in sentences.items():
        ended = await run("settings", *words, environment=environment)

        assert ended.code == 2, words
        (line,) = ended.errors.splitlines()
        assert line.startswith(f"energy-logger: {words[1]}"), line
        assert sentence in line


async def test_beside_a_server_a_change_goes_through_it_and_holds_at_once(
    start, run, environment
):
    process = await start("serve", environment=environment)
    await answer_of(f"http://127.0.0.1:{environment['PORT']}/api/info", process)

    saved = await run(
        "settings", "set", "COLLECT_FORECASTS", "false", environment=environment
    )
    # what the server goes by, whatever is set where the command runs
    elsewhere = {**environment, "LOG_LEVEL": "DEBUG"}
    listed = await run("settings", "list", "--json", environment=elsewhere)
    refused = await run(
        "settings", "set", "POLL_INTERVAL_MINUTES", "7", environment=environment
    )
    reset = await run("settings", "reset", "COLLECT_FORECASTS", environment=environment)
    process.send_signal(signal.SIGTERM)
    await process.communicate()

    assert saved.out == (
        "COLLECT_FORECASTS is false (saved): the running server goes by it\n"
    ), saved.errors
    settings = json.loads(listed.out)["settings"]
    assert settings["COLLECT_FORECASTS"]["value"] is False
    assert settings["LOG_LEVEL"]["value"] == "INFO"
    assert refused.code == 2
    assert refused.errors == (
        "energy-logger: POLL_INTERVAL_MINUTES must be one of 5, 10, 15, 30\n"
    )
    assert reset.out == (
        "COLLECT_FORECASTS is true (default): the running server goes by it\n"
    )


async def test_listing_settings_makes_no_store(run, environment):
    listed = await run("settings", "list", environment=environment)

    assert listed.code == 0, listed.errors
    assert not (Path(environment["DATA_DIR"]) / "energy-logger.db").exists()
