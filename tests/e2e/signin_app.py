"""The app's script behind a gate, over the sample house; says who came in."""

import os
import time
from pathlib import Path

import streamlit as st

from kb import settings
from tests import sample_work
from ui import app, signin
from ui.views import signin as way_in

gate = signin.gate(settings.load())
assert gate is not None
app.main(lambda: sample_work.house(Path(os.environ["SAMPLE_FOLDER"])), gate)
if gate.standing(st.user.to_dict(), time.time()) is signin.Standing.IN:
    st.text(f"Signed in as {way_in.person()}")
