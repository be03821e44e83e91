"""What leaves as Markdown has receipts, and no quote that nobody said, however it is put in."""

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from kb import schema
from kb.drafting import receipts
from kb.drafting.desk import Edit, Kept
from kb.drafting.making import Asked
from kb.drafting.plain import plain
from kb.drafting.proof import Proof
from kb.drafts import Draft, Kind, Line, Part, Section
from kb.models import Mark, Tier, Unit
from kb.seal import folded
from tests import draft_house
from tests.draft_house import DRAWER, FORTY, QUESTION, Drafted, marked, writes
from tests.samples import JONAS, LEAKS, MARA, entry, transcript

LIE = "We wrote 97 new cases every month at Lathe."
"""The record says 40; the figure occurs nowhere else."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Drafted]:
    made = draft_house.copied(tmp_path)
    yield made
    made.library.close()


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Proof:
    return draft_house.remembered(tmp_path_factory.mktemp("remembered"))


def shown(text: str) -> list[str]:
    """Give the words that a reader of Markdown sees."""
    bare = html.unescape(re.sub(r"\\(.)", r"\1", text))
    [seen] = plain([" ".join(bare.split())])
    return folded(seen.text)


def exported(house: Drafted, draft: Draft) -> str:
    return receipts.markdown(draft, house.proof).text


# What leaves


def test_a_citation_leaves_with_speaker_show_time_link_words_and_seal(house: Drafted) -> None:
    text = exported(house, house.of(f"“{FORTY}”", cited=[FORTY]))

    assert f"“{FORTY}” — {JONAS} \\[1\\]" in text
    assert f"1. {JONAS} · The Night Desk: {LEAKS.episode.title} · 0:18 · transcript" in text
    assert "<https://cdn.example/leaks.mp3#t=18>" in text
    assert f"> {FORTY}" in text
    assert "Sealed: verbatim" in text


def test_an_own_view_and_an_unsupported_sentence_leave_with_their_marks(house: Drafted) -> None:
    own = exported(house, house.of("Drawers are a moat.", own=True))
    bare = exported(house, house.of("Databricks kept Zebras in a drawer."))

    assert "Drawers are a moat. *(own view)*" in own
    assert "Databricks kept Zebras in a drawer. \\[unsupported\\]" in bare


def test_the_share_is_told_with_what_it_is_made_of(house: Drafted) -> None:
    text = exported(house, house.of(f"“{FORTY}”", "Databricks kept Zebras in a drawer."))

    assert "50 % of 2 sentences can be published: 1 quoted, 0 supported, 0 own view, 1 unsu" in text


def test_markdown_and_html_of_data_are_shown_letter_for_letter(house: Drafted) -> None:
    text = exported(house, house.of("*See* <img src=x> [here](https://x.example) # now", own=True))

    assert r"\*See\* &lt;img src=x&gt; \[here\](https://x.example) \# now" in text


def test_a_title_leaves_in_plain_words(house: Drafted) -> None:
    draft = replace(house.of(f"“{FORTY}”"), title='\u202eWhy\u200b "so"?')

    assert exported(house, draft).startswith("# Why “so”?\n")


def test_a_post_leaves_with_its_link(house: Drafted) -> None:
    draft = house.draft(Kind.POST)

    text = exported(house, draft)

    assert re.search(r"^<https://\S+#t=\d+>", text, re.MULTILINE)


# What does not leave: more than forty ways


QUOTED = [
    f'He said "{LIE}"',
    *marked(LIE),
    "“We wrote” 97 “new cases” every “month at Lathe”",
    f"<blockquote>{LIE}</blockquote>",
    f'"\u200b{LIE}\ufeff"',
    '"We wrote 9\u200b7 new cases every month at Lathe."',
    '"We wrote 9\u00ad7 new cases every month at Lathe."',
    '"We wrоtе 97 nеw cаsеs every month at Lathe."',  # Cyrillic о, е, а
    '"We wrote ９７ new cases every month at Lathe."',
    '"We **wrote 97** new cases every month at Lathe."',
    f'**"**{LIE}**"**',
    f'`"{LIE}"`',
    f'<!-- "{LIE}" -->',
    f"“He said “{LIE}” twice”",
    f"‘He said “{LIE}” twice’",
    f'"{LIE}',
    f'{LIE}" he said',
    f"“{DRAWER}” he said, and “{LIE}”",
    "“We wrote 97” “new cases every” “month at Lathe”",
    '"We wrote\u00a097\u2003new\tcases\nevery month at Lathe."',
    '"We wrote 97 new cases … every month at Lathe."',
    '"[We] wrote 97 new cases every month at Lathe."',
    "«Wir schrieben jeden Monat 97 neue Fälle bei Lathe.»",
    "“Nous avons écrit 97 nouveaux cas par mois.”",
]


def test_there_are_more_than_forty() -> None:
    assert len(QUOTED) + len(ROUTES) > 40


@pytest.mark.parametrize("typed", QUOTED)
@pytest.mark.parametrize("own", [False, True], ids=["cited", "own view"])
def test_a_quote_that_nobody_said_does_not_leave(proof: Proof, typed: str, *, own: bool) -> None:
    real = draft_house.read(proof, f"“{FORTY}”", "Fine.", typed)
    draft = draft_house.read(proof, f"“{FORTY}”", typed, own=True) if own else real

    made = receipts.markdown(draft, proof)

    assert draft.claims[-1].mark is Mark.UNSUPPORTED
    assert "97" not in shown(made.text)
    assert made.left_out == made.text.count("A sentence was left out.") > 0


def tampered(house: Drafted, kept: Kept, change: Callable[[str], str]) -> Draft:
    """Change a draft's JSON behind its back, and open it."""
    table = schema.drafts
    with house.library.writing() as db:
        content = str(db.scalar(sa.select(table.c.content).where(table.c.id == kept.id)))
        changed = change(content)
        assert changed != content
        json.loads(changed)
        db.execute(sa.update(table).where(table.c.id == kept.id).values(content=changed))
    return house.desk.open(kept.id).draft


