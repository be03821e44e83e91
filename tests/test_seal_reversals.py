"""What a forger tries: no reversal may pass as a quote, and an honest cut may."""

import pytest

from kb.models import Passage, QuoteStatus, Span, Tier, Unit
from kb.seal import Record

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
RECORD = Record.of(
    [
        Passage(
            f"e/s{n}", Span("e", n * 5.0, n * 5.0 + 4), Tier.TRANSCRIPT, Unit.SENTENCE, text, n, n,
            0, speaker,
        )
        for n, (speaker, text) in enumerate(_TURNS)
    ]
)  # fmt: skip


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
