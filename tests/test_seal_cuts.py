"""Where a quote is cut: what stood around it may take it back, or nothing may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import seal
from kb.models import Quote, QuoteStatus
from kb.sealing import sounds
from kb.sealing.reversals import closed
from tests.test_seal import talk

SAID = "our old engine is safe to use"


def cut(heard: str, claim: str = SAID) -> Quote:
    return seal.check(claim, talk(heard))


def kinds(quote: Quote) -> list[str]:
    return [each.kind for each in quote.differences]


def taken_back(quote: Quote, kind: str) -> bool:
    """Tell whether it is altered by something of one kind, and by nothing else."""
    return quote.status is QuoteStatus.ALTERED and kinds(quote) == [kind]


@pytest.mark.parametrize(
    "opener",
    [
        # between the denial and the claim: adverbs, phrases, whose it is
        "It is no longer",
        "I don't honestly think",
        "I don't personally think that",
        "I can't in good faith say",
        "We never once in our lives said that",
        "I would not be able probably to say that",
        "Nobody in his right mind believes that",
        "You're not going to sit down and say",
        "There is a lack of",
        # a saying or thinking that is an error
        "It would be a mistake to say",
        "It's wrong to think that",
        "Only a fool thinks",
        "They lied and said",
        "He was wrong when he said",
        # verbs that deny
        "We avoid",
        "They failed to",
        "We were unable to",
    ],
)
def test_a_denial_reaches_as_far_as_its_verb(opener: str) -> None:
    assert taken_back(cut(f"{opener} {SAID}."), "negation")
    assert cut(f"{opener} {SAID}.", f"{opener} {SAID}").quotable


@pytest.mark.parametrize(
    ("opener", "rest"),
    [
        ("None of our own", "engineers were in the room"),
        ("None of them", "runs in a browser today"),
        ("None of those", "prompts were in the sets"),
        ("Neither of these", "models runs in a browser"),
        ("Not one of our", "customers has ever left us"),
        ("Instead of our own", "model we trained theirs"),
        ("We stopped", "training on what they sent us"),
    ],
)
def test_what_is_counted_away_is_not_said(opener: str, rest: str) -> None:
    assert taken_back(cut(f"{opener} {rest}.", rest), "negation")


@pytest.mark.parametrize(
    "opener",
    [
        "I think",
        "I would say",
        "I would say that",
        "As you say,",
        "As Ben Ash says,",
        "What I believe is",
        "What I believe is that",
        "No, I think",
        "I don't know,",
        "I have no idea what it costs, but I think",
        "Not only do I think",
        "No doubt people think highly of us, and",
        "It never failed, and I would say",
        "It did not fail and I say",
        "Two of them know that",
        "That said,",
        "Like I said,",
        "Having said that,",
        "I'll tell you",
        "We all know that",
        "She rightly says that",
        "You could say that",
        "And he asked, and I said that",
    ],
)
def test_ones_own_word_is_cut_from_nothing_that_denies(opener: str) -> None:
    assert cut(f"{opener} {SAID}.").quotable


@pytest.mark.parametrize(
    "opener",
    [
        'We never say "',
        "Nobody says, “",
        "I would never tell you: ",
        "I don't buy the line “",
        "You won't hear us say, \"",
        "We would not say, ",
    ],
)
def test_a_mark_behind_a_denied_report_is_no_pause(opener: str) -> None:
    assert taken_back(cut(f"{opener}{SAID}."), "negation")


@pytest.mark.parametrize("opener", ['I say "', "No: ", "I do not mind, ", "It is not so: "])
def test_other_marks_are(opener: str) -> None:
    assert cut(f"{opener}{SAID}.").quotable


@pytest.mark.parametrize(
    "opener",
    [
        "If",
        "If, say,",
        "If for some reason",
        "Unless",
        "Imagine",
        "Imagine that",
        "Suppose that",
        "It's assuming that",
        "I wish",
        "We wished that",
        "As though",
        "In case",
        "As long as",
        "If they are lucky,",
        "So if they pay us, then",
        "And I think if you use it well,",
        "If you don't retrain it,",
        "Unless they touch it,",
        "If you don't pay, or if you do not look at it,",
        "If they say so,",
    ],
)
def test_what_hangs_on_a_condition_is_not_said_without_it(opener: str) -> None:
    assert taken_back(cut(f"{opener} {SAID}."), "condition")
    assert cut(f"{opener} {SAID}.", f"{opener} {SAID}").quotable


@pytest.mark.parametrize(
    "behind",
    [
        " unless they touch it",
        ", unless they touch it",
        ", except on Mondays",
        " if they pay us",
        ", if they pay us",
        " only if they pay us",
        ", as long as they pay us",
        ", assuming they pay us",
    ],
)
def test_a_condition_behind_counts_as_well(behind: str) -> None:
    assert taken_back(cut(f"And {SAID}{behind}."), "condition")


@pytest.mark.parametrize(
    "heard",
    [
        f"If I could summarize, {SAID}.",
        f"If you look at the logs, {SAID}.",
        f"If I understand right, {SAID}.",
        f"Even if they fail, {SAID}.",
        f"They sell if they can, and {SAID}.",
        f"I would imagine that {SAID}.",
        f"And {SAID} if you want to.",
        f"And {SAID}, if you ask me.",
        f"And {SAID}, and if they fail we say so.",
        f"I would like to know if it works. And {SAID}.",
    ],
)
def test_not_every_if_is_a_condition(heard: str) -> None:
    assert cut(heard).quotable, cut(heard)


def test_a_wish_may_be_a_greeting() -> None:
    heard = "I wish you a very happy new year."

    assert cut(heard, "you a very happy new year").quotable
    assert cut(heard, "I wish you a very happy new year").quotable


@pytest.mark.parametrize(
    "hedge", ["Probably", "Maybe,", "Perhaps", "Hopefully,", "Supposedly", "In theory,", "I hope"]
)
def test_a_hedge_right_before_is_part_of_what_is_said(hedge: str) -> None:
    assert taken_back(cut(f"{hedge} {SAID}."), "hedge")
    assert cut(f"{hedge}, you see: {SAID}.").quotable
    assert cut(f"{hedge} {SAID}.", f"{hedge} {SAID}").quotable


def test_a_hedge_is_none_where_it_is_a_name_or_stands_in_the_quote_as_well() -> None:
    assert cut("In May 2020 we moved to Lisbon.", "2020 we moved to Lisbon").quotable
    assert cut("Maybe you probably know of it.", "you probably know of it").quotable
    assert not cut("It may be safe to use it.", "be safe to use it").quotable


@pytest.mark.parametrize(
    "opener",
    [
        "They say",
        "People think that",
        "A lot of people claim that",
        "Critics argue that",
        "People in the industry say",
        "Chris thinks",
        "Chris Benson believes that",
        "My manager said",
        "A survey says that",
        "She told me that",
        "I was told that",
        "They came and said",
        "They charged him for saying",
        'And he says, "',
        'And then he was like "',
        "You said",
        "You could be picky and say, “",
        "It's like saying",
        "According to our competitors,",
    ],
)
def test_what_somebody_else_says_is_in_the_wrong_mouth(opener: str) -> None:
    heard = f"{opener} {SAID}.".replace('" ', '"').replace("“ ", "“")

    assert taken_back(cut(heard), "report"), cut(heard)
    assert cut(heard, f"{opener} {SAID}").quotable


@pytest.mark.parametrize(
    "behind",
    [", they say", ", he claims", ", they lied", ", or so we thought", ", according to them"],
)
def test_who_says_so_may_stand_behind(behind: str) -> None:
    assert taken_back(cut(f"And {SAID}{behind}."), "report")


@pytest.mark.parametrize(
    "behind", [", not", " is what I would never say", " is what nobody thinks"]
)
def test_a_denial_may_stand_behind(behind: str) -> None:
    assert taken_back(cut(f"And {SAID}{behind}."), "negation")


@pytest.mark.parametrize("behind", [", I say", " is what we say", ", you know", ", not theirs"])
def test_other_words_behind_deny_nothing(behind: str) -> None:
    assert cut(f"And {SAID}{behind}.").quotable


def test_what_is_not_a_statement_is_put_into_no_mouth() -> None:
    assert cut("What they say is that it works.", "is that it works").quotable
    assert cut("They will tell you that it works.", "you that it works").quotable


@pytest.mark.parametrize(
    "opener",
    [
        "I thought",
        "And we always thought that",
        "People thought",
        "I used to think",
        "You would think that",
        "The fear is that",
        "There's a rumor that",
        "I was worried that",
    ],
)
def test_what_was_once_thought_is_not_said(opener: str) -> None:
    assert taken_back(cut(f"{opener} {SAID}."), "belief")


@pytest.mark.parametrize(
    "heard",
    [
        "I thought | it was really a great launch.",
        "I thought | we might just talk about it.",
        "It took longer than I thought | it would take us.",
        "I thought it was great | when we did it.",
    ],
)
def test_a_judgment_of_ones_own_is(heard: str) -> None:
    before, behind = heard.split(" | ")
    claim = before if before.endswith("great") else behind

    assert cut(f"{before} {behind}", claim).quotable


@pytest.mark.parametrize(
    "opener",
    [
        "Do you think",
        "Does that mean that",
        "Is it because",
        "Did they say",
        "Is it true that",
        "You think",
    ],
)
def test_what_is_asked_is_not_said(opener: str) -> None:
    assert not cut(f"{opener} {SAID}?").quotable
    assert cut(f"{opener} {SAID}?", f"{opener} {SAID}?").quotable


@pytest.mark.parametrize(
    ("claim", "heard"),
    [
        ("You sell it in Europe now.", "You sell it in Europe now?"),
        ("You sell it in Europe now?", "You sell it in Europe now."),
        ("You sell it now. Good for them", "You sell it now? Good for them."),
        ("sell it in Europe now!", "You sell it in Europe now?"),
    ],
)
def test_a_question_is_no_statement(claim: str, heard: str) -> None:
    assert taken_back(cut(heard, claim), "question")


@pytest.mark.parametrize(
    ("claim", "heard"),
    [
        ("You sell it in Europe now", "You sell it in Europe now?"),
        ("You sell it in Europe now...", "You sell it in Europe now?"),
        ("You sell it in Europe.", "You sell it in Europe, right?"),
        ("why it matters so much to us", "Do you know why it matters so much to us?"),
        ("We pay for it every month.", "Do we pay? We pay for it every month."),
    ],
)
def test_a_mark_that_says_nothing_is_no_difference(claim: str, heard: str) -> None:
    assert cut(heard, claim).quotable


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("weighs", "ways"), ("sighs", "size"), ("sighed", "side"), ("clawed", "claude"), ("herd", "heard"),
        ("wore", "war"), ("allowed", "aloud"),
    ],
)  # fmt: skip
def test_words_of_one_sound_have_one_key(one: str, other: str) -> None:
    assert sounds.key(one) == sounds.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("wed", "weed"), ("played", "plaid"), ("stewed", "stood"), ("crowed", "crowd"), ("heart", "hurt"),
        ("beard", "bird"), ("word", "ward"), ("eyed", "aid"),
    ],
)  # fmt: skip
def test_words_of_two_sounds_have_two_keys(one: str, other: str) -> None:
    assert sounds.key(one) != sounds.key(other)


@pytest.mark.parametrize(
    "heard", [f"They say that {SAID}.", f"If they pay, {SAID}?", f"I thought {SAID}."]
)
def test_whole_sentences_stay_verbatim(heard: str) -> None:
    assert cut(heard, heard).status is QuoteStatus.VERBATIM


_AROUND = sorted(
    closed("if they say not that never we think you and no then , “ : . unless used to so 's of")
)


@given(
    st.lists(st.sampled_from(_AROUND), max_size=8), st.lists(st.sampled_from(_AROUND), max_size=5)
)
def test_whatever_stands_around_it_only_ever_alters_a_quote(
    before: list[str], after: list[str]
) -> None:
    quote = cut(f"{' '.join(before)} {SAID} {' '.join(after)}.")

    assert quote.status in (QuoteStatus.VERBATIM, QuoteStatus.HEARD_ALIKE, QuoteStatus.ALTERED)
