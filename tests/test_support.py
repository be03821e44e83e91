"""Support: what a sentence says must be there in what it cites."""

import pytest

from kb import support
from kb.models import Mark, Passage, Tier, Unit
from tests.samples import JONAS, LEAKS
from tests.test_seal import talk

HEARD = [
    each for each in LEAKS.passages if (each.unit, each.tier) == (Unit.SENTENCE, Tier.TRANSCRIPT)
]
FORTY, DRAWER, ANSWER = HEARD[4], HEARD[5], HEARD[8]


def heard(text: str) -> Passage:
    """Give a sentence that nobody by name says."""
    (sentence,) = talk(text, speaker=None)
    return sentence


def mark(text: str, *cited: Passage, context: str = "") -> Mark:
    return support.weigh(text, cited, context=context).mark


@pytest.mark.parametrize(
    "text",
    [
        "They wrote forty cases a month at Lathe.",
        "Lathe writes 40 cases monthly.",
        f"Some 40 cases a month, says {JONAS}.",
        "He adds “We wrote 40 new cases every month” about Lathe's cases.",
    ],
)
def test_other_words_with_the_same_figures_and_names_are_supported(text: str) -> None:
    assert mark(text, FORTY) is Mark.SUPPORTED


def test_nothing_but_a_sealed_quote_is_quoted() -> None:
    weighed = support.weigh("“We wrote 40 new cases every month at Lathe.”", [FORTY])

    assert (weighed.mark, weighed.why) == (Mark.QUOTED, "")
    assert [quote.quotable for quote in weighed.quotes] == [True]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("They wrote 41 cases a month.", "not in what it cites: 41"),
        ("They wrote 40% of the cases.", "not in what it cites: 40%"),
        ("They wrote 40 million cases.", "not in what it cites: 40000000"),
        ("Databricks wrote 40 cases, says Databricks.", "not in what it cites: Databricks"),
        ("They never wrote 40 cases.", "denies"),
        ("The weather was pleasant.", "it shares no word"),
        ("“We wrote 14 new cases every month at Lathe.”", "altered quote"),
        ("“The moon is made of green cheese.”", "absent quote"),
    ],
)
def test_what_is_not_carried_is_said(text: str, why: str) -> None:
    weighed = support.weigh(text, [FORTY])

    assert weighed.mark is Mark.UNSUPPORTED
    assert why in weighed.why


def test_what_was_denied_may_not_be_affirmed() -> None:
    refused = heard("We did not raise prices.")

    assert mark("They raised prices.", refused) is Mark.UNSUPPORTED
    assert mark("They didn't raise prices.", refused) is Mark.SUPPORTED


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("We raise prices.", "We refuse to raise prices."),
        ("Everyone trusts Lathe.", "Few people trust Lathe."),
        ("Revenue was $5 million.", "Revenue was -$5 million."),
    ],
)
def test_what_denies_by_its_meaning_denies(text: str, cited: str) -> None:
    assert mark(text, heard(cited)) is Mark.UNSUPPORTED
    assert mark(cited, heard(cited)) is Mark.SUPPORTED
    assert mark("A few people trust them.", heard("A few people trust.")) is Mark.SUPPORTED


def test_nothing_cited_carries_nothing() -> None:
    weighed = support.weigh("Anything at all.", [])

    assert (weighed.mark, weighed.why) == (Mark.UNSUPPORTED, "nothing is cited")


def test_titles_may_be_named_though_nobody_says_them() -> None:
    text = "As heard on The Night Desk, they kept the cases in a drawer."

    assert mark(text, DRAWER) is Mark.UNSUPPORTED
    assert mark(text, DRAWER, context="The Night Desk") is Mark.SUPPORTED


def test_a_name_may_be_spelled_as_the_ledger_has_it() -> None:
    said = [heard("Tau is our method.")]

    assert support.weigh("The method is TAO.", said).mark is Mark.UNSUPPORTED
    assert support.weigh("The method is TAO.", said, variants={"tau": "tao"}).mark is Mark.SUPPORTED


def test_a_quote_may_not_be_put_together_from_two_citations() -> None:
    text = "“We wrote 40 new cases every month at Lathe. The answer was no.”"

    assert mark(text, FORTY, ANSWER) is Mark.UNSUPPORTED
