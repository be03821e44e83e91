"""`soundproof eval`: question sets asked on the command line, and runs compared."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval import runs
from eval.compare import Difference
from eval.means import Mean
from eval.measures import NAMES
from eval.runs import Line, Run
from tests.command_line import Soundproof, refused
from tests.conftest import ROOT
from ui import printing_eval

pytestmark = pytest.mark.slow

LEAKS = "WEBVTT\n\n00:00.000 --> 00:04.000\n<v Mara Quill>What became of the leaked benchmark?\n\n00:04.000 --> 00:10.000\n<v Jonas Feld>We threw the leaked benchmark away, and we wrote 40 new cases every month.\n"
COSTS = "WEBVTT\n\n00:00.000 --> 00:06.000\n<v Ines Okafor>Each label of our vegetables cost us 3.50 dollars in March.\n"
FORTY = "We threw the leaked benchmark away, and we wrote 40 new cases every month."
QUESTIONS: list[Mapping[str, object]] = [
    {
        "id": "forty",
        "question": "What became of the leaked benchmark, and how many cases were written?",
        "answerable": True,
        "episodes": ["Night Desk #1"],
        "passages": [{"episode": "Night Desk #1", "text": FORTY}],
        "answer_must_contain": [["40"]],
    },
    {
        "id": "opera",
        "question": "Who sang at the Opera of Vienna?",
        "answerable": False,
        "episodes": [],
        "passages": [],
    },
]


@pytest.fixture
def suite(soundproof: Soundproof, tmp_path: Path) -> str:
    """Add two episodes by a manifest, and write a set about one of them."""
    write(tmp_path / "leaks.vtt", LEAKS)
    write(tmp_path / "costs.vtt", COSTS)
    episodes = [
        {"id": "Night Desk #1", "show": "Night Desk", "file": "leaks.vtt", "title": "Leaks"},
        {"id": "costs-2", "show": "Night Desk", "file": "costs.vtt", "title": "Costs"},
    ]
    manifest = write(tmp_path / "manifest.json", json.dumps({"episodes": episodes}))
    added = soundproof("add", manifest)
    assert added.status == 0, added.err
    return written(tmp_path, QUESTIONS)


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def written(folder: Path, questions: Sequence[Any], name: str = "set.jsonl") -> str:
    return write(folder / name, "\n".join(map(json.dumps, questions)))


# Running


def test_a_set_is_asked_and_its_means_printed(soundproof: Soundproof, suite: str) -> None:
    ran = soundproof("eval", "run", suite)

    assert ran.status == 0, ran.err
    assert ran.out.startswith("set.jsonl: 2 questions")
    assert re.search(r"\| measure +\| hybrid +\|", ran.out)
    assert re.search(r"\| found within 300 +\| 1\.00 \(0\.03 to 1\.00\) 1 +\|", ran.out)
    assert re.search(r"\| quotes exact +\| 1\.00", ran.out)


def test_json_is_one_line_a_question_with_the_manifest_s_ids(
    soundproof: Soundproof, suite: str
) -> None:
    ran = soundproof("eval", "run", suite, "--json")

    assert ran.status == 0, ran.err
    forty, opera = (json.loads(line) for line in ran.out.splitlines())
    assert [*forty] == ["id", "refused", "answer", "citations", "passages"]
    assert (forty["id"], forty["refused"]) == ("forty", False)
    assert forty["citations"][0] == {
        "episode": "Night Desk #1",
        "start": 4,
        "end": 10,
        "text": FORTY,
    }
    assert forty["answer"].startswith(f"Jonas Feld: {FORTY}")
    assert FORTY in [each["text"] for each in forty["passages"]]
    assert {each["episode"] for each in forty["passages"]} <= {"Night Desk #1", "costs-2"}
    assert (opera["id"], opera["refused"], opera["answer"]) == ("opera", True, "")


def test_contestants_stand_beside_one_another(soundproof: Soundproof, suite: str) -> None:
    names = ("words only", "meaning only")

    ran = soundproof("eval", "run", suite, *(f"--contestant={each}" for each in names))

    assert re.search(r"\| measure +\| words only +\| meaning only +\|", ran.out), ran.err


def test_a_run_is_kept_for_comparing(soundproof: Soundproof, suite: str, tmp_path: Path) -> None:
    ran = soundproof("eval", "run", suite, "--contestant", "words only", "--out", "words.json")

    assert ran.status == 0, ran.err
    assert "Wrote words.json" in ran.err
    kept = json.loads((tmp_path / "words.json").read_text("utf-8"))
    assert kept["contestant"] == "words only"
    assert kept["lines"][0]["scores"]["found within 300"] == 1
    assert {"fingerprint", "digest", "settings"} <= kept.keys()
    nowhere = soundproof("eval", "run", suite, "--out", "none/words.json")
    refused(nowhere, "words.json cannot be written")


def test_a_set_s_own_name_of_an_episode_is_told(
    soundproof: Soundproof, suite: str, tmp_path: Path
) -> None:
    del suite
    asked = json.dumps(QUESTIONS).replace("Night Desk #1", "nd-1")
    other = written(tmp_path, json.loads(asked), "other.jsonl")

    refused(
        soundproof("eval", "run", other),
        "other.jsonl, question forty: no episode nd-1 is in the library",
        status=4,
    )
    ran = soundproof("eval", "run", other, "--called", "nd-1=costs-2", "--json")
    assert '"episode":"nd-1"' in ran.out, ran.err


@pytest.mark.parametrize("called", ["nd-1", "=x", "nd-1="])
def test_a_name_needs_an_id(soundproof: Soundproof, called: str) -> None:
    assert soundproof("eval", "run", "set.jsonl", "--called", called).status == 2


@pytest.mark.parametrize("option", [("--json",), ("--out", "x.json")])
def test_lines_and_files_are_of_one_contestant(
    soundproof: Soundproof, option: tuple[str, ...], tmp_path: Path
) -> None:
    both = ("--contestant", "hybrid", "--contestant", "words only")

    ran = soundproof("eval", "run", written(tmp_path, QUESTIONS), *both, *option)

    assert (ran.status, ran.out) == (2, "")
    assert not (tmp_path / "x.json").exists()


def test_bad_input_is_two_lines_and_nothing_is_written(
    soundproof: Soundproof, tmp_path: Path
) -> None:
    suite = written(tmp_path, QUESTIONS)
    damaged = write(tmp_path / "damaged.jsonl", '{"id": "q1"}')
    kept = ("--out", "run.json")

    refused(soundproof("eval", "run", "none.jsonl", *kept), "none.jsonl cannot be read")
    refused(soundproof("eval", "run", damaged, *kept), "damaged.jsonl, line 1: question")
    refused(
        soundproof("eval", "run", suite, "--contestant", "nobody", *kept),
        "No contestant is called nobody",
        status=4,
    )
    assert not (tmp_path / "run.json").exists()


def test_an_empty_library_is_said_to_be_empty(soundproof: Soundproof, tmp_path: Path) -> None:
    refused(soundproof("eval", "run", written(tmp_path, QUESTIONS)), "The library is empty")


# Comparing


def kept_run(path: Path, name: str, scores: Mapping[str, float], *, digest: str = "d") -> str:
    """Keep a run of one question."""
    line = Line(
        "q1", refused=False, answer="", citations=(), passages=(), cluster="q1", scores=scores
    )
    run = Run(name, f"print of {name}", {}, "set.jsonl", digest, (line,))
    return write(path, runs.written(run))


@pytest.fixture
def kept(tmp_path: Path) -> tuple[str, str]:
    """Keep two runs, the second of which found less."""
    good = {"found within 300": 0, "found within 1,000": 1, "MRR": 1}
    return (
        kept_run(tmp_path / "good.json", "good", good),
        kept_run(tmp_path / "worse.json", "worse", good | {"found within 1,000": 0}),
    )


def test_differences_are_printed_with_their_intervals(
    soundproof: Soundproof, kept: tuple[str, str]
) -> None:
    ran = soundproof("eval", "compare", *kept)

    assert ran.status == 0, ran.err
    assert ran.out.startswith("A: good (print of good)\nB: worse (print of worse)\n")
    assert re.search(r"\| found within 1,000 +\| 1\.00 \| 0\.00 \| -1\.000 \|", ran.out)
    assert re.search(r"\| found within 300 .*\| the same on each \|", ran.out)


def test_a_missed_gate_is_named_and_ends_with_1(
    soundproof: Soundproof, kept: tuple[str, str]
) -> None:
    gates = ("--gate", "found within 1,000=-0.02", "--gate", "found within 300=-0.02")

    ran = soundproof("eval", "compare", *kept, *gates)

    assert ran.status == 1
    assert ran.err == "MISSED  found within 1,000: B must have at least -0.02 over A\n"
    assert soundproof("eval", "compare", *kept[::-1], *gates).status == 0


def test_differences_are_printed_as_json(soundproof: Soundproof, kept: tuple[str, str]) -> None:
    ran = soundproof("eval", "compare", *kept, "--json")

    found = {each["measure"]: each for each in ran.json}
    assert (found["found within 1,000"]["mean"]["value"], found["MRR"]["worse"]) == (-1, 0)


@pytest.mark.slow
def test_contestants_are_compared_on_a_set(soundproof: Soundproof, suite: str) -> None:
    assert soundproof("eval", "run", suite, "--out", "kept.json").status == 0

    one = soundproof("eval", "compare", "kept.json", "words only", "--suite", suite)
    two = soundproof("eval", "compare", "hybrid", "words only", "--suite", suite)

    assert (one.status, two.status) == (0, 0), two.err
    assert one.out == two.out
    assert "B: words only (" in one.out


def test_runs_that_cannot_be_compared_are_two_lines(
    soundproof: Soundproof, kept: tuple[str, str], tmp_path: Path
) -> None:
    good, _ = kept
    other = kept_run(tmp_path / "other.json", "other", {"MRR": 1}, digest="e")
    bad, suite = write(tmp_path / "bad.json", "{}"), written(tmp_path, QUESTIONS)
    nobody = soundproof("eval", "compare", good, "nobody", "--suite", suite)

    refused(soundproof("eval", "compare", good, "none.json"), "none.json cannot be read")
    refused(soundproof("eval", "compare", good, bad), "bad.json is no kept run")
    refused(soundproof("eval", "compare", good, other), "was changed between the runs")
    refused(nobody, "No contestant is called nobody", status=4)
    refused(soundproof("eval", "compare", good, good, "--gate", "taste=0"), "names no measure")
    refused(soundproof("eval", "compare", good, good, "--gate", "cited IoU=0"), "No question has")


# Printing


def test_what_only_one_run_has_leaves_a_gap(tmp_path: Path) -> None:
    lone = Difference("MRR", 0.5, 1, Mean(0.5, -1, 1, 1, 1), 1, 0)
    one = runs.load(Path(kept_run(tmp_path / "one.json", "one", {"MRR": 1})))
    other = runs.load(Path(kept_run(tmp_path / "other.json", "other", {"cited IoU": 1})))

    *_, row = printing_eval.differences(one, other, [lone])
    table = list(printing_eval.runs([one, other]))

    assert "| +0.500 | -1.00 to +1.00" in row
    assert re.match(r"\| MRR +\| 1\.00 .* 1 \| +\|", table[-2])
    assert re.match(r"\| cited IoU +\| +\| 1\.00", table[-1])


def test_the_table_of_the_docs_is_that_of_the_kept_run() -> None:
    kept = (ROOT / "benchmarks/results/evaluation.md").read_text("utf-8")
    means = kept.partition("## Means")[2].partition("##")[0].strip().splitlines()[2:]

    assert "\n".join(means) in (ROOT / "docs/evaluation.md").read_text("utf-8")
    assert len(means) == 2 + len(NAMES)
