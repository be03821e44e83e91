"""Runs: a contestant's lines on a set, for our scorer and for anybody else's, kept and read back."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval import runs, suites
from eval.runs import Run
from kb.errors import DocumentError, NotFoundError, SourceError
from kb.models import Claim, Mark
from tests import answers
from tests.answers import FAKE, RIGHT, WRONG, FakeAnswerer, answer, citation, hit
from tests.samples import COSTS, LEAKS
from tests.test_suites import SUITE

FORTY, PRICE, BOTH, WEATHER = (each.text for each in suites.read(SUITE).questions)
GOOD = FakeAnswerer(
    hits={FORTY: [hit(LEAKS, "w4-5"), hit(COSTS, "w0-1")], PRICE: [hit(COSTS, "w2-2")]},
    answers={FORTY: RIGHT, PRICE: WRONG, BOTH: RIGHT},
)


def tried(folder: Path, answerer: FakeAnswerer = GOOD) -> Run:
    suite = suites.read(SUITE)
    return runs.whole(suite, answerer, [*runs.lines(suite, answerer, answers.library(folder))])


def test_a_run_says_who_answered_what_and_how_well(tmp_path: Path) -> None:
    run = tried(tmp_path)

    assert (run.contestant, run.fingerprint) == ("fake", FAKE.fingerprint)
    assert (run.settings, run.suite) == ({"read": "16"}, "suite.jsonl")
    assert run.digest == suites.read(SUITE).digest
    assert [each.id for each in run.lines] == ["forty", "price", "both", "weather"]
    assert [each.refused for each in run.lines] == [False, False, False, True]
    assert run.lines[0].scores["cited place"] == 1
    assert run.lines[1].scores["cited place"] == 0
    assert run.lines[3].scores == {"unanswerable refused": 1}


def test_questions_on_the_same_episodes_share_a_cluster(tmp_path: Path) -> None:
    assert [each.cluster for each in tried(tmp_path).lines] == ["forty"] * 3 + ["weather"]


def test_a_mean_is_over_the_questions_that_ask_for_it(tmp_path: Path) -> None:
    run = tried(tmp_path)

    assert (run.mean("cited place").value, run.mean("cited place").count) == (2 / 3, 3)
    assert run.mean("holds what it must in 300").value == 1 / 2
    assert run.mean("unanswerable refused").count == 1
    assert run.measures[0] == "found within 300"


def test_a_measure_that_no_question_asks_for_is_not_among_them(tmp_path: Path) -> None:
    nobody = tried(tmp_path, FakeAnswerer())

    assert "answerable answered" in nobody.measures
    assert "quotes exact" not in nobody.measures


def test_a_line_of_json_is_what_a_scorer_of_one_s_own_needs(tmp_path: Path) -> None:
    forty, *_, weather = (json.loads(runs.as_json(each)) for each in tried(tmp_path).lines)

    text = f"{answers.FORTY} {answers.DRAWER}"
    place = {"episode": LEAKS.episode.id, "start": 18, "end": 24, "text": text}
    assert forty == {
        "id": "forty",
        "refused": False,
        "answer": f"Jonas Feld: {text}",
        "citations": [place],
        "passages": [
            place,
            {
                "episode": COSTS.episode.id,
                "start": 0,
                "end": 6,
                "text": "Each label cost us 3.50 dollars in March. By June it was half of that.",
            },
        ],
    }
    assert weather == {
        "id": "weather",
        "refused": True,
        "answer": "",
        "citations": [],
        "passages": [],
    }


def test_episodes_are_called_what_the_set_calls_them(tmp_path: Path) -> None:
    suite, library = suites.read(SUITE), answers.library(tmp_path)
    called = {"leaks": LEAKS.episode.id}

    first = next(runs.lines(suite, GOOD, library, called=called))

    assert [each.episode for each in first.passages] == ["leaks", COSTS.episode.id]
    assert [each.episode for each in first.citations] == ["leaks"]


def test_passages_are_kept_up_to_2000_words_and_verbatim(tmp_path: Path) -> None:
    found = hit(LEAKS, "w4-5")  # 15 words
    many = FakeAnswerer(hits={FORTY: [found] * 60})
    long = replace(found, passage=replace(found.passage, text="some  words\n" * 990))

    whole = tried(tmp_path, many).lines[0].passages
    cut = tried(tmp_path, FakeAnswerer(hits={FORTY: [long, found, found]})).lines[0].passages

    assert [each.text for each in whole] == [found.passage.text] * 60
    assert sum(len(each.text.split()) for each in cut) == 2000
    assert [each.text for each in cut] == [
        ("some  words\n" * 990).rstrip(),
        found.passage.text,
        "We wrote 40 new cases",
    ]


def test_an_answer_names_whom_it_quotes_and_nobody_else() -> None:
    quoted, said = Claim("Forty.", Mark.QUOTED, (1,)), Claim("It grew.", Mark.SUPPORTED, (1,))
    unnamed = replace(citation(1, LEAKS, 4), speaker=None)

    given = answer(
        citation(1, LEAKS, 4), claims=[quoted, said, Claim("So I think.", Mark.OWN_VIEW)]
    )

    assert runs.shown(given) == "Jonas Feld: Forty.\nIt grew.\nSo I think."
    assert runs.shown(answer(unnamed, claims=[quoted])) == "Forty."


def test_an_episode_that_is_not_here_stops_before_the_first_question(tmp_path: Path) -> None:
    library = answers.library(tmp_path)
    library.delete(COSTS.episode.id)

    with pytest.raises(NotFoundError, match=f"question price: no episode {COSTS.episode.id}"):
        next(runs.lines(suites.read(SUITE), GOOD, library))


# Kept


def test_a_kept_run_is_read_back_as_it_was(tmp_path: Path) -> None:
    run = tried(tmp_path)

    path = tmp_path / "run.json"
    path.write_text(runs.written(run), encoding="utf-8")

    assert runs.load(path) == run


@pytest.mark.parametrize(
    ("found", "put", "told"),
    [
        ('"contestant"', '"contestants"', "contestant"),
        ('"refused": false', '"refused": "perhaps"', "lines.0.refused"),
        ('"cited place": 1.0', '"cited place": 1.5', "lines.0.scores.cited place"),
        ('"cited place": 1.0', '"cited place": null', "lines.0.scores.cited place"),
        ("{", "", "JSON"),
    ],
)
def test_a_damaged_run_is_an_error_that_says_where(
    tmp_path: Path, found: str, put: str, told: str
) -> None:
    path = tmp_path / "run.json"
    text = runs.written(tried(tmp_path))
    assert found in text
    path.write_text(text.replace(found, put, 1), encoding="utf-8")

    with pytest.raises(DocumentError, match=rf"run\.json is no kept run: .*{told}") as caught:
        runs.load(path)
    assert "soundproof eval run" in caught.value.hint


def test_a_run_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read: no such file"):
        runs.load(tmp_path / "none.json")
