"""Whom a sentence names as the one who said its quote."""

import pytest

from kb.drafting.mouths import People, named

KNOWN = People.of(["Mara Quill", "Jonas Feld", "Will May", "The Oracle", "Dr. Ines Okafor"])
LONG = "a b c d e f g h"


@pytest.mark.parametrize(
    ("before", "behind", "who"),
    [
        ("Mara Quill said", "", "Mara Quill"),
        ("Mara said", "", "Mara"),
        ("mara quill said", "", "mara quill"),
        ("Quill’s words:", "", "Quill"),
        ("According to Mara Quill", "", "Mara Quill"),
        ("From Mara Quill:", "", "Mara Quill"),
        ("Dr. Okafor said", "", "Okafor"),
        ("Mara Quill heard", "from Jonas Feld", "Jonas Feld"),
        ("Mara Quill asked, and Jonas Feld answered", "", "Jonas Feld"),
        ("Jonas Feld told Mara Quill:", "", "Jonas Feld"),
        ("Jonas Feld said to Mara Quill:", "", "Jonas Feld"),
        ("Jonas Feld, who talks with Mara Quill, says", "", "Jonas Feld"),
        ("", ", said Mara Quill", "Mara Quill"),
        ("", ", recalls the host Mara Quill", "Mara Quill"),
        ("", "— Mara Quill", "Mara Quill"),
        ("", "(Mara Quill)", "Mara Quill"),
        ("", ", Mara Quill said", "Mara Quill"),
        ("As Jonas Feld heard", ", said Mara Quill", "Mara Quill"),
        ("Jonas Feld said", "— Mara Quill", "Mara Quill"),
        ("Jonas Feld said", "– Mara Quill disagrees", "Jonas Feld"),
        (", said Jonas Feld, and", "— Mara Quill", "Mara Quill"),
    ],
)
def test_who_is_named_beside_a_quote_said_it(before: str, behind: str, who: str) -> None:
    assert named(before, behind, KNOWN) == who


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("", ""),
        ("He said", "twice"),
        ("Ada Lark said", ""),
        ("Will", "is what they ask"),
        ("The record says", ""),
        ("Mara Quill left.", ""),
        ("Mara Quill asked; the answer was", ""),
        ("When Mara Quill asked, he said", ""),
        (f"Mara Quill {LONG}", ""),
        ("He told Mara Quill", ""),
        ("", "surprised Mara Quill"),
        ("", ", he told Mara Quill"),
        ("", f"{LONG}, said Mara Quill"),
    ],
)
def test_otherwise_nobody_is(before: str, behind: str) -> None:
    assert named(before, behind, KNOWN) is None
