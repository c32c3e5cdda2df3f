"""Everything wrong that a tired person writes into site.toml is refused by name, before anything depends on it."""

from pathlib import Path

import pytest

from satwarn.app.receiver_check import findings
from satwarn.app.receiver_settings import KEYS, read
from satwarn.app.receiver_values import ADDRESSES, CHECKS
from satwarn.errors import BadSetting

SITE = '[site]\ncode = "31202"\nfolder = "{folder}/state"\n'
WRONG = (
    ("[[air]]\nkind = 'tcp'\naddress = 'localhost'", "air.address"),
    ("[[air]]\nkind = 'gpsd'\naddress = 'localhost:99999'", "air.address"),
    ("[[air]]\nkind = 'gpsd'\naddress = ''", "air.address"),
    ("[[air]]\nkind = 'tty'\naddress = '/dev/ttyACM0'\nspeed = 12345", "air.speed"),
    ("[[air]]\nkind = 'file'\naddress = \"a\\u0000b\"", "air.address"),
    ("[[output]]\nname = 'm'\nkind = 'mail'\naddress = 'localhost:smtp'", "output.address"),
    ("[[output]]\nname = 'm'\nkind = 'mail'\nimap = 'localhost'", "output.imap"),
    ("[[output]]\nname = 'm'\nkind = 'http'\naddress = 'file:///etc/passwd'", "output.address"),
    ("[[output]]\nname = 'm'\nkind = 'http'\naddress = 'http://[::1'", "output.address"),
    ("[[output]]\nname = '../m'\nkind = 'screen'", "output.name"),
    ("[[output]]\nname = ''\nkind = 'screen'", "output.name"),
    ("[[output]]\nname = 'm'\nkind = 'speaker'\nbuffer_ms = 0", "output.buffer_ms"),
    ("[[output]]\nname = 'm'\nkind = 'speaker'\npre_start_s = -5.0", "output.pre_start_s"),
    ("[[output]]\nname = 'm'\nkind = 'speaker'\ntone_hz = nan", "output.tone_hz"),
    ("[[output]]\nname = 'm'\nkind = 'modbus'\naddress = 'x:502'\ncoil = 65536", "output.coil"),
    ("[[input]]\nname = 'a'\nkind = 'http'\naddress = 'ftp://x'", "input.address"),
    ("[[input]]\nname = 'a'\nkind = 'modbus'\naddress = 'x'\n" * 2, "input.name"),
    ("[ups]\naddress = 'localhost'", "ups.address"),
    ("[self_test]\nat = '25:99'", "self_test.at"),
    ("[self_test]\nat = '3:30'", "self_test.at"),
    ("[status]\naddress = '127.0.0.1:99999'", "status.address"),
    ("[ground]\naddress = 'https://hub'", "ground.address"),
    ("[multicast]\naddress = '239.1.1.1:4011'\nsilence_minutes = 99999999999999", "multicast.silence_minutes"),
)
WRONG_SITES = (
    ("latitude = 133.4\nlongitude = 35.4", "site.latitude"),  # the wrong way round
    ("latitude = nan\nlongitude = 35.4", "site.latitude"),
    ("margin_km = -5.0", "site.margin_km"),
    ("margin_km = inf", "site.margin_km"),
    ("languages = []", "site.languages"),
)


@pytest.mark.parametrize(
    ("more", "where"),
    [*((f"{SITE}{more}", where) for more, where in WRONG), *((f"{SITE}{more}", where) for more, where in WRONG_SITES)],
)
def test_it_is_refused_and_named(more: str, where: str, tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(more.replace("{folder}", str(tmp_path)))
    with pytest.raises(BadSetting) as wrong:
        read(file)
    assert where in wrong.value.where
    assert wrong.value.fix


def test_a_mark_that_an_editor_of_windows_puts_before_it_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text("\ufeff" + SITE.replace("{folder}", str(tmp_path)), encoding="utf-8")
    assert read(file).site.code == "31202"


def test_every_check_is_of_a_key_that_there_is_and_every_default_passes() -> None:
    keys = {(key.table, key.name): key for key in KEYS}
    assert not CHECKS.keys() - keys.keys()
    assert not ADDRESSES.keys() - {(table, kind) for table, kind in ADDRESSES if (table, "kind") in keys}
    for named, check in CHECKS.items():
        if keys[named].default is not None:
            assert check(keys[named].default) == ""


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ("[ground]\naddress = 'wss://hub:1'\ncertificate = 'lost.pem'", "ground.certificate"),
        ("[[output]]\nname = 's'\nkind = 'speaker'\nrecording = 'lost.wav'", "output s"),
        ("", "site.folder"),
    ],
)
def test_files_and_folders_that_cannot_be_used_are_found_before_it_runs(more: str, where: str, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    file = tmp_path / "site.toml"
    file.write_text(SITE.replace("{folder}", str(tmp_path) if more else f"{tmp_path}/taken") + more)
    found = findings(read(file), reach=False)
    assert any(one.level == "error" and "cannot be" in one.what for one in found if one.where == where)


def test_a_site_that_says_it_stands_far_from_its_own_place_is_a_contradiction(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(SITE.replace("{folder}", str(tmp_path)) + "latitude = 35.68\nlongitude = 139.77\n")
    (found,) = (one for one in findings(read(file), reach=False) if one.where == "site.latitude")
    assert found.level == "warning"
    assert "km from" in found.what
