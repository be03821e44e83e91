"""What a forger tries: no reversal may pass as a quote, and an honest cut may."""

from dataclasses import replace

import pytest

from kb import seal
from kb.models import QuoteStatus
from kb.seal import Record
from tests.test_seal import talk

_TURNS = (
    ("Ada", "We don't think that the model will ever replace doctors."),
    ("Ada", "It's, um, you know, a tool."),
    ("Ada", "I can't say it is safe."),
    ("Ada", "Revenue grew from $1.3 billion to 2 billion dollars in 2023."),
    ("Ben", "So you never raised the prices?"),
    ("Ben", "If we fail, the company dies."),
    ("Ada", "No, we raised fees by twenty percent, hardly a shock."),
    ("Ada", "Less than 5% of users left."),
    ("Ada", "The old model was terrible and the new one is wonderful."),
    ("Ada", "We rewrote, over one long winter, the whole engine."),
    ("Ada", "The engine learns less and it forgets less."),
    ("Ada", "It is small."),
    ("Ada", "This is not a safe choice."),
    ("Ada", "We have no plans to sell."),
    ("Ada", "We are not only fast but also cheap."),
    ("Ben", "He said the thing we built is like a database."),
    ("Ben", "It took, like, 20 minutes."),
    ("Ben", "It is sort of working."),
    ("Ada", "There is no doubt that it works."),
    ("Ada", "Without tests we would never ship on Fridays."),
    ("Ada", "It was not until 2019 that we hired."),
    ("Ada", "Growth is just plain wrong as a goal."),
    ("Ada", "Not every typical user is able to pay."),
    ("Ada", "That is valid, and it is notable."),
    ("Ada", "Uh-uh, that was Tim."),
    ("Ada", "The court will except nothing, no, no."),
)
_SAID = talk(*(text for _, text in _TURNS))
RECORD = Record.of(
    [replace(said, speaker=who) for said, (who, _) in zip(_SAID, _TURNS, strict=True)]
)


@pytest.mark.parametrize(
    "claim",
    [
        # what denies is cut off, in front, behind, or out of a contraction
        "the model will ever replace doctors",
        "it is safe",
        "say it is safe",
        "I can",
        "a safe choice",
        "a shock",
        "plans to sell",
        "raised the prices",
        "doubt that it works",
        "ship on Fridays",
        "Growth",
        # what bounds or conditions is cut off
        "we fail",
        "5% of users left",
        # denied, affirmed, reversed
        "We think that the model will ever replace doctors",
        "I can say it is safe",
        "We have plans to sell",
        "We are only fast but also cheap",
        "It was until 2019 that we hired",
        "Without tests we would ship on Fridays",
        "With tests we would never ship on Fridays",
        "The engine learns more and it forgets less",
        "No, no, we raised fees by twenty percent",
        # figures and units
        "Revenue grew from $1.3 million to 2 billion dollars in 2023",
        "Revenue grew from 1.3 billion to 2 billion euros in 2023",
        "Revenue grew from $1.3 billion to 2 billion dollars in '24",
        "Revenue grew from 1.3 to 2 billion dollars in 2023",
        "we raised fees by twenty points",
        "we raised fees by 2 percent",
        "It took 20 minutes",
        # hedges
        "It is working",
        "the thing we built is a database",
        # joined words that turn
        "That is invalid, and it is notable",
        "That is valid, and it is not able",
        "Not every atypical user is able to pay",
        # near in sound, another in meaning
        "The engine earns less and it forgets less",
        "The court will accept nothing",
        "Uh-uh, that was Tom",
        "that was Tam",
        # ellipses
        "We … think that the model will ever replace doctors",
        "The old model was … wonderful",
        "The old model … is wonderful",
        "We have … plans to sell",
        "We don't think … the company dies",
        "I … say it is safe",
        # insertions
        "We rewrote [nothing but] the whole engine",
        "[Google] is small",
        "It is [not] small",
        "It is [20 times] small",
        "The engine learns [much] less",
        # order
        "It forgets less and the engine learns less",
        "Revenue grew from 2 billion dollars to $1.3 billion in 2023",
    ],
)
def test_a_reversal_is_never_quotable(claim: str) -> None:
    quote = RECORD.check(claim)

    assert not quote.quotable, quote
    assert quote.status is not QuoteStatus.UNCHECKED


