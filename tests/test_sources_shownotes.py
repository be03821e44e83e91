"""Show notes: chapters, people, the guest, and what is not a chapter."""

from pathlib import Path

import pytest

from ingest.ports import Found
from ingest.sources.shownotes import ShowNotes
from kb.errors import DocumentError
from kb.models import Chapter, Person, Role, Segment

HERE = Path(__file__).parent / "data"


def read(path: Path) -> Found:
    assert ShowNotes().recognises(str(path), path.read_bytes())
    (found,) = ShowNotes().read(str(path), latest=1)
    return found


def written(tmp_path: Path, text: str) -> Found:
    path = tmp_path / "notes.txt"
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_show_title_and_summary_are_read() -> None:
    episode = read(HERE / "notes.txt").episode
    assert episode.show.title == "The Small Arena"
    assert episode.title == "Ep 3: A labeller and a statistician walk into an arena"
    assert episode.summary.startswith("Bo Li counts votes for a living.")


def test_chapters_are_read_in_every_usual_form() -> None:
    assert read(HERE / "notes.txt").episode.chapters == (
        Chapter("Intro", 0, 90),
        Chapter("Why votes: a start", 90, 3723),
        Chapter("What judges miss", 3723, 4200),
        Chapter("Quickfire", 4200, None),
    )


@pytest.mark.parametrize(
    "lines",
    [
        ["(0:00) Intro", "(6:33) Becoming", "(1:02:03) End"],
        ["[00:00:00] Intro", "[00:06:33] Becoming", "[01:02:03] End"],
        ["0:00 - Intro", "6:33 – Becoming", "1:02:03 — End"],
        ["0:00: Intro", "6:33: Becoming", "1:02:03: End"],
        ["00:00 | Intro", "06:33 | Becoming", "62:03 | End"],
        ["Intro (0:00)", "Becoming (6:33)", "End (1:02:03)"],
        ["Intro - 0:00", "Becoming – 6:33", "End: 1:02:03"],
        ["Intro 0:00", "Becoming 6:33", "End 1:02:03"],
        [
            "* [0:00](?t=0) Intro",
            "* [6:33](https://a.example/?t=393) Becoming",
            "* [1:02:03](#) End",
        ],
        ["0m0s Intro", "6m33s Becoming", "1h02m03s End"],
        ["0:00-6:33 Intro", "6:33 - 62:03 Becoming", "(1:02:03 – 1:10:00) End"],
        ["1. 0:00 Intro", "2. 6:33 Becoming", "3. 1:02:03 End"],
        [
            "| Time | Topic |",
            "|---|---|",
            "| 0:00 | Intro |",
            "| 6:33 | Becoming |",
            "| 62:03 | End |",
        ],
        ["- **0:00** Intro", "- **6:33** Becoming", "- **1:02:03** End"],
        ["▶ 0:00 Intro", "▶ 6:33 Becoming (https://a.example/b)", "▶ 1:02:03 End"],
        ["In this episode: (0:00) Intro (6:33) Becoming (1:02:03) End"],
    ],
)
def test_every_usual_form_of_a_chapter_is_read(tmp_path: Path, lines: list[str]) -> None:
    found = written(tmp_path, "\n".join(["Show notes", "", *lines]))
    assert [(ch.title, ch.start) for ch in found.episode.chapters] == [
        ("Intro", 0),
        ("Becoming", 393),
        ("End", 3723),
    ]
    assert [ch.end for ch in found.episode.chapters][:2] == [393, 3723]
    assert found.notes
    assert [s.text for s in found.notes.segments] == ["Show notes", *lines]


def test_a_range_says_where_a_chapter_ends(tmp_path: Path) -> None:
    found = written(tmp_path, "Show notes\n\n0:00-1:02 One\n2:00-9:00 Two\n3:00-4:00 Three\n")
    assert found.episode.chapters == (
        Chapter("One", 0, 62),
        Chapter("Two", 120, 180),
        Chapter("Three", 180, 240),
    )


@pytest.mark.parametrize(
    "text",
    [
        "We met at 10:30.\nWe left at 11:30.",
        "We met - 10:30\nWe left - 11:30",
        "10:30 am we met.\n11:30 p.m. we left.",
    ],
)
def test_sentences_with_times_are_no_chapters(tmp_path: Path, text: str) -> None:
    assert written(tmp_path, f"Show notes\n\n{text}\n").episode.chapters == ()


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Hosted by Ada Byron and Bo Li", [("Ada Byron", Role.HOST, ""), ("Bo Li", Role.HOST, "")]),
        ("Hosts: Ada Byron & Bo Li", [("Ada Byron", Role.HOST, ""), ("Bo Li", Role.HOST, "")]),
        ("Guest: Cy Young (Professor at Leeds)", [("Cy Young", Role.GUEST, "Professor at Leeds")]),
        (
            "Guest: [Cy Young](https://cy.example/)",
            [("Cy Young", Role.GUEST, "https://cy.example/")],
        ),
        ("Today's guest: Cy Young – nurse", [("Cy Young", Role.GUEST, "nurse")]),
        (
            "## Guests\n\n- Cy Young – Nurse\n- Di Xu, clerk",
            [("Cy Young", Role.GUEST, "Nurse"), ("Di Xu", Role.GUEST, "clerk")],
        ),
        ("Hosts:\n- @ada\n- Bo Li", [("ada", Role.HOST, ""), ("Bo Li", Role.HOST, "")]),
        ("Guest: TBA", []),
        ("Hosted by a friend of ours.", []),
        ("Our guests: the best", []),
    ],
)
def test_hosts_and_guests_are_read_in_the_usual_forms(
    tmp_path: Path, text: str, people: list[tuple[str, Role, str]]
) -> None:
    found = written(tmp_path, f"Show notes\n\n{text}\n")
    assert [(p.name, p.role, p.about) for p in found.episode.people] == people


