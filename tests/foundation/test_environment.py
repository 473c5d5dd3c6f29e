"""The readers of environment variables: what is meant is read, what cannot be meant stops."""

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.config import environment as env
from simpul.config.environment import BadSetting


@pytest.mark.parametrize("word", ["1", "true", "TRUE", "yes", "ya", " Ya "])
def test_yes_is_read_in_both_languages(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMPUL_X", word)
    assert env.read_bool("SIMPUL_X", False) is True


@pytest.mark.parametrize("word", ["0", "false", "no", "tidak", "", "  "])
def test_no_is_read_in_both_languages(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMPUL_X", word)
    assert env.read_bool("SIMPUL_X", True) is False


@pytest.mark.parametrize("default", [True, False])
def test_nothing_set_means_the_default(default: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIMPUL_X", raising=False)
    assert env.read_bool("SIMPUL_X", default) is default
    assert env.read_int("SIMPUL_X", 7) == 7
    assert env.read_choice("SIMPUL_X", "hub", ("facility", "hub")) == "hub"


@pytest.mark.parametrize("word", ["2", "nyala", "on", "-1"])
def test_another_word_for_yes_or_no_stops_with_a_sentence(
    word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMPUL_X", word)
    with pytest.raises(BadSetting, match=r"SIMPUL_X=.*: tulis 1 atau 0"):
        env.read_bool("SIMPUL_X", False)


@given(st.integers(-(10**12), 10**12))
def test_every_whole_number_is_read(number: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIMPUL_X", f" {number} ")
        assert env.read_int("SIMPUL_X", 1) == number


@pytest.mark.parametrize("word", ["6o", "1.5", "enam puluh", "0x10"])
def test_what_is_no_whole_number_stops_with_a_sentence(
    word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMPUL_X", word)
    with pytest.raises(BadSetting, match="tulis bilangan bulat"):
        env.read_int("SIMPUL_X", 1)


def test_an_unknown_choice_stops_and_names_the_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMPUL_X", "puskesmas")
    with pytest.raises(BadSetting, match="facility, hub"):
        env.read_choice("SIMPUL_X", "facility", ("facility", "hub"))


def test_a_bad_setting_ends_the_program_with_its_sentence() -> None:
    """`SystemExit` with a text prints it and exits with status 1, without a traceback."""
    assert issubclass(BadSetting, SystemExit)
    assert BadSetting("kalimat").code == "kalimat"


def test_the_data_folder_is_made_for_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = tmp_path / "baru" / "data"
    monkeypatch.setenv("SIMPUL_DATA", str(wanted))
    assert env.data_folder() == wanted
    assert stat.S_IMODE(wanted.stat().st_mode) == 0o700


def test_a_data_folder_that_cannot_be_made_stops_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "berkas").write_text("ini bukan folder")
    monkeypatch.setenv("SIMPUL_DATA", str(tmp_path / "berkas" / "data"))
    with pytest.raises(BadSetting, match="folder tidak dapat dibuat"):
        env.data_folder()


def test_the_secret_is_made_once_and_readable_by_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMPUL_SECRET_KEY", raising=False)
    secret = env.secret_key(tmp_path)
    assert len(secret) >= 50
    assert env.secret_key(tmp_path) == secret
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert env.secret_key(tmp_path) != env.secret_key(_folder(tmp_path / "lain"))


def test_two_first_starts_at_once_agree_on_one_whole_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server and a command may both be the first; neither may see a half-written file."""
    monkeypatch.delenv("SIMPUL_SECRET_KEY", raising=False)
    begin = threading.Barrier(16)

    def start(_number: int) -> str:
        begin.wait()
        return env.secret_key(tmp_path)

    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(start, range(16)))
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 50
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_a_given_secret_is_used_and_not_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMPUL_SECRET_KEY", "dari-lingkungan")
    assert env.secret_key(tmp_path) == "dari-lingkungan"
    assert not (tmp_path / "secret.key").exists()


def test_without_an_address_the_database_is_a_durable_file_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMPUL_DATABASE_URL", raising=False)
    found = env.database(tmp_path)
    assert found["NAME"] == str(tmp_path / "simpul.sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in found["OPTIONS"]["init_command"]
    assert "wal_autocheckpoint=0" in found["OPTIONS"]["init_command"]


def test_an_address_of_postgresql_is_taken_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "SIMPUL_DATABASE_URL", "postgresql://s%40impul:sandi%2F1@db.lan:5433/nama?sslmode=require"
    )
    found = env.database(tmp_path)
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"]) == ("s@impul", "sandi/1")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.lan", "5433", "nama")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_folder_may_stand_for_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMPUL_DATABASE_URL", "postgresql:///simpul?host=/var/run/postgresql")
    found = env.database(tmp_path)
    assert found["HOST"] == "/var/run/postgresql"
    assert found["OPTIONS"] == {}


@pytest.mark.parametrize(
    "address",
    ["mysql://a@b/c", "simpul.sqlite3", "postgresql://tuan-rumah", "postgresql://a@b:5432/"],
)
def test_another_address_stops_and_shows_the_shape(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMPUL_DATABASE_URL", address)
    with pytest.raises(BadSetting, match="postgresql://pengguna:sandi@") as stopped:
        env.database(tmp_path)
    assert "sandi%2F1" not in str(stopped.value)


@pytest.mark.parametrize("port", ["lima", "99999"])
def test_a_port_that_is_none_stops_with_the_same_sentence(
    port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMPUL_DATABASE_URL", f"postgresql://a:b@c:{port}/d")
    with pytest.raises(BadSetting, match="postgresql://pengguna:sandi@"):
        env.database(tmp_path)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