@pytest.mark.parametrize(
    "claim",
    [
        "We don't think that the model will ever replace doctors.",
        "It's a tool",
        "it is, like, a tool",
        "I cannot say it's safe",
        "Revenue grew from $1.3bn to $2 billion in twenty twenty-three",
        "we raised fees by 20 percent",
        "Less than five percent of users left",
        "We have no plans to sell",
        "There is no doubt that it works",
        "If we fail, the company dies",
        "We rewrote … the whole engine",
        "Less than 5% of users left. … We rewrote, over one long winter, the whole engine.",
        "[The engine] is small",
        "[I]t is small",
        "the new one is wonderful",
        "It took, like, 20 minutes",
    ],
)
def test_an_honest_cut_is_quotable(claim: str) -> None:
    assert RECORD.check(claim).quotable, RECORD.check(claim)


def test_an_ellipsis_lists_its_pieces() -> None:
    honest = RECORD.check("We rewrote … the whole engine")
    inverted = RECORD.check("We have … plans to sell")

    assert [piece.claim for piece in honest.pieces] == ["We rewrote", "the whole engine"]
    assert honest.source == "We rewrote … the whole engine."
    assert inverted.status is QuoteStatus.ALTERED
    assert any(each.kind in ("negation", "left out") for each in inverted.differences)


def test_an_insertion_is_told_with_what_it_stands_for() -> None:
    quote = RECORD.check("[The engine] is small")

    assert quote.status is QuoteStatus.HEARD_ALIKE
    assert [(each.kind, each.heard) for each in quote.differences] == [("insertion", "it")]


def sealed(claim: str, *heard: str) -> bool:
    """Tell whether a claim is a quote of one voice's sentences."""
    return seal.check(claim, talk(*heard)).quotable


@pytest.mark.parametrize(
    "opener",
    [
        "Not all of",
        "Not a single one of",
        "Few of",
        "Hardly any of",
        "Nobody among",
        "Under no circumstances do",
        "At no time did",
        "Never once in ten years did",
        "There is no chance",
        "There's no world in which",
        "I don't believe, as some do, that",
        "I don't for a minute believe",
        "It's a lie that",
        "It's impossible that",
        "It is wrong that",
        "Instead of",
        "Rather than",
        "No one believes",
    ],
)
def test_what_stands_behind_an_opener_that_turns_it_is_no_quote(opener: str) -> None:
    said = "our customers trust the old benchmark"

    assert not sealed(said, f"{opener} {said}.")
    assert sealed(f"{opener} {said}", f"{opener} {said}.")


@pytest.mark.parametrize(
    "behind", ["is a lie", "is a myth", "is a joke", "is just wrong", "in none of the years"]
)
def test_what_stands_before_its_denial_is_no_quote(behind: str) -> None:
    assert not sealed("Scaling solves every problem", f"Scaling solves every problem {behind}.")


@pytest.mark.parametrize(
    "opener", ["A few of", "Not only that,", "I say, as few do, that", "So", "No,", "I know that"]
)
def test_other_openers_turn_nothing(opener: str) -> None:
    said = "our customers trust the old benchmark"

    assert sealed(said, f"{opener} {said}.")


def test_whole_sentences_are_cut_from_nothing() -> None:
    heard = ("Nobody says that", "we cheat our customers.", "Is a lie told there?")

    assert sealed(heard[1], *heard)
    assert sealed(f"{heard[1]} {heard[2]}", *heard)
    assert not sealed("we cheat our", *heard)


