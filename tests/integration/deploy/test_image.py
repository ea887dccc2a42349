"""The image, as far as it can be made without an engine: its steps, run in a folder of their own."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from ports import free_port

ROOT = Path(__file__).resolve().parents[3]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
# Only an engine can do these: they would change this machine.
LEFT_TO_AN_ENGINE = ("useradd ",)
_CONFIG = """
[[sources]]
name = "papers"
kind = "file"
path = "papers"

[[topics]]
id = "bridge"
query = "bridge"

[metrics]
port = {port}
"""


def instructions():
    """Each instruction of the Dockerfile and what it is told."""
    text = re.sub(r"(?m)^#.*\n", "", DOCKERFILE.read_text("utf-8")).replace("\\\n", " ")
    return [tuple(line.split(maxsplit=1)) for line in text.splitlines() if line.strip()]


def told(name):
    """What each instruction of a name is told."""
    return [rest for word, rest in instructions() if word == name]


class Image:
    """What the instructions leave, with every path of the image under `root`."""

    def __init__(self, root):
        self.root = root
        self.env = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(root)}
        self.work = root
        self.user = None

    def at(self, path):
        """Where a path of the image is here."""
        return self.root / path.removeprefix("/") if path.startswith("/") else self.work / path

    def do(self, word, rest):
        """One instruction carried out."""
        match word:
            case "FROM":
                # Each stage begins without what the last one had, but for what is copied out of it.
                shutil.rmtree(self.root / "src", ignore_errors=True)
            case "WORKDIR":
                self.work = self.at(rest)
                self.work.mkdir(parents=True, exist_ok=True)
            case "COPY":
                self._copy(*rest.split())
            case "RUN" if not rest.startswith(LEFT_TO_AN_ENGINE):
                self.run(["/bin/sh", "-euc", rest.replace("/opt/", f"{self.root}/opt/")])
            case "ENV":
                name, _, value = rest.partition("=")
                self.env[name] = value.replace("/opt/", f"{self.root}/opt/").replace("$PATH", "/usr/bin:/bin")
            case "USER":
                self.user = "nobody" if os.geteuid() == 0 else None

    def run(self, words, *, fails=False):
        """What a process said that runs as the image's instructions say."""
        done = subprocess.run(
            words, cwd=self.work, env=self.env, user=self.user, capture_output=True, text=True, timeout=300
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def _copy(self, *words):
        *sources, target = words
        if sources[0].startswith("--from="):
            assert self.at(sources[1]).exists()
            return
        for source in sources:
            place = self.at(target) / (source.rpartition("/")[2] if target.endswith("/") else "")
            if (ROOT / source).is_dir():
                left_out = shutil.ignore_patterns("__pycache__", "*.egg-info")
                shutil.copytree(ROOT / source, place, ignore=left_out)
            else:
                shutil.copy(ROOT / source, place)


@contextmanager
def readable_by_others(folder):
    """Root's own Python may be in a folder of root's, through which nobody else can go."""
    shut = {parent: parent.stat().st_mode for parent in folder.parents} if os.geteuid() == 0 else {}
    for parent, mode in shut.items():
        parent.chmod(mode | 0o011)
    yield
    for parent, mode in shut.items():
        parent.chmod(mode)


@pytest.fixture(scope="module")
def image():
    """The image's last stage, for a user who owns nothing but the home."""
    base = Path(sys.base_prefix).resolve()
    with readable_by_others(base), TemporaryDirectory(prefix="tocsin-image-") as folder:
        Path(folder).chmod(0o755)
        image = Image(Path(folder))
        for word, rest in instructions():
            image.do(word, rest)
        (image.work / "papers").mkdir()
        for each in (image.work, image.work / "papers"):
            shutil.chown(each, user=image.user or os.geteuid())
        yield image


def test_hadolint_finds_no_fault(run):
    """The linter of Dockerfiles has nothing to say, warnings included."""
    checked = run("hadolint", "--no-color", DOCKERFILE)
    assert (checked.returncode, checked.stdout) == (0, "")


def test_nothing_is_copied_that_the_context_leaves_out():
    """The context holds what the Dockerfile copies, and nothing else."""
    lines = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = [rest.split()[:-1] for rest in told("COPY") if not rest.startswith("--from")]
    assert {source for sources in copied for source in sources} == let_in
    assert "*" in lines


def test_the_image_has_the_versions_of_the_lock_file():
    """What is tested is what is shipped: each pin, with its hashes, is in the development lock file."""
    pins = re.compile(r"(?ms)^([\w.-]+==[^ \\]+)(.*?)(?=^[\w.-]+==|\Z)")
    hashes = re.compile(r"sha256:\w+")
    locked, shipped = (
        {name: set(hashes.findall(rest)) for name, rest in pins.findall((ROOT / file).read_text("utf-8"))}
        for file in ("requirements.lock", "deploy/requirements.lock")
    )
    assert len(shipped) > 50
    assert {name for name in shipped if shipped[name] != locked.get(name)} == set()
    assert not any(name.startswith(("pytest==", "ruff==", "mypy==")) for name in shipped)


def test_the_command_works_for_a_user_without_rights(image):
    """The entry point is the program, and the default command one that it has."""
    (entry,) = json.loads(*told("ENTRYPOINT"))
    command, *_ = json.loads(*told("CMD"))
    assert told("USER") == ["10001:10001"]
    assert f"Usage: {entry} {command}" in image.run([entry, command, "--help"])


def test_the_health_check_tells_a_healthy_process_from_none(image):
    """It fails while nothing runs, and not while `tocsin run` does."""
    (check,) = told("HEALTHCHECK")
    port = free_port()
    words = json.loads(check.partition(" CMD ")[2].replace(told("EXPOSE")[0], str(port)))
    image.run(words, fails=True)
    config = image.work / "tocsin.toml"
    config.write_text(_CONFIG.format(port=port), "utf-8")
    command = ["tocsin", "run", "--config", str(config)]
    job = subprocess.Popen(command, cwd=image.work, env=image.env, user=image.user, stderr=subprocess.DEVNULL)
    try:
        for _ in range(60):
            time.sleep(0.5)
            if subprocess.run(words, env=image.env, capture_output=True).returncode == 0:
                break
        image.run(words)
    finally:
        job.terminate()
        assert job.wait(timeout=30) == 0
