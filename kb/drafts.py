"""Drafts an analyst works on: theses and posts whose every sentence is a claim with its citations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.models import Citation, Claim


class Kind(StrEnum):
    """What a draft is to become."""

    THESIS = "thesis"
    POST = "post"
    BLOG = "blog"


@dataclass(frozen=True, slots=True)
class Part:
    """A titled part of a draft ("Problem", "Evidence against"), a claim for each sentence."""

    title: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A thesis or post in the making. Citation numbers run 1..n over all parts."""

    kind: Kind
    title: str
    parts: tuple[Part, ...]
    citations: tuple[Citation, ...]
    question: str = ""
    writer: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Give the sentences of all parts in order."""
        return tuple(claim for part in self.parts for claim in part.claims)
