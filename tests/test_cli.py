"""The command line: results on stdout, the rest on stderr, an error in two lines, and a status."""

import io
import re
import resource
import shutil
import socket
import subprocess
import sys
import wave
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.command_line import Soundproof, refused
from tests.conftest import ROOT
from tests.fakes_ingest import FakeTranscriber
from ui.wiring import House

pytestmark = pytest.mark.slow  # whole commands, each with a library of its own

VTT = """WEBVTT - Benchmarks in the bin

00:00.000 --> 00:04.000
<v Mara Quill>What became of the leaked benchmark?

00:04.000 --> 00:10.000
<v Jonas Feld>We threw the leaked benchmark away, and we wrote 40 new cases every month.
"""


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def quiet(path: Path, *, seconds: int = 2) -> str:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(b"\1\2" * 16_000 * seconds)
    return str(path)


@pytest.fixture
def episode(soundproof: Soundproof, tmp_path: Path) -> str:
    """Add the talk above and give its id."""
    added = soundproof("add", write(tmp_path / "talk.vtt", VTT))
    assert added.status == 0, added.err
    return added.out.splitlines()[1].split()[-1]


# What goes well


def test_what_was_added_is_told_with_its_id(soundproof: Soundproof, tmp_path: Path) -> None:
    path = write(tmp_path / "talk.vtt", VTT)

    first, second = soundproof("add", path), soundproof("add", path)

    assert (first.status, second.status) == (0, 0)
    assert re.match(r"Added: .+\n    id: \S+\n$", first.out)
    assert second.out == first.out.replace("Added", "Already here")


