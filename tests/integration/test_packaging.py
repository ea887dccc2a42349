"""What is installed holds everything that the program reads."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {
    "schemas": "schemas",
    "connectors": "connectors",
    "pipelines": "pipelines",
    "tests/corpus/newsday": "pipelines/cli/newsday",
}
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.egg-info")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> frozenset[str]:
    """The names of the files in a wheel, built from a copy so that the tree stays clean."""
    copy = tmp_path_factory.mktemp("tree")
    for folder in PACKAGES:
        shutil.copytree(ROOT / folder, copy / folder, ignore=LEFT_OUT)
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, copy / name)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", copy / "dist", copy], check=True)
    (path,) = (copy / "dist").iterdir()
    return frozenset(zipfile.ZipFile(path).namelist())


def test_the_wheel_holds_the_whole_tree(wheel):
    """Every file of the packages, and of the news day under the name that the demo imports it by."""
    expected = {
        f"{package}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, package in PACKAGES.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected - wheel == set()


def test_the_wheel_holds_the_licences(wheel):
    """The licence and the attributions go where the code goes."""
    names = {Path(name).name for name in wheel if ".dist-info/licenses/" in name}
    assert names == {"LICENSE", "NOTICE"}
