"""The assistants' door: a real program over stdio, asked with the protocol's own client."""

import json
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult, GetPromptResult, InputRequiredResult, TextContent

from kb.errors import SettingsError
from tests import api_house, samples
from tests.api_house import ApiHouse
from tests.conftest import ROOT
from ui import mcp
from ui.commands import running

LEAKS = samples.LEAKS.episode.id


def text(told: CallToolResult | InputRequiredResult) -> str:
    """Give what a tool answered."""
    assert isinstance(told, CallToolResult)
    return "".join(each.text for each in told.content if isinstance(each, TextContent))


def asked(folder: Path, tool: str, **given: object) -> Any:  # noqa: ANN401
    """Ask a server in this process; give the JSON it answers with, or the text of its complaint."""
    return asked_of(api_house.filled(folder), tool, **given)


def asked_of(house: ApiHouse, tool: str, **given: object) -> Any:  # noqa: ANN401
    """Ask a server over a house, as `asked` does."""
    server = mcp.build(house)

    async def ask() -> Any:  # noqa: ANN401
        async with Client(server) as client:
            told = await client.call_tool(tool, given)
            said = text(told)
            return (
                said
                if getattr(told, "is_error", False) or said.startswith("#")
                else json.loads(said)
            )

    return anyio.run(ask)


def test_a_search_gives_passages_with_their_places(tmp_path: Path) -> None:
    found = asked(tmp_path, "search", words="benchmark memory", limit=2)

    assert found[0]["passage"]["span"]["episode_id"] == LEAKS
    assert len(found) <= 2


def test_an_answer_says_whether_it_is_on_the_record(tmp_path: Path) -> None:
    assert asked(tmp_path, "ask", question="What does Zanzibar export?")["abstained"]
    assert not asked(tmp_path, "ask", question="What did a label cost in March?")["abstained"]


def test_quotes_are_sealed_or_not(tmp_path: Path) -> None:
    claims = ["We threw ours away.", "We kept it all."]

    checked = asked(tmp_path, "quotes", episode=LEAKS, quotes=claims)

    assert [each["quotable"] for each in checked] == [True, False]
    assert (checked[0]["speaker"], checked[0]["start"]) == (samples.JONAS, pytest.approx(9, abs=3))


def test_a_transcript_can_be_cut_by_time(tmp_path: Path) -> None:
    said = asked(tmp_path, "transcript", episode=LEAKS, start=6, end=12)

    assert "threw ours away" in said
    assert "Everybody shows" not in said


def test_a_renamed_speaker_is_renamed_in_the_transcript(tmp_path: Path) -> None:
    house = api_house.filled(tmp_path)
    house.relabelling.rename(LEAKS, samples.JONAS, "Zora Renamed")

    said = asked_of(house, "transcript", episode=LEAKS, start=6, end=12)

    assert "Zora Renamed" in said
    assert f"{samples.JONAS}:" not in said


def test_episodes_are_listed_and_shown(tmp_path: Path) -> None:
    listed = asked(tmp_path, "episodes", show="The Night Desk")

    assert [each["title"] for each in listed] == ["Evaluations that nobody leaked", "Closed books"]
    assert asked(tmp_path, "episode", episode=listed[0]["id"])["duration"] == 36


@pytest.mark.parametrize(
    ("tool", "given", "says"),
    [
        ("episode", {"episode": "none"}, "No episode"),
        ("episode", {"episode": ""}, "3 episodes"),
        ("transcript", {"episode": samples.CLOSED.episode.id}, "no transcript"),
        ("search", {"words": "label", "show": "none"}, "No show"),
        ("search", {"words": ""}, "at least 1"),
        ("search", {"words": "a", "limit": 51}, "50"),
    ],
)
def test_an_assistant_is_told_what_is_wrong(
    tmp_path: Path, tool: str, given: dict[str, object], says: str
) -> None:
    told = asked(tmp_path, tool, **given)

    assert says in told
    assert "Traceback" not in told


def _over_stdio(folder: Path, talk: Callable[[Client], Coroutine[Any, Any, None]]) -> None:
    environment = {
        "SOUNDPROOF_HOME": str(folder),
        "SOUNDPROOF_OFFLINE": "1",
        "PYTHONPATH": str(ROOT),
    }
    program = StdioServerParameters(
        command=sys.executable,
        args=["-c", "from ui.cli import main; main()", "mcp"],
        env=environment,
        cwd=folder,
    )

    async def speak() -> None:
        with anyio.fail_after(60):
            async with Client(program) as client:
                await talk(client)

    anyio.run(speak)


@pytest.mark.slow
def test_over_stdio_an_assistant_reads_and_can_change_nothing(tmp_path: Path) -> None:
    here = api_house.filled(tmp_path)
    here.library.close()

    async def talk(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert {each.name for each in tools} == {
            *("search", "ask", "episodes", "episode", "transcript", "quotes")
        }
        for each in tools:
            assert each.annotations is not None
            assert each.annotations.read_only_hint
            assert each.description
        told = await client.call_tool("quotes", {"episode": LEAKS, "quotes": ["no was the answer"]})
        assert json.loads(text(told))[0]["status"] != "verbatim"
        prompts = {each.name for each in (await client.list_prompts()).prompts}
        assert prompts == {"thesis", "post"}
        prompt = await client.get_prompt("thesis", {"subject": "leaked benchmarks"})
        assert isinstance(prompt, GetPromptResult)
        assert "leaked benchmarks" in str(prompt.messages[0].content)
        assert "quotes" in str(prompt.messages[0].content)

    _over_stdio(tmp_path, talk)


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] in ("mcp", "mcp_types")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "ui.mcp")
    monkeypatch.delattr("ui.mcp")
    monkeypatch.setitem(sys.modules, "mcp", None)

    with pytest.raises(SettingsError) as caught:
        running.mcp()

    assert "assistants" in caught.value.hint
