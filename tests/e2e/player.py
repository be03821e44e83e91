"""The player of a page, wherever a shadow root hides it: scripts that wait for it and read it."""

AUDIO = """
  const all = (root) => [...root.querySelectorAll("*")].flatMap(
    (element) => element.shadowRoot ? [element, ...all(element.shadowRoot)] : [element]);
  const audio = all(document).find((element) => element.tagName === "AUDIO");
"""
"""Finds it, as `audio`."""
SOUNDING = f"() => {{ {AUDIO} return audio && !audio.paused && audio.readyState > 2; }}"
"""Tells whether it plays."""


def near(seconds: float) -> str:
    """Give the script that tells whether it stands less than so many seconds from a second."""
    within = f"Math.abs(audio.currentTime - second) < {seconds}"
    return f"(second) => {{ {AUDIO} return audio && {within}; }}"
