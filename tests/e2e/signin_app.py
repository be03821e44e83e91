"""The app's script behind a gate, over the sample house; says who came in."""

import os
import time
from pathlib import Path

import streamlit as st

from kb import settings
from tests import sample_work
from ui import app, signin, widgets

gate = signin.gate(settings.load())
app.main(lambda: sample_work.house(Path(os.environ["SAMPLE_FOLDER"])), gate)
if gate is not None and gate.standing(st.user.to_dict(), time.time()) is signin.Standing.IN:
    st.text(f"Signed in as {widgets.person()}")