def kept(house: Drafted) -> Kept:
    return house.desk.keep(house.of(f"“{FORTY}”", f"“{DRAWER}”"), "ana")


def by_title(house: Drafted) -> Draft:
    return replace(house.of(f"“{FORTY}”"), title=f"Jonas: “{LIE}”")


def by_part(house: Drafted) -> Draft:
    draft = house.of(f"“{FORTY}”")
    return replace(draft, parts=(replace(draft.parts[0], title=f'"{LIE}"'),))


def by_question(house: Drafted) -> Draft:
    return replace(house.of(f"“{FORTY}”"), question=f'Why "{LIE}"?')


def by_remark(house: Drafted) -> Draft:
    return replace(house.of(f"“{FORTY}”"), remarks=(f'"{LIE}"',), writer=f'"{LIE}"')


def by_two_sentences(house: Drafted) -> Draft:
    return house.of('He said: "We wrote 97 new', 'cases every month at Lathe."')


def by_three_sentences(house: Drafted) -> Draft:
    return house.of('"We kept them.', "We wrote 97 cases.", 'At Lathe."', own=True)


def by_two_parts(house: Drafted) -> Draft:
    draft = house.of("‘We wrote 97 new cases", "every month at Lathe’", own=True)
    one, two = draft.parts[0].claims
    return replace(draft, parts=(Part("Problem", (one,)), Part("Solution", (two,))))


def by_marks_in_two_parts(house: Drafted) -> Draft:
    draft = house.of('"We wrote 97 new cases', 'every month at Lathe"', own=True)
    one, two = draft.parts[0].claims
    return replace(draft, parts=(Part("Problem", (one,)), Part("Solution", (two,))))


def by_two_edits(house: Drafted) -> Draft:
    first = house.desk.edit(kept(house).id, Edit(1, '"We wrote 97 new', ()), fewer=True)
    return house.desk.edit(first.id, Edit(2, 'cases every month at Lathe."', ()), fewer=True).draft