@pytest.mark.parametrize(
    ("claim", "heard"),
    [
        # a stop that is put in or taken away
        ("No customers left us last year", "No. Customers left us last year."),
        ("No investors are happy with that plan", "No, investors are happy with that plan."),
        ("Never trust the benchmark they publish", "Never. Trust the benchmark they publish."),
        ("We say that No. Competitors are better", "We say that no competitors are better."),
        ("We sell your data not your attention", "We sell your data? Not your attention, no."),
        # what is said twice, and asides
        ("It's a copy of Google", "It's a copy of a copy of Google."),
        ("That ships the day after tomorrow", "That ships the day after the day after tomorrow."),
        ("He is a friend of mine", "He is a friend of a friend of mine."),
        ("I hired Bob and Alice last spring", "I hired Bob and you know Alice last spring."),
        ("We met Ada and Bob in Berlin", "We met Ada and I mean Bob in Berlin."),
        ("You invest because nothing matters", "You invest because you know nothing matters."),
        # signs, bounds, brackets
        ("It was $5 million last year", "It was -$5 million last year."),
        ("It was -$5 million last year", "It was $5 million last year."),
        ("It was $-5 million last year", "It was $5 million last year."),
        ("Our churn is <5% a year", "Our churn is 5% a year."),
        ("Our churn is 5% a year", "Our churn is <5% a year."),
        ("Costs are ≥5 percent of revenue", "Costs are 5 percent of revenue."),
        ("It costs ~5 dollars a run", "It costs 5 dollars a run."),
        ("We bought [20] companies in Europe", "We bought companies in Europe."),
        ("Profits rose 3[00] percent", "Profits rose 3 percent."),
        ("It takes 3 4 hours", "It takes 3/4 hours."),
        ("We have 10^6 users now", "We have 10 6 users now."),
        ("It needs a 10 million lens", "It needs a 10mm lens."),
        # what a contraction stands for
        ("Amazon is failing", "Amazon's failing competitor was sold to us."),
        ("They would put ten million in", "They'd put ten million in before I joined."),
        ("We'll sell it to Google", "Well, sell it to Google."),
        # sounds of words that are no names
        ("We decided to Adapt the new standard", "We decided to adopt the new standard."),
        ("We met the Women of that office", "We met the Woman of that office."),
        # insertions
        ("The product [is worse than Google] runs", "Ours is worse than Google. The product runs."),
        ("She [fraud] runs the company", "Theranos was a fraud. She runs the company."),
        ("[They] lied about it", "We lied about it."),
    ],
)
def test_small_marks_and_words_count(claim: str, heard: str) -> None:
    assert not sealed(claim, *heard.split("|"))
    assert sealed(heard, heard)


def test_an_insertion_names_who_was_named_last() -> None:
    heard = ("Google is great.", "Then they bought Zappos.", "It failed within a year.")

    assert not sealed("[Google] failed within a year", *heard)
    assert sealed("[Zappos] failed within a year", *heard)


def test_an_ellipsis_may_not_change_who_is_meant() -> None:
    heard = ("I love Sam.", "Then came Elizabeth and her friend Sunny.", "He lied to everybody.")
    plain = ("We tried it.", "That took weeks.", "It worked in the end.")

    assert not sealed("I love Sam … He lied to everybody", *heard)
    assert sealed("We tried it. … It worked in the end", *plain)
    assert not sealed("The drug … kills", "The drug, according to our competitors, kills.")


@pytest.mark.parametrize(
    ("claim", "heard"),
    [
        (
            "It needs a disk … and all those cables",
            "It needs a disk, and the fan, and all those cables.",
        ),
        ("The new model … beats theirs", "The new model, which is a small one, beats theirs."),
        ("It is justified … however you put it", "It is justified, or right, however you put it."),
        ("You read it. … It is easy.", "You read it. You'll see. It is easy."),
    ],
)
def test_an_ellipsis_may_skip_what_only_adds(claim: str, heard: str) -> None:
    assert sealed(claim, *heard.replace(". ", ".|").split("|"))


@pytest.mark.parametrize(
    ("claim", "heard"),
    [
        ("The new model … beats theirs", "The new model, which is not small, beats theirs."),
        ("The new model … beats theirs", "The new model, and Llama, beats theirs."),
        ("The new model … beats theirs", "The new model, which might be old, beats theirs."),
        ("The new model … beats theirs", "The new model, and we know it, beats theirs."),
        ("Either the new model … beats theirs", "Either the new model, or the old, beats theirs."),
        ("The new model … beats theirs", "The new model, and 20 more, beats theirs."),
    ],
)
def test_an_ellipsis_may_not_skip_what_turns(claim: str, heard: str) -> None:
    assert not sealed(claim, heard)


@pytest.mark.parametrize(
    ("claim", "heard"),
    [
        ("growth of 5% to 10% a year", "growth of five to ten percent a year"),
        ("We spend $5 to $10 million on it", "We spend five to ten million dollars on it."),
        ("at 10:30 in the morning we ship", "at ten thirty in the morning we ship"),
        ("We lost -$5 million that year", "We lost minus five million dollars that year."),
        ("two thirds of them left the firm", "2/3 of them left the firm"),
        ("we have a B2B product that sells", "we have a B to B product that sells"),
        ("It runs 24/7 in our lab", "It runs twenty-four seven in our lab."),
        ("Our churn is less than 5%", "Our churn is <5%."),
        ("No, we did that", "No. We did that."),
        ("We saw it in the old lab", "We saw it in the, in the old lab."),
        ("The Google model is not failing us", "The Google model's not failing us."),
        ("Amazon is failing", "Amazon's failing."),
        ("Jon Frankle said so", "John Frankel said so."),
    ],
)
def test_the_same_thing_written_otherwise_is_quotable(claim: str, heard: str) -> None:
    assert sealed(claim, heard)
