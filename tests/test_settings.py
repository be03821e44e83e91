"""Settings: environment first, then soundproof.toml, then defaults; nonsense is named."""

from pathlib import Path

import pytest

from kb import settings
from kb.errors import SettingsError


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOUNDPROOF_HOME", str(tmp_path / "home"))


def test_without_settings_there_are_defaults(tmp_path: Path) -> None:
    found = settings.load()

    assert found.home == tmp_path / "home"
    assert found.database == f"sqlite:///{tmp_path / 'home' / 'library.sqlite'}"
    assert (found.writer, found.ui_host, found.offline) == ("extractive", "127.0.0.1", False)


def test_a_file_in_the_working_folder_sets_and_the_environment_overrules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "soundproof.toml").write_text('ui_port = 9000\nllm_model = "small"\n')
    monkeypatch.setenv("SOUNDPROOF_UI_PORT", "9001")

    found = settings.load()

    assert (found.ui_port, found.llm_model) == (9001, "small")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SOUNDPROOF_UI_PORT", "0"),
        ("SOUNDPROOF_UI_PORT", "eighty"),
        ("SOUNDPROOF_WRITER", "poet"),
        ("SOUNDPROOF_THREADS", "-1"),
        ("SOUNDPROOF_LLM_TIMEOUT", "0"),
        ("SOUNDPROOF_OFFLINE", "perhaps"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError) as refusal:
        settings.load()
    assert variable.removeprefix("SOUNDPROOF_").lower() in str(refusal.value)
    assert "docs/settings.md" in refusal.value.hint


@pytest.mark.parametrize("text", ["colour = 3\n", "ui_port = \n", "ui_port = 'x"])
def test_a_file_that_makes_no_sense_is_a_clear_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "soundproof.toml").write_text(text)

    with pytest.raises(SettingsError, match=r"A setting (?:makes no sense|cannot be read)"):
        settings.load()


def test_a_list_that_is_no_json_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDPROOF_FETCH_ALLOW", "127.0.0.1:80")

    with pytest.raises(SettingsError, match="fetch_allow") as refusal:
        settings.load()
    assert "Lists are JSON" in refusal.value.hint


def test_a_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDPROOF_LLM_API_KEY", "sesame")

    found = settings.load()

    assert "sesame" not in f"{found} {found!r} {found.model_dump_json()}"
    assert found.llm_api_key.get_secret_value() == "sesame"


def test_addresses_to_allow_are_a_json_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDPROOF_FETCH_ALLOW", '["127.0.0.1:8000"]')

    assert settings.load().fetch_allow == ("127.0.0.1:8000",)
