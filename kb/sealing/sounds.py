"""How an English word sounds, as a key: words of one key are homophones as far as spelling tells.

Consonants are capitals (voiced and voiceless kept apart: "price" is not "prize", "code" not "goad"),
vowels small letters and digits: 1 as in day, 2 see, 3 my, 4 go, 5 too, 6 law, 7 boy, 8 cow, 9 her.
`key` tells every vowel. `name_key` is for names, whose unstressed vowels nobody hears: it keeps the
first vowel, the last sound and the number of vowels.
"""

import re
import unicodedata
from functools import cache
from itertools import groupby

_GRAPHEMES = (
    (r"^[kgp](?=n)|^p(?=s)|^w(?=r)|(?<=m)[bn]$|(?<=[aeiou])gh(?=t|$)", ""),
    (r"^x", "Z"),
    (r"^who(?=$|s|m)", "H5"),
    (r"^who(?=l)", "H4"),
    (r"^wh", "W"),
    (r"^[st]?ch(?=[rlm])", "K"),
    (r"(?<=^ca)ch(?=[ei])", "X"),
    (r"(?<=[a-z]{3})i[sz](?=e[sd]?$|ers?$|ing$|ation)", "3Z"),
    (r"(?<=[bcdfgkpstz])le$", "eL"),
    (r"(?<=gh|aw)ed$|(?<=[a-z]ay)(?<!^play)ed$|(?<=[a-z]{3}ow)ed$", "D"),
    (r"(?<=igh)s$", "Z"),
    (r"(?<=^w)ar(?=n?s?$)", "oR"),
    (r"(?<=^h)ear(?=d$)", "9R"),
    (r"ssed$", "ST"),
    (r"cked$", "KT"),
    (r"(?<=[a-z]{4}[pt])(?:al|el|ol)$", "eL"),
    (r"tch|(?<!^)t(?=ure)|ch", "C"),
    (r"sch", "SK"),
    (r"sh|(?:ss|s|t|c)i(?=o[nu]|a[ln]|en)", "X"),
    (r"ph|f+", "F"),
    (r"eigh", "1"),
    (r"[au]ugh(?=t)|ough(?=t)", "6"),
    (
        r"igh|uy|ye$|(?<=^[bcdfghlmnprstvw])(?:y|ie)$|(?<=^[bcdfghlmnprstvw]{2})(?:y$|ie(?=[sd]$))",
        "3",
    ),
    (r"th", "0"),
    (r"dg(?=[eiy])|j+|(?<=[aeiour])g(?=e$|es$|ed$)|^g(?=en|ym|iant|ist)", "J"),
    (r"gh|gu(?=[ei])|g+", "G"),
    (r"cc(?=[eiy])", "KS"),
    (r"sc(?=[eiy])|c(?=[eiy])", "S"),
    (r"que$|cqu|ck|cc|kh|[kcq]+(?!u)|(?<!q)[kc]", "K"),
    (r"qu", "KW"),
    (r"x(?=c)", "K"),
    (r"x", "KS"),
    (r"(?<=[aeiou])se$", "Q"),
    (
        r"(?<=[aeo][yw])s$|(?<=[aeiou][aeo])s$|(?<=[aeiouy])s(?=[aeiouy])(?!e[sd]?$)|(?<=[aeiouy][aeiouy])s(?=e[sd]?$)|z+",
        "Z",
    ),
    (r"s+", "S"),
    (r"b+", "B"),
    (r"d+", "D"),
    (r"p+", "P"),
    (r"t+", "T"),
    (r"v+", "V"),
    (r"l+", "L"),
    (r"m+", "M"),
    (r"n+", "N"),
    (r"(?:or|er|ar)$(?<=[a-z]{4})|our$(?<=[a-z]{5})", "9R"),
    (r"ear$", "xR"),
    (r"(?:er|ir|ur|(?<!^h)ear(?=[nlt]))(?![aeiouyr])|(?:err|urr)$", "9R"),
    (r"air|(?<=^[a-z])are(?=s?$)|(?<=^[a-z]{2})are(?=s?$)", "1R"),
    (r"eer|ere$", "2R"),
    (r"rh|r+", "R"),
    (r"^y|^u(?=[sn]i)", "Y"),
    (r"^h|(?<=[^aeiouywtcspgkr])h(?=[aeiouy])", "H"),
    (r"h", ""),
    (
        r"(?<=[gb]r)ea(?=[tk])|(?<=st)ea(?=k)|ai|ay|ey(?=.)|a(?=[bcdfgklmnpstvz](?:es?|ed|ers?|ing)$|nge|stes?$)|ei(?=[nl])",
        "1",
    ),
    (
        r"ee|ea|ie(?=[a-z])|ei|(?<=[a-z]{2})(?:y|ie|ey|i)$|e(?=[bcdfgklmnpstvz]es?$)|(?<=^[bhmsw])e$",
        "2",
    ),
    (r"ie$|[iy](?=[bcdfgklmnpstvz](?:es?|ed|ers?|ing)$)", "3"),
    (r"ow(?=n?s?$)", "w"),
    (r"oa|oe$|o(?=[bcdfgklmnpstvz](?:es?|ed|ers?|ing)$|mb$|lls?$)|(?<=[a-z])o$", "4"),
    (r"oo|ue$|ew|ui(?=[a-z])|u(?=[bcdfgklmnpstvz](?:es?|ed|ers?|ing)$)|(?<=[a-z])u$|eu", "5"),
    (r"au|aw|ao", "6"),
    (r"oi|oy", "7"),
    (r"ou|ow", "8"),
    (r"(?<=[a-z])e$|e(?=s$)(?<![szxc]e)", ""),
    (r"y", "i"),
    (r"w+", "W"),
    (r"[aeiou]", "="),
)
"""What is written, and what it sounds like; the first that fits counts, "=" is the letter itself."""

_READ = re.compile("|".join(f"({pattern})" for pattern, _ in _GRAPHEMES))
_SOUNDS = tuple(sound for _, sound in _GRAPHEMES)
_OPEN = str.maketrans({"6": "o", "4": "o", "u": "5"})
"""Vowels that recognisers confuse in names: LoRA and Laura, TAO and Tau."""


@cache
def key(word: str) -> str:
    """Give what a folded word sounds like; "" for what is not in Latin letters.

    >>> key("knight") == key("night"), key("whole") == key("hole"), key("price") == key("prize")
    (True, True, False)
    """
    plain = unicodedata.normalize("NFKD", word)
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    if not (plain.isascii() and plain.isalpha()):
        return ""
    heard = list[str]()
    for match in _READ.finditer(plain):
        sound = _SOUNDS[(match.lastindex or 1) - 1]
        heard.append(match.group() if sound == "=" else sound)
    return "".join(sound for sound, _ in groupby("".join(heard)))


@cache
def name_key(word: str) -> str:
    """Give what a folded name sounds like to somebody who never read it.

    >>> name_key("stoica") == name_key("stoyca"), name_key("lama") == name_key("llama")
    (True, True)
    >>> name_key("tim") == name_key("tom"), name_key("maria") == name_key("mario")
    (False, False)
    """
    sounds = key(word).translate(_OPEN)
    vowels = [at for at, sound in enumerate(sounds) if not sound.isupper() and sound != "0"]
    if not vowels:
        return sounds
    free = set(vowels[1:]) - {len(sounds) - 1}
    return "".join("_" if at in free else sound for at, sound in enumerate(sounds))
