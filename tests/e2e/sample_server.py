"""Serve the sample house: `python -m tests.e2e.sample_server FOLDER PORT`."""

import os
import sys
from pathlib import Path

from kb.settings import Settings
from tests import sample_house, sample_work
from ui import asgi

if __name__ == "__main__":
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    os.environ["SAMPLE_FOLDER"] = str(folder)
    sample_work.fill(folder, sample_house.keep_audio(folder / "artefacts"))
    asgi.serve(
        Settings(home=folder, ui_port=port),
        script=Path(__file__).with_name("sample_app.py"),
    )
