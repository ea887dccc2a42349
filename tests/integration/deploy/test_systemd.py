"""The systemd units, by systemd's own verifier."""

import sys
from pathlib import Path

import pytest

UNITS = ("tocsin.service", "tocsin@.service")
_MOST_EXPOSED = 20  # of 100, as `systemd-analyze security` counts; what systemd calls OK ends at 49


@pytest.fixture(scope="module", params=UNITS)
def unit(request, deploy, tmp_path_factory):
    """A unit that starts the program of this environment, for the verifier looks whether it is there."""
    text = (deploy / "systemd" / request.param).read_text("utf-8")
    tocsin = Path(sys.executable).with_name("tocsin")
    assert text.count("/opt/tocsin/bin/tocsin ") == 1
    path = tmp_path_factory.mktemp("units") / request.param
    path.write_text(text.replace("/opt/tocsin/bin/tocsin ", f"{tocsin} "), "utf-8")
    return path


def test_systemd_finds_no_fault(unit, run):
    """Every key and value is known, and the program is there."""
    checked = run("systemd-analyze", "verify", "--man=no", unit)
    assert (checked.returncode, checked.stdout) == (0, "")


def test_a_unit_has_few_rights(unit, run):
    """By systemd's own measure of exposure."""
    words = ("security", "--offline=yes", f"--threshold={_MOST_EXPOSED}", "--no-pager", unit)
    checked = run("systemd-analyze", *words)
    assert checked.returncode == 0, checked.stdout
