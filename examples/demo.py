"""The main job, once through: add a recording, ask about it, say how to open the app.

Run by `make demo`: python -m examples.demo ORIGIN [QUESTION]
"""

import subprocess
import sys
import time


def soundproof(*words: str) -> None:
    """Show a command and run it; stop where it fails."""
    shown = " ".join(f'"{word}"' if " " in word else word for word in words)
    print(f"\n$ soundproof {shown}", flush=True)
    done = subprocess.run([sys.executable, "-m", "ui.cli", *words], check=False)  # noqa: S603
    if done.returncode:
        sys.exit(done.returncode)


def main(origin: str, question: str = "") -> None:
    """Add what is at a path or address and answer a question from it, or suggest some."""
    began = time.monotonic()
    soundproof("add", origin)
    soundproof("ask", *([question] if question else []))
    print(f"\nThat took {time.monotonic() - began:.0f} s. Now open the app and press play: make ui")


if __name__ == "__main__":
    main(*sys.argv[1:])
