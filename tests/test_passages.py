"""Cutting: no word is lost, nothing leaves a turn, times rise, and the same text gives the same ids."""

from hypothesis import example, given
from hypothesis import strategies as st

from kb import passages
from kb.models import Passage, Segment, Tier, Unit, Word

_WORDS = st.sampled_from(
    [
        "We",
        "tried",
        "evals.",
        "Dr.",
        "Lee",
        "said",
        "no...",
        "3.5",
        "Really?",
        "1.",
        "yes",
        "—",
        "日本。",
    ]
)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=90).map(" ".join) | st.text(max_size=30)
_SPEAKERS = st.sampled_from([None, "Mara Quill", "Jonas Feld"])


@st.composite
def talks(draw: st.DrawFn, *, timed: bool = True) -> tuple[Segment, ...]:
    """Draw segments in order of time, some of them untimed where `timed` is off."""
    at, segments = 0.0, list[Segment]()
    for text in draw(st.lists(_TEXTS, max_size=8)):
        end = at + draw(st.floats(0, 40))
        known = timed or draw(st.booleans())
        times = (at, end) if known else (None, None)
        segments.append(Segment(text, draw(_SPEAKERS), *times))
        at = end + draw(st.floats(0, 3))
    return tuple(segments)


def cut(segments: tuple[Segment, ...], tier: Tier = Tier.TRANSCRIPT) -> tuple[Passage, ...]:
    return passages.cut("evals-1", tier, segments)


def of(unit: Unit, found: tuple[Passage, ...]) -> list[Passage]:
    return [each for each in found if each.unit is unit]


@given(talks(timed=False), st.sampled_from(Tier))
@example((Segment("One\ntwo", "A"), Segment(" \n ", "B"), Segment("three.", "A")), Tier.NOTES)
def test_no_word_is_lost_or_added_and_all_stay_in_order(
    segments: tuple[Segment, ...], tier: Tier
) -> None:
    sentences = of(Unit.SENTENCE, cut(segments, tier))

    said = [word for segment in segments for word in segment.text.split()]
    assert [word for sentence in sentences for word in sentence.text.split()] == said


@given(talks(), st.sampled_from(Tier))
def test_windows_are_runs_of_sentences_of_one_turn_and_leave_none_out(
    segments: tuple[Segment, ...], tier: Tier
) -> None:
    found = cut(segments, tier)
    sentences, covered = of(Unit.SENTENCE, found), set[int]()

    for window in of(Unit.WINDOW, found):
        within = sentences[window.first : window.last + 1]
        assert window.text == " ".join(sentence.text for sentence in within)
        assert {(each.turn, each.speaker) for each in within} == {(window.turn, window.speaker)}
        assert (window.span.start, window.span.end) == (within[0].span.start, within[-1].span.end)
        assert len(within) <= passages.WINDOW
        covered |= set(range(window.first, window.last + 1))
    assert covered == set(range(len(sentences)))


@given(talks())
def test_times_rise_and_stay_inside_the_talk(segments: tuple[Segment, ...]) -> None:
    sentences = of(Unit.SENTENCE, cut(segments))

    starts = [each.span.start for each in sentences if each.span.start is not None]
    assert len(starts) == len(sentences)
    assert starts == sorted(starts)
    for each in sentences:
        assert each.span.end is not None
        assert 0 <= starts[0] <= each.span.end <= (segments[-1].end or 0) + 0.01


@given(talks(timed=False), st.sampled_from(Tier))
def test_ids_are_unique_and_the_same_every_time(segments: tuple[Segment, ...], tier: Tier) -> None:
    first, second = cut(segments, tier), cut(segments, tier)

    assert first == second
    ids = [each.id for each in first]
    assert len(set(ids)) == len(ids)
    assert all(each.startswith(f"evals-1/{tier}/") for each in ids)


def test_ordinals_count_sentences_and_turns() -> None:
    found = cut((Segment("One. Two.", "A", 0, 4), Segment("Three.", "B", 4, 6)))

    assert [(each.id.rpartition("/")[2], each.turn) for each in found] == [
        ("s0", 0),
        ("s1", 0),
        ("s2", 1),
        ("w0-1", 0),
        ("w2-2", 1),
    ]


def test_a_sentence_runs_on_over_the_segments_of_a_recogniser() -> None:
    found = cut(
        (Segment("We wrote forty", "A", 0, 2), Segment("new cases. Every month.", "A", 2, 4))
    )

    assert [each.text for each in of(Unit.SENTENCE, found)] == [
        "We wrote forty new cases.",
        "Every month.",
    ]


def test_a_change_of_speaker_ends_a_sentence() -> None:
    found = cut((Segment("We wrote forty", "A", 0, 2), Segment("new cases", "B", 2, 4)))

    assert [(each.speaker, each.text) for each in of(Unit.SENTENCE, found)] == [
        ("A", "We wrote forty"),
        ("B", "new cases"),
    ]


def test_words_give_a_sentence_its_exact_times() -> None:
    words = (Word("One.", 1.0, 1.5), Word("Two.", 7.25, 8.0))
    found = cut((Segment("One. Two.", None, 0, 10, words=words),))

    spans = [(each.span.start, each.span.end) for each in of(Unit.SENTENCE, found)]
    assert spans == [(1.0, 1.5), (7.25, 8.0)]


def test_times_that_a_recogniser_puts_backwards_do_not_go_back() -> None:
    words = (Word("One.", 5.0, 6.0), Word("Two.", 2.0, 3.0), Word("Three.", 7.0, 8.0))
    found = cut((Segment("One. Two. Three.", None, 0, 10, words=words),))

    spans = [(each.span.start, each.span.end) for each in of(Unit.SENTENCE, found)]
    assert spans == [(5.0, 6.0), (6.0, 6.0), (7.0, 8.0)]


def test_a_turn_with_a_gap_in_its_times_has_none() -> None:
    found = cut((Segment("One.", "A", 0, 2), Segment("Two.", "A"), Segment("Three.", "B", 5, 6)))

    assert [each.span.start for each in of(Unit.SENTENCE, found)] == [None, None, 5]


def test_interpolated_times_are_not_passed_off_as_exact() -> None:
    found = cut((Segment("One.", "A", 0, 2, exact=False), Segment("Two.", "A", 2, 4)))

    assert [each.span.exact for each in found] == [False, True, False]


def test_each_chapter_of_the_notes_stands_alone_and_a_list_belongs_to_its_heading() -> None:
    lines = ("Links", "- The paper", "- The code", "1. First idea", "2. Second idea")
    listed = tuple(Segment(line, line=n) for n, line in enumerate(lines, 1))
    chapters = (
        Segment("The leak", None, 0, 60, line=6),
        Segment("The drawer", None, 60, 90, line=7),
    )

    turns = [
        (each.turn, each.line) for each in of(Unit.SENTENCE, cut((*listed, *chapters), Tier.NOTES))
    ]

    assert turns == [(0, 1), (0, 2), (0, 3), (1, 4), (2, 5), (3, 6), (4, 7)]


def test_nothing_said_gives_no_passages() -> None:
    assert cut(()) == cut((Segment("  ", "A", 0, 1),)) == ()


def test_an_hour_without_a_full_stop_is_still_cut() -> None:
    found = cut((Segment(" ".join(["word"] * 9_000), "A", 0, 3600),))

    assert max(len(each.text.split()) for each in found) <= 4 * 60
    assert len(of(Unit.SENTENCE, found)) == 150