def test_a_recording_is_heard_and_added(
    soundproof: Soundproof, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(House, "transcriber", property(lambda _: FakeTranscriber()))

    assert soundproof("add", quiet(tmp_path / "talk.wav"), "--title", "Evals").status == 0

    [held] = soundproof("list", "--json").json
    assert (held["title"], held["tiers"]) == ("Evals", ["transcript"])


@pytest.mark.usefixtures("episode")
def test_an_answer_names_its_sources(soundproof: Soundproof) -> None:
    ran = soundproof("ask", "How many new cases were written every month?")

    assert ran.status == 0
    assert "40 new cases" in ran.out
    assert "[1] 0:04-0:10 · Jonas Feld" in ran.out


@pytest.mark.usefixtures("episode")
def test_what_is_not_on_the_record_is_said_so_and_is_no_failure(soundproof: Soundproof) -> None:
    ran = soundproof("ask", "What does Elon Musk say of zeppelins?")

    assert ran.status == 0
    assert ran.out.startswith("Not on the record.")


def test_machines_get_json(soundproof: Soundproof, episode: str) -> None:
    asked = soundproof("ask", "How many new cases were written every month?", "--json").json
    found = soundproof("search", "leaked benchmark", "--json", "--limit", "1").json

    assert asked["abstained"] is False
    assert asked["citations"][0]["span"]["start"] == 4
    assert [hit["episode"]["id"] for hit in found] == [episode]
    assert [each["id"] for each in soundproof("list", "--json").json] == [episode]
    assert soundproof("show", episode, "--json").json["id"] == episode


@pytest.mark.usefixtures("episode")
def test_an_answer_comes_as_markdown_whose_numbers_are_links(soundproof: Soundproof) -> None:
    said = soundproof("ask", "How many new cases were written every month?", "--markdown").out

    assert said.startswith("**How many new cases were written every month?**\n\n")
    assert "0:04" in said


def test_an_id_may_be_cut_short(soundproof: Soundproof, episode: str) -> None:
    assert f"id: {episode}" in soundproof("show", episode[:6]).out


def test_a_transcript_is_exported_to_stdout_or_a_file(
    soundproof: Soundproof, episode: str, tmp_path: Path
) -> None:
    printed = soundproof("export", episode, "--format", "vtt")
    written = soundproof("export", episode, "--format", "srt", "--out", str(tmp_path / "a.srt"))

    assert printed.out.startswith("WEBVTT")
    assert written.out == ""
    assert "-->" in (tmp_path / "a.srt").read_text("utf-8")


@pytest.mark.usefixtures("episode")
def test_indexes_that_were_deleted_are_made_anew(soundproof: Soundproof) -> None:
    before = soundproof("search", "leaked benchmark").out

    assert "Indexed 1 episode." in soundproof("reindex").out
    assert soundproof("search", "leaked benchmark").out == before


def test_one_that_cannot_be_added_does_not_hold_up_the_others(
    soundproof: Soundproof, tmp_path: Path
) -> None:
    good = write(tmp_path / "talk.vtt", VTT)

    ran = soundproof("add", str(tmp_path / "gone.vtt"), good, str(tmp_path / "lost.vtt"))

    assert ran.status == 3
    assert ran.out.startswith("Added: ")
    told = [line for line in ran.err.splitlines() if line.startswith(("Error:", "Hint:"))]
    assert [line.partition(":")[0] for line in told] == ["Error", "Hint"] * 2
    assert ["gone.vtt" in told[0], "lost.vtt" in told[2]] == [True, True]


def test_where_none_can_be_added_it_failed(soundproof: Soundproof, tmp_path: Path) -> None:
    ran = soundproof("add", str(tmp_path / "gone.vtt"), str(tmp_path / "lost.vtt"))

    assert (ran.status, ran.out) == (1, "")
    assert ran.err.count("Error:") == ran.err.count("Hint:") == 2


def test_ctrl_c_ends_in_one_line(
    soundproof: Soundproof, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(House, "pipeline", property(pressed))

    ran = soundproof("add", write(tmp_path / "talk.vtt", VTT))

    assert (ran.status, ran.out) == (130, "")
    assert ran.err.strip() == (
        "Stopped; what was done is kept. Run the same command again to go on."
    )


def test_an_empty_library_lists_nothing_and_says_what_to_do(soundproof: Soundproof) -> None:
    ran = soundproof("list")

    assert (ran.status, ran.out.strip()) == (0, "")
    assert "soundproof add" in ran.err
    assert soundproof("list", "--json").json == []


def test_the_doctor_speaks_json_and_names_what_to_mend(
    soundproof: Soundproof, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUNDPROOF_WHISPER_MODEL", "no-such-size")

    ran = soundproof("doctor", "--json")

    ill = {each["what"]: each["mend"] for each in ran.json if not each["well"]}
    assert ran.status == 1
    assert "pip install" in ill["speech model"]


# Keeping


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let somebody type an answer."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def kept(home: Path) -> list[Path]:
    return [each for each in (home / "artefacts").rglob("*") if each.is_file()]


def test_an_episode_is_deleted_by_who_agrees(
    soundproof: Soundproof, episode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, "y\n")

    ran = soundproof("delete", episode[:6])

    assert ran.status == 0
    assert re.match(r"Deleted 1 episode and \d+ files of [\d.]+ kB\.", ran.out)
    assert episode in ran.err
    assert kept(tmp_path / "home") == []
    assert soundproof("list", "--json").json == []


@pytest.mark.parametrize("text", ["n\n", "\n", "", "yesterday\n"])
def test_nothing_is_deleted_unless_somebody_agrees(
    soundproof: Soundproof, episode: str, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    answer(monkeypatch, text)

    ran = soundproof("delete", episode)

    assert (ran.status, ran.out) == (1, "")
    assert len(soundproof("list", "--json").json) == 1


def test_a_whole_show_is_deleted(soundproof: Soundproof, tmp_path: Path) -> None:
    for name in ("one", "two"):
        path = write(tmp_path / f"{name}.vtt", VTT)
        soundproof("add", path, "--title", name, "--show", "The Night Desk")
    soundproof("add", write(tmp_path / "talk.vtt", VTT), "--show", "Other")

    assert soundproof("delete", "--show", "night desk", "--yes").status == 0
    assert [each["show"]["title"] for each in soundproof("list", "--json").json] == ["Other"]


@pytest.mark.parametrize("arguments", [(), ("x", "--show", "y")])
def test_what_to_delete_is_said_in_one_way(
    soundproof: Soundproof, arguments: tuple[str, ...]
) -> None:
    ran = soundproof("delete", *arguments)

    assert (ran.status, ran.out) == (2, "")
    assert "--show" in ran.err


@pytest.mark.usefixtures("episode")
def test_a_healthy_library_is_well(soundproof: Soundproof) -> None:
    ran = soundproof("verify")

    assert (ran.status, ran.out) == (
        0,
        "All is well: 1 episode, their files and both indexes.\n",
    )
    assert soundproof("verify", "--json").json == []


@pytest.mark.usefixtures("episode")
def test_what_is_wrong_is_told_and_what_can_be_is_mended(
    soundproof: Soundproof, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "home" / "words")

    assert soundproof("verify").status == 1
    [fault] = soundproof("verify", "--json").json
    assert fault["mend"] == "soundproof verify --mend"
    mended = soundproof("verify", "--mend")
    assert (mended.status, mended.out[:25]) == (0, "mended  The word index is")
    assert soundproof("verify").status == 0


def test_a_document_that_is_gone_is_told_by_its_episode(
    soundproof: Soundproof, episode: str, tmp_path: Path
) -> None:
    for each in kept(tmp_path / "home"):
        if b"leaked" in each.read_bytes():
            each.write_bytes(b"gone")

    ran = soundproof("verify", "--mend")

    assert ran.status == 1
    assert f"WRONG   A document of {episode} is damaged" in ran.out
    assert f"-> soundproof delete {episode}" in ran.out


def test_a_backup_is_restored_into_another_home(
    soundproof: Soundproof, episode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, asked = str(tmp_path / "all.tar"), ("ask", "How many cases were written every month?")
    before = soundproof(*asked).out

    made = soundproof("backup", archive)
    monkeypatch.setenv("SOUNDPROOF_HOME", str(tmp_path / "elsewhere"))
    restored = soundproof("restore", archive)

    assert re.match(r"Backed up 1 episode, \d files: .*all\.tar, [\d.]+ kB\.", made.out)
    assert re.match(r"Restored 1 episode, \d files\.", restored.out)
    assert soundproof(*asked).out == before
    assert f"id: {episode}" in soundproof("show", episode).out
    assert soundproof("verify").status == 0


@pytest.mark.usefixtures("episode")
def test_a_backup_replaces_nothing_unasked(
    soundproof: Soundproof, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = str(tmp_path / "all.tar")
    assert soundproof("backup", archive).status == 0

    refused(soundproof("backup", archive), "is there already")
    assert soundproof("backup", archive, "--force").status == 0
    refused(soundproof("restore", archive), "is not empty")
    answer(monkeypatch, "n\n")
    assert soundproof("restore", archive, "--force").status == 1
    assert soundproof("restore", archive, "--force", "--yes").status == 0
    assert soundproof("verify", "--mend").status == 0


@pytest.mark.usefixtures("episode")
def test_a_backup_of_what_is_damaged_is_made_in_part(
    soundproof: Soundproof, tmp_path: Path
) -> None:
    kept(tmp_path / "home")[0].write_bytes(b"damaged")

    ran = soundproof("backup", str(tmp_path / "all.tar"))

    assert ran.status == 3
    assert "1 files were missing or damaged" in ran.err


# What goes wrong


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("gone.mp3", None, "gone.mp3 cannot be read: no such file"),
        ("fake.mp3", b"This is no sound at all. " * 99, "fake.mp3"),
        ("empty.mp3", b"", "empty.mp3 is empty"),
        ("header.wav", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0", "header.wav"),
        ("broken.vtt", b"WEBVTT\n\n00:09 -> oops\nwords", "broken.vtt"),
        ("words.vtt", b"WEBVTT\n\n", "words.vtt"),
        ("data.xyz", bytes(range(256)) * 9, "data.xyz is nothing that can be read here"),
        ("notes.json", b'{"segments": [{"body": "x"}]}', "notes.json is no transcript"),
    ],
)
def test_what_cannot_be_added_is_told_by_name(
    soundproof: Soundproof, tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    refused(soundproof("add", str(tmp_path / name)), re.escape(message))
    assert soundproof("list", "--json").json == []


def test_without_weights_and_network_a_recording_is_not_heard(
    soundproof: Soundproof, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUNDPROOF_WHISPER_MODEL", "large-v3")

    refused(soundproof("add", quiet(tmp_path / "talk.wav")), "large-v3 are not here")


@pytest.mark.usefixtures("episode")
def test_a_library_of_a_later_version_is_refused(soundproof: Soundproof, tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'home/library.sqlite'}")
    with engine.begin() as db:
        db.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    refused(soundproof("list"), "a later version")


def test_a_port_in_use_is_told(soundproof: Soundproof) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = soundproof("ui", "--port", port)

    assert ran.status == 1
    assert f"Error: Cannot listen on 127.0.0.1:{port}" in ran.err
    assert "Hint: " in ran.err


def test_a_question_to_an_empty_library_is_told_what_to_do(soundproof: Soundproof) -> None:
    ran = soundproof("ask", "What is a label?")

    refused(ran, "The library is empty")
    assert "soundproof add" in ran.err


def test_a_setting_that_makes_no_sense_is_told(
    soundproof: Soundproof, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUNDPROOF_THREADS", "many")

    refused(soundproof("list"), "A setting makes no sense: threads")


@pytest.mark.usefixtures("episode")
@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "no-such-id"),
        ("export", "no-such-id"),
        ("ask", "What is a label?", "--show", "Morning Desk"),
        ("search", "label", "--person", "Nobody"),
        ("list", "--show", "Morning Desk"),
    ],
    ids=" ".join,
)
def test_what_is_not_found_has_a_status_of_its_own(
    soundproof: Soundproof, arguments: tuple[str, ...]
) -> None:
    refused(soundproof(*arguments), "No (episode|show|person) called", status=4)


def test_a_document_that_an_episode_lacks_is_not_found(
    soundproof: Soundproof, episode: str
) -> None:
    refused(soundproof("show", episode, "--brief"), "has no brief", status=4)


@pytest.mark.parametrize(
    "arguments",
    [
        ("show",),
        ("ask", "why", "--nope"),
        ("no-such-command",),
        ("search", "x", "--limit", "0"),
        ("list", "--since", "tomorrow"),
        ("ask", "why", "--since", "tomorrow"),
        ("export", "x", "--format", "docx"),
    ],
    ids=" ".join,
)
def test_misuse_has_a_status_of_its_own(soundproof: Soundproof, arguments: tuple[str, ...]) -> None:
    ran = soundproof(*arguments)

    assert (ran.status, ran.out) == (2, "")
    assert "Usage" in ran.err


def test_a_traceback_is_shown_to_those_who_ask(
    soundproof: Soundproof, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUNDPROOF_DEBUG", "1")

    with pytest.raises(Exception, match="The library is empty"):
        soundproof("ask", "What is a label?")


# The process itself


def process(*arguments: str, flags: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *flags, "-c", "from ui.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_help_loads_nothing_heavy() -> None:
    ran = process("--help", flags=("-X", "importtime"))

    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in ran.stderr.splitlines()}
    assert ran.returncode == 0
    assert "Usage" in ran.stdout
    assert "typer" in loaded
    assert not loaded & {"torch", "chromadb", "streamlit", "numpy", "sqlalchemy", "llama_index"}


def test_help_takes_less_than_a_third_of_a_second() -> None:
    spent = list[float]()
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        process("--help")
        spent.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)

    assert min(spent) <= 0.3


def test_a_real_process_ends_with_the_status(tmp_path: Path) -> None:
    ran = process("add", str(tmp_path / "gone.vtt"))

    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