def test_people_keep_their_handles_and_what_is_said_of_them() -> None:
    assert read(HERE / "notes.txt").episode.people == (
        Person("adabyron", Role.HOST, "Editor of The Small Arena, Former clerk"),
        Person("cy_young", Role.HOST, "Engineer"),
        Person("Bo Li", Role.GUEST),
    )


def test_every_line_can_be_cited_and_chapter_lines_carry_their_times() -> None:
    found = read(HERE / "notes.txt")
    assert found.notes
    lines = (HERE / "notes.txt").read_text(encoding="utf-8").split("\n")
    assert [(s.line, s.text) for s in found.notes.segments] == [
        (number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()
    ]
    assert found.notes.segments[4:8] == (
        Segment("(0:00) Intro", start=0, end=90, line=9),
        Segment("[00:01:30] Why votes: a start", start=90, end=3723, line=10),
        Segment("1:02:03 - What judges miss", start=3723, end=4200, line=11),
        Segment("• 1:10:00 Quickfire", start=4200, end=4200, line=12),
    )


def test_a_time_out_of_order_is_no_chapter(tmp_path: Path) -> None:
    found = written(tmp_path, "Show notes\n\n0:00 One\n9:00 clock in Rome\n1:00 Two\n2:00 Three\n")
    assert [chapter.title for chapter in found.episode.chapters] == ["One", "Two", "Three"]


def test_one_time_alone_is_no_chapter(tmp_path: Path) -> None:
    found = written(tmp_path, "Show notes\n\n10:30 in the morning we met.\n")
    assert found.episode.chapters == ()
    assert found.notes
    assert found.notes.segments[-1].start is None


def test_named_hosts_and_guests_are_people(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        "Show notes\n\n**Hosts:** Ada Byron, @bo\nGuest: Cy Young, professor at Leeds\n\n"
        "Your co-hosts:\n\nDi Xu\n- Nurse\n\nFollow Us\n\nGuests: Unknown\n",
    )
    assert found.episode.people == (
        Person("Ada Byron", Role.HOST),
        Person("bo", Role.HOST),
        Person("Cy Young", Role.GUEST, "professor at Leeds"),
        Person("Di Xu", Role.HOST, "Nurse"),
    )


@pytest.mark.parametrize(
    "summary",
    [
        "Open Source is booming. Open weights followed, and what that means is not yet clear at all.",
        "Ada Byron helped to write the first program. This episode looks at programs of that time.",
        "This week we talk with Ada Byron about the first program. Ada wrote it, and she is here.",
    ],
)
def test_a_guest_is_named_only_where_the_summary_is_about_them(
    tmp_path: Path, summary: str
) -> None:
    assert written(tmp_path, f"Episode Summary\n\n{summary}\n").episode.people == ()


def test_a_summary_in_several_lines_is_one_paragraph(tmp_path: Path) -> None:
    text = "Show\nTitle\n\nEpisode Notes\n\n" + "A long sentence goes on.\n" * 4
    assert written(tmp_path, text).episode.summary == " ".join(["A long sentence goes on."] * 4)


def test_notes_without_a_head_are_called_after_the_file(tmp_path: Path) -> None:
    found = written(tmp_path, "0:00 One\n1:00 Two\n2:00 Three\n")
    assert (found.episode.title, found.episode.show.title) == ("notes", "My documents")


@pytest.mark.parametrize(
    "text",
    [
        "[00:00] Ada: Hello.\n[00:05] Bo: Hello.\n[00:09] Ada: Bye.\n[00:12] Bo: Bye.\n",
        "A letter about nothing.\n",
        "",
    ],
)
def test_what_is_no_show_notes_is_left_to_others(text: str) -> None:
    assert not ShowNotes().recognises("notes.txt", text.encode())


def test_undecodable_notes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"Show notes\n\nCaf\xe9\n")
    with pytest.raises(DocumentError, match=r"notes\.txt is not UTF-8 text"):
        next(ShowNotes().read(str(path), latest=1))


def test_real_show_notes_give_fifteen_chapters_four_hosts_and_the_guest(shared: Path) -> None:
    (path,) = (shared / "data/seeds").glob("000_*.txt")
    episode = read(path).episode
    assert len(episode.chapters) == 15
    assert (episode.chapters[4].title, episode.chapters[4].start) == ("Becoming a Company", 393)
    assert episode.chapters[4].end == episode.chapters[5].start
    assert [person.name for person in episode.people if person.role is Role.GUEST] == ["Ion Stoica"]
    assert [(p.name, p.about) for p in episode.people if p.role is Role.HOST] == [
        ("jacobeffron", "Partner at Redpoint, Former PM Flatiron Health"),
        ("patrickachase", "Partner at Redpoint, Former ML Engineer LinkedIn"),
        ("ericabrescia", "Former COO Github, Founder Bitnami (acq’d by VMWare)"),
        ("jordan_segall", "Partner at Redpoint"),
    ]
