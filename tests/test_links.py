"""Links that open at the second."""

from dataclasses import replace

import pytest

from kb import links
from kb.models import Span
from tests.samples import COSTS, LEAKS

AT = Span("e", 754.6, 760)


def outside(link: str | None, audio: str | None = None, span: Span = AT) -> str | None:
    return links.outside(replace(COSTS.episode, link=link, audio_url=audio), span)


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        (
            "https://podcasts.apple.com/us/podcast/x/id1?i=2",
            "https://podcasts.apple.com/us/podcast/x/id1?i=2&t=754",
        ),
        ("https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abc&t=754"),
        ("https://youtu.be/abc", "https://youtu.be/abc?t=754"),
        ("https://podcasts.example/costs", "https://podcasts.example/costs"),
    ],
)
def test_players_that_can_open_at_a_second_do(link: str, wanted: str) -> None:
    assert outside(link) == wanted


def test_a_page_that_cannot_gives_way_to_the_audio_which_can() -> None:
    assert links.outside(LEAKS.episode, AT) == "https://cdn.example/leaks.mp3#t=754"
    assert outside(None, "https://cdn.example/a.mp3?sig=1#t=3") == (
        "https://cdn.example/a.mp3?sig=1#t=754"
    )


def test_without_a_time_the_page_itself_is_linked() -> None:
    assert links.outside(LEAKS.episode, Span("e")) == "https://podcasts.example/leaks"


@pytest.mark.parametrize(
    "link", [None, "", "javascript:alert(1)", "file:///etc/passwd", "leaks.mp3"]
)
def test_what_is_no_web_address_is_not_linked(link: str | None) -> None:
    assert outside(link) is None
    assert outside(None, link) is None


def test_a_host_that_only_looks_like_youtube_gets_no_time() -> None:
    assert outside("https://youtube.com.example/x") == "https://youtube.com.example/x"


def test_a_hostile_audio_address_is_not_linked_through_a_good_page() -> None:
    assert (
        outside("https://podcasts.example/x", "javascript:alert(1)") == "https://podcasts.example/x"
    )


def test_a_permalink_carries_ids_that_need_quoting() -> None:
    assert links.permalink("a&b=c", 1.9) == "?ep=a%26b%3Dc&t=1"
