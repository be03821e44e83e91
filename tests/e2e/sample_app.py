"""The app's script over the sample house: what `ui/app.py` is over the real one."""

import os
from pathlib import Path

from tests import sample_work
from ui import app

app.main(lambda: sample_work.house(Path(os.environ["SAMPLE_FOLDER"])))
