"""The app's script over the sample house: what `ui/app.py` is over the real one."""

import os

from tests import sample_house
from ui import app

app.main(lambda: sample_house.house(os.environ.get("SAMPLE_AUDIO")))
