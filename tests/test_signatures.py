"""A quote leaves under the name of who said it, and nothing else leaves under a speaker's name."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.drafting import receipts
from kb.drafts import Draft, Kind, Line, Section
from kb.models import Mark
from tests import draft_house
from tests.draft_house import AGAINST, ANA, FORTY, Drafted
from tests.samples import JONAS, MARA

HOSTED = "Everybody shows a benchmark, and nobody shows the failures."
"""Words of Mara's; those of `FORTY` are Jonas's."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Drafted]:
    made = draft_house.copied(tmp_path)
    yield made
    made.library.close()


def exported(house: Drafted, draft: Draft) -> str:
    return receipts.markdown(draft, house.proof).text


def citing(house: Drafted, *lines: Line, kind: Kind = Kind.THESIS) -> Draft:
    return house.proof.read(Draft(kind, "Drawers", (), ()), [Section("Part", lines)])


def test_a_quote_is_signed_with_who_said_it_whatever_is_cited_first(house: Drafted) -> None:
    text = exported(house, citing(house, Line(f"“{FORTY}”", (house.passage(HOSTED),))))

    assert f"“{FORTY}” — {JONAS} \\[1\\]\\[2\\]" in text


@pytest.mark.parametrize(
    "typed",
    [
        f"{MARA} said “{FORTY}”",
        f"Mara: “{FORTY}”",
        f"“{FORTY}” — {MARA}",
        f"“{FORTY}”, said {MARA}",
        f"{ANA} said “{FORTY}”",
    ],
)
@pytest.mark.parametrize("own", [False, True], ids=["cited", "own view"])
def test_a_quote_does_not_leave_in_another_s_mouth(
    house: Drafted, typed: str, *, own: bool
) -> None:
    cited = tuple(map(house.passage, (HOSTED, FORTY)))
    other = Line(f"{JONAS} said “{FORTY}”", cited)
    draft = citing(house, other, Line(typed, () if own else cited, own=own))

    text = exported(house, draft)

    assert [claim.mark for claim in draft.claims] == [Mark.SUPPORTED, Mark.UNSUPPORTED]
    assert "altered (speaker)" in draft.claims[1].why
    assert text.partition("## Receipts")[0].count("40 new cases") == 1


def test_a_title_puts_no_quote_into_another_s_mouth(house: Drafted) -> None:
    draft = replace(house.of(f"“{FORTY}”"), title=f"{MARA}: “{FORTY}”")

    assert exported(house, draft).startswith("# Investment thesis\n")


def test_two_voices_are_each_quoted_as_themselves(house: Drafted) -> None:
    line = Line(f"{MARA} says “{HOSTED}” and {JONAS} says “{FORTY}”", (house.passage(HOSTED),))

    assert citing(house, line).claims[0].mark is Mark.SUPPORTED


def test_quotes_of_several_voices_are_signed_by_nobody(house: Drafted) -> None:
    line = Line(f"“{HOSTED}” “{FORTY}”", (house.passage(HOSTED),))
    draft = citing(house, line)

    assert draft.claims[0].mark is Mark.QUOTED
    assert f"“{FORTY}” \\[1\\]\\[2\\]" in exported(house, draft)


@pytest.mark.parametrize(
    ("texts", "signed"),
    [
        ([f"“{FORTY}”"], f"— {JONAS}, The Night Desk"),
        (["We wrote 40 cases every month."], "via The Night Desk"),
        (["We wrote 97 new cases every month."], "via The Night Desk"),
        (["A quiet desk.", f"“{FORTY}”"], "via The Night Desk"),
        ([f"“{FORTY}”", f"“{HOSTED}”"], "via The Night Desk"),
    ],
    ids=["quote", "in other words", "unsupported", "words beside a quote", "two voices"],
)
def test_a_post_is_signed_by_a_speaker_only_where_all_of_it_is_theirs(
    house: Drafted, texts: list[str], signed: str
) -> None:
    cited = (house.passage(FORTY),)
    text = exported(house, citing(house, *(Line(each, cited) for each in texts), kind=Kind.POST))

    lines = [each.rstrip() for each in text.partition("## Receipts")[0].splitlines()]
    assert signed in lines
    assert sum(each.startswith(("—", "via")) for each in lines) == 1


def test_a_post_s_link_opens_at_its_quote(house: Drafted) -> None:
    lines = (Line("A quiet desk.", (house.passage(HOSTED),)), Line(f"“{FORTY}”"))
    text = exported(house, citing(house, *lines, kind=Kind.POST))

    assert "<https://cdn.example/leaks.mp3#t=18>" in text.partition("## Receipts")[0]


def test_a_post_of_two_shows_is_signed_with_neither(house: Drafted) -> None:
    lines = [Line("Lathe is a desk.", (house.passage(FORTY),))]
    lines += [Line("Lathe helps.", (house.passage(AGAINST.passages[-1].text),))]
    text = exported(house, citing(house, *lines, kind=Kind.POST))

    assert not any(each.startswith(("—", "via")) for each in text.splitlines())
