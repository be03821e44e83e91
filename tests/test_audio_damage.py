"""40 damaged files: none is called sound, and what comes after the damage keeps its time."""

from pathlib import Path

import numpy as np
import pytest

from ingest import audio
from kb.errors import AudioError
from kb.models import Health
from tests.recordings import DAMAGES, FORMATS, Samples, beeping, beeps, record

pytestmark = pytest.mark.slow

_SECONDS = 40
_AFTER = 30.0
"""Seconds from which on nothing is damaged, whatever the format takes along."""
_NAMES = [name for name in FORMATS if name != "talk.aac"]
_REFUSED = {
    ("talk.m4a", "truncated"),  # its index is at the end
    *((name, "missing header") for name in _NAMES if name not in ("talk.mp3", "talk.flac")),
}
"""Files that cannot even be opened: that is a verdict too."""
_PCM = ("talk.wav", "talk.aiff")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Give the undamaged recording in each format."""
    folder, sound = tmp_path_factory.mktemp("whole"), beeping(_SECONDS)
    return {name: record(folder / name, sound).read_bytes() for name in FORMATS}


def heard(path: Path) -> Samples:
    return np.concatenate([window.samples for window in audio.windows(path)])


@pytest.mark.parametrize("name", FORMATS)
def test_an_undamaged_file_is_called_sound(
    tmp_path: Path, whole: dict[str, bytes], name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(whole[name])

    found = audio.survey(path, promised=_SECONDS, length=len(whole[name]))

    assert (found.health, found.reasons) == (Health.OK, ())
    assert found.seconds == pytest.approx(_SECONDS, abs=0.1)
    assert len(beeps(heard(path))) == 19


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", _NAMES)
def test_a_damaged_file_is_never_called_sound_and_keeps_its_times(
    tmp_path: Path, whole: dict[str, bytes], name: str, damage: str
) -> None:
    path = tmp_path / name
    path.write_bytes(DAMAGES[damage](whole[name]))

    if (name, damage) in _REFUSED:
        with pytest.raises(AudioError, match="is not audio that can be read"):
            audio.survey(path)
        return
    found = audio.survey(path, promised=_SECONDS, length=len(whole[name]))

    moved_only = damage == "swapped blocks" and name in _PCM
    assert found.health is not Health.OK or moved_only
    assert found.reasons or moved_only
    if found.health is not Health.FAILED:
        assert in_time(heard(path), whole_after=damage != "truncated")


def in_time(samples: Samples, *, whole_after: bool) -> bool:
    """Tell whether the beeps before and after the damage are where they belong."""
    found = beeps(samples)
    late = {second: at for second, at in found.items() if second > _AFTER}
    before = {second: at for second, at in found.items() if second < _SECONDS * 0.3}
    assert len(late) >= (4 if whole_after else 0)
    return all(abs(second - at) <= 0.3 for second, at in (late | before).items())


@pytest.mark.parametrize("damage", ["zeroed hole", "random bytes"])
@pytest.mark.parametrize("name", ["talk.mp3", "talk.m4a", "talk.ogg", "talk.flac"])
def test_the_playback_copy_of_a_damaged_file_is_on_the_same_clock(
    tmp_path: Path, whole: dict[str, bytes], name: str, damage: str
) -> None:
    path, copy = tmp_path / name, tmp_path / "copy.webm"
    path.write_bytes(DAMAGES[damage](whole[name]))

    audio.playback(path, copy)

    in_copy, in_windows = beeps(heard(copy)), beeps(heard(path))
    assert len([second for second in in_copy if second > _AFTER]) >= 4
    assert in_time(heard(copy), whole_after=True)
    assert {each: at for each, at in in_copy.items() if each > _AFTER} == pytest.approx(
        {each: at for each, at in in_windows.items() if each > _AFTER}, abs=0.05
    )
    assert audio.survey(copy).seconds == pytest.approx(audio.survey(path).seconds, abs=0.05)


@pytest.mark.parametrize("damage", ["zeroed hole", "random bytes"])
def test_a_hole_in_a_stream_without_times_is_at_least_noticed(
    tmp_path: Path, whole: dict[str, bytes], damage: str
) -> None:
    # FFmpeg skips what is no AAC frame and tells nobody how much it was: later times come early.
    path = tmp_path / "talk.aac"
    path.write_bytes(DAMAGES[damage](whole["talk.aac"]))

    found = audio.survey(path, promised=_SECONDS)

    assert found.health is Health.SUSPECT
    assert found.reasons[0].startswith("audio is damaged in one place, near 0:1")