def by_json_words(house: Drafted) -> Draft:
    return tampered(house, kept(house), lambda text: text.replace("40", "97"))


def by_json_claim(house: Drafted) -> Draft:
    return tampered(house, kept(house), lambda text: text.replace(f"“{FORTY}”", f"“{LIE}”"))


def by_json_citation(house: Drafted) -> Draft:
    return tampered(
        house, kept(house), lambda text: text.replace(f'"text":"{FORTY}', f'"text":"{LIE}')
    )


def by_json_title(house: Drafted) -> Draft:
    title = LEAKS.episode.title
    return tampered(house, kept(house), lambda text: text.replace(title, f"“{LIE}”"))


def by_json_mark(house: Drafted) -> Draft:
    def change(text: str) -> str:
        return text.replace(f"“{FORTY}”", f"“{LIE}”").replace(
            '"mark":"quoted"', '"mark":"own view"'
        )

    return tampered(house, kept(house), change)


def by_json_speaker_of_what_is_gone(house: Drafted) -> Draft:
    made = house.desk.keep(house.of(f"“{FORTY}”", cited=[FORTY]), "ana")
    house.library.delete(LEAKS.episode.id)
    return tampered(house, made, lambda text: text.replace("The Night Desk", f"“{LIE}”"))


def by_words_of_what_is_gone(house: Drafted) -> Draft:
    made = kept(house)
    house.library.delete(LEAKS.episode.id)
    return tampered(house, made, lambda text: text.replace("40", "97"))


def by_an_older_transcript(house: Drafted) -> Draft:
    turns = ((MARA, "What did you do at Lathe then?"), (JONAS, LIE), (JONAS, "We kept them safe."))
    said = transcript(*turns)
    older = entry(LEAKS.episode, {Tier.TRANSCRIPT: said})
    house.library.save(older)
    [place] = [
        each
        for each in house.library.passages_of(LEAKS.episode.id, unit=Unit.SENTENCE)
        if each.text == LIE
    ]
    draft = house.proof.read(
        Draft(Kind.THESIS, "Drawers", (), ()),
        [Section("Evidence for", (Line(f"“{LIE}”", (place,)),))],
    )
    assert draft.claims[0].mark is Mark.QUOTED
    made = house.desk.keep(draft, "ana")
    house.library.save(LEAKS)
    return house.desk.open(made.id).draft


def by_a_model(house: Drafted) -> Draft:
    drafter = writes(f"Jonas Feld said “{LIE}”", "Lathe wrote new cases.")
    return house.drafting(drafter).draft(Kind.THESIS, Asked(QUESTION))


def by_a_model_s_post(house: Drafted) -> Draft:
    drafter = writes(f'"{LIE}"', "Lathe wrote new cases.", part="Post 1")
    return house.drafting(drafter).draft(Kind.POST, Asked(QUESTION))


def by_another_speaker(house: Drafted) -> Draft:
    return house.of(f'Mara Quill said "{LIE}" and Jonas Feld said "{FORTY}"')


ROUTES = [
    by_title,
    by_part,
    by_question,
    by_remark,
    by_two_sentences,
    by_three_sentences,
    by_two_parts,
    by_marks_in_two_parts,
    by_two_edits,
    by_json_words,
    by_json_claim,
    by_json_citation,
    by_json_title,
    by_json_mark,
    by_json_speaker_of_what_is_gone,
    by_words_of_what_is_gone,
    by_an_older_transcript,
    by_a_model,
    by_a_model_s_post,
    by_another_speaker,
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.__name__.removeprefix("by_"))
def test_no_other_road_leads_out_either(house: Drafted, route: Callable[[Drafted], Draft]) -> None:
    assert "97" not in shown(exported(house, route(house)))


def test_a_citation_that_is_gone_says_so_and_its_words_stay_here(house: Drafted) -> None:
    draft = house.of(f"“{FORTY}”", cited=[FORTY])
    house.library.delete(LEAKS.episode.id)

    text = exported(house, draft)

    assert "1. What it cites is in the library no more." in text
    assert f"> {FORTY}" not in text
