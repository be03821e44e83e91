"""Who the lines of show notes name as hosts and guests, and what they say of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from ingest.sources.labels import like_a_name
from kb.models import Person, Role

_ROLE = re.compile(
    r"\W*(?:with )?(?:(?:your|our|the|today['’]s|special|this week['’]s) )*"
    r"(?:(?P<host>(?:co-?)?hosts?|hosted by|presented by|moderator)|guests?|featuring|interviewee)"
    r"\W*(?::[\s*_]*|(?<= by)\s+)(?P<names>.*)|\W*(?P<bare>hosted|presented) by (?P<who>.*)",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"#{1,6}\s+(?:(?:your|our|the|special) )?(?:(?P<host>(?:co-?)?hosts?)|guests?|featuring)\W*",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@([\w.-]+)")
_ITEM = re.compile(r"[-–•*]\s+(.*)")
_DESCRIBED = re.compile(
    r"(?P<name>@[\w.-]+|[^\W\d_][^,;:()–—]*?)\s*"
    r"(?:\s[-–—]\s+(?P<dash>.*)|[,:]\s+(?P<comma>.*)|\((?P<aside>[^()]*)\)\s*(?P<rest>.*))?"
)
_JOINTS = re.compile(r"\s*(?:;|,\s*(?:and|&)\s|\s(?:and|&)\s|,)\s*")
_LINK = re.compile(r"\[([^\[\]]*)\]\((https?://[^()\s]*)\)")
_NOBODY = frozenset({"unknown", "n/a", "none", "tba"})
_PRONOUN = re.compile(r"\b(?:s?he|they|his|her|their)\b", re.IGNORECASE)


def find(lines: Iterable[str], summary: str) -> tuple[Person, ...]:
    """Give who is named as a host or a guest, and whom the summary is about; each once."""
    found: dict[str, Person] = {}
    squeezed = [" ".join(line.split()) for line in lines]
    for person in (*_listed(squeezed), *_guest(summary)):
        found.setdefault(person.name, person)
    return tuple(found.values())


def _listed(lines: Iterable[str]) -> Iterator[Person]:
    """Read `Hosts: Ada Byron, Bo Li`, and headings with a name in each line or list item below.

    Below a name that is no list item itself, list items say who that is.
    """
    role: Role | None = None
    person: Person | None = None
    for line, after in pairwise([*filter(None, lines), ""]):
        item = _ITEM.fullmatch(line)
        if person and item:
            person = replace(person, about=", ".join(filter(None, [person.about, item[1]])))
            continue
        yield from [person] if person else []
        person = None
        if section := _SECTION.fullmatch(line):
            role = Role.HOST if section["host"] else Role.GUEST
        elif heading := _ROLE.fullmatch(line):
            role = Role.HOST if heading["host"] or heading["bare"] else Role.GUEST
            yield from _named(heading["names"] or heading["who"] or "", role)
        elif role and item:
            yield from _described(item[1], role)
        elif role and (name := _name(line, described=bool(_ITEM.fullmatch(after)))):
            person = Person(name, role)
        else:
            role = None
    yield from [person] if person else []


def _named(text: str, role: Role) -> Iterator[Person]:
    """Read names in one line; what follows a single one says who that is."""
    text = _LINK.sub(r"\1 (\2)", text).strip(" *_")
    parts = [part.strip(" .*_") for part in _JOINTS.split(re.sub(r"\([^()]*\)", "", text))]
    names = [name for part in parts if (name := _known(part))]
    if len(names) <= 1:
        yield from _described(text, role)
    else:
        yield from (Person(name, role) for name in names)


def _described(text: str, role: Role) -> Iterator[Person]:
    """Read `Ada Byron – professor`, `Ada Byron, professor`, `Ada Byron (https://a.example/ada)`."""
    found = _DESCRIBED.fullmatch(_LINK.sub(r"\1 (\2)", text).strip(" *_"))
    name = _known(found["name"].strip(" .*_")) if found else None
    if found and name:
        about = (found[part] for part in ("dash", "comma", "aside", "rest"))
        said = (part.strip(" .,-–—()") for part in about if part)
        yield Person(name, role, ", ".join(filter(None, said)))


def _known(text: str) -> str | None:
    """Give a handle or a full name; half a name may be any word."""
    if handle := _HANDLE.fullmatch(text):
        return handle[1]
    full = " " in text and like_a_name(text) and text.casefold() not in _NOBODY
    return text if full else None


def _name(line: str, *, described: bool) -> str | None:
    handle = _HANDLE.fullmatch(line)
    if handle:
        return handle[1]
    return line if described and like_a_name(line) else None


def _guest(summary: str) -> Iterator[Person]:
    """Find who the summary is about: it opens with a full name that it takes up again.

    "Ion Stoica helped … Now he … Ion has …": subject, pronoun and half of the name; a wrong guest
    costs more than none.
    """
    opening = re.match(r"((?:[^\W\d_][\w.’'-]* ){2,3}?)(?=[a-z])", summary)
    if not opening or not like_a_name(opening[1]):
        return
    name = opening[1].strip()
    rest = summary[opening.end() :].replace(name, "")
    halves = "|".join(re.escape(half) for half in (name.split()[0], name.split()[-1]))
    if re.search(rf"\b(?:{halves})\b", rest) and _PRONOUN.search(rest):
        yield Person(name, Role.GUEST)
