"""Serve the sample house to people who sign in: `python -m tests.e2e.signin_server`, by settings."""

import os
from pathlib import Path

from kb import settings
from tests import sample_house, sample_work
from ui import asgi

if __name__ == "__main__":
    here = settings.load()
    os.environ["SAMPLE_FOLDER"] = str(here.home)
    sample_work.fill(here.home, sample_house.keep_audio(here.home / "artefacts"))
    asgi.serve(here, script=Path(__file__).with_name("signin_app.py"))
