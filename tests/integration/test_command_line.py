"""What holds for every command: help to copy from, errors of one line, quiet terminals, helpful shells."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOCSIN = Path(sys.executable).with_name("tocsin")
COMMANDS = ("demo", "init", "check", "run", "explain", "alerts", "story", "export", "replay", "schemas")
ESCAPE = "\x1b"
COLOUR = re.compile(r"\x1b\[(\d+;)*3\d")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_how_to_call_it(within, command):
    """The help of every command says what it does and gives a call to copy, of a command that there is."""
    run = within(command, "--help")
    assert (run.returncode, run.stderr) == (0, "")
    calls = re.findall(r"^ +tocsin (\w+)", run.stdout.partition("For example:")[2], re.MULTILINE)
    assert command in calls
    assert set(calls) <= set(COMMANDS)
    assert ESCAPE not in run.stdout


def test_bare_command_teaches_where_to_start(within):
    """Without arguments every command is listed, and the first ones to try."""
    run = within()
    assert run.returncode == 2
    assert all(re.search(rf"^│ {command} ", run.stdout, re.MULTILINE) for command in COMMANDS)
    assert "Start with tocsin demo" in run.stdout
    assert "error" not in run.stderr


WRONG = {
    "unknown command": (["exprt"], 2, "export"),
    "unknown option": (["export", "claims", "--formt", "csv"], 2, "--format"),
    "unknown choice": (["export", "everything"], 2, "'claims'"),
    "missing argument": (["story"], 2, "claim"),
    "wrong number": (["alerts", "-n", "0"], 2, "1"),
    "no configuration": (["run", "--once", "-c", "none.toml"], 2, "tocsin init"),
    "wrong day": (["export", "claims", "--since", "yesterday"], 2, "2026-03-09"),
    "unknown topic": (["export", "claims", "--topic", "bride"], 2, 'did you mean "bridge"?'),
    "topic of failures": (["export", "failures", "--topic", "bridge"], 2, "leave out --topic"),
    "unknown claim": (["story", "00000000"], 2, "tocsin alerts"),
    "unknown schema": (["schemas", "alert"], 2, "`tocsin schemas`"),
    "no page": (["explain", "none.html"], 2, "https://"),
    "private page": (["explain", "http://10.0.0.1/"], 1, "[http] allow"),
    "page without words": (["explain", "blank.html"], 1, "blank.html"),
    "unwritable place": (["init", "tocsin.toml/x.toml"], 2, "name another place"),
    "ledger that is none": (["export", "claims", "-c", "text.toml"], 3, "move the file away"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_line_and_a_hint(desk, within, monkeypatch, case):
    """An expected error is an `error:` and at most a `hint:`, no traceback, with the documented exit code."""
    monkeypatch.chdir(desk)
    (desk / "blank.html").write_text("<html><body></body></html>")
    (desk / "text.toml").write_text('[tocsin]\nledger = "sqlite:///tocsin.toml"\n')
    words, code, help_ = WRONG[case]
    run = within(*words)
    assert (run.returncode, run.stdout) == (code, "")
    error, *hint = run.stderr.splitlines()
    assert error.startswith("error: ")
    assert all(line.startswith("hint: ") for line in hint)
    assert len(hint) <= 1
    assert help_ in run.stderr


def test_verbose_shows_the_traceback(desk, within, monkeypatch):
    """With --verbose the traceback comes before the same error, with the same exit code."""
    monkeypatch.chdir(desk)
    plain, verbose = within("story", "0"), within("--verbose", "story", "0")
    assert verbose.returncode == plain.returncode == 2
    assert verbose.stderr.startswith("Traceback (most recent call last):\n")
    assert verbose.stderr.endswith(plain.stderr)


def test_no_text_commands_the_terminal(desk, tocsin, within):
    """Escape codes that a document brings along reach no terminal, whichever command shows it."""
    hostile = "\x1b]0;owned\x07The Veldar \x1b[2Jbridge fell on Monday, \x9b31mpolice said. [/bold]"
    document = {"url": "https://a.example/\x1b[31m", "title": hostile, "text": hostile, "publisher": hostile}
    (desk / "papers" / "one.txt").unlink()
    (desk / "papers" / "one.ndjson").write_text(json.dumps(document) + "\n{}\n", "utf-8")
    (desk / "page.txt").write_text(hostile, "utf-8")
    config = desk / "tocsin.toml"
    shown = [tocsin("run", "--once", "-c", config)]
    (claim,) = within("export", "claims", "-c", config).stdout.splitlines()
    shown += [
        within("alerts", "-c", config),
        within("story", json.loads(claim)["claim"]["id"], "-c", config),
        within("explain", desk / "page.txt", "-c", config),
        within("check", "-c", config),
    ]
    for run in shown:
        assert run.returncode == 0
        assert set(run.stdout + run.stderr).isdisjoint("\x1b\x07\x9b")
    assert all("bridge fell on Monday" in run.stdout for run in shown[:-1])


def test_colour_is_for_terminals_that_want_it():
    """Colours on a terminal, none of them under NO_COLOR, and none where the output goes elsewhere."""
    assert COLOUR.search(on_a_terminal("schemas", "none"))
    assert not COLOUR.search(on_a_terminal("schemas", "none", NO_COLOR="1"))


def on_a_terminal(*words, **environment):
    """What a command that says little tells on a terminal of its own."""
    ours, its = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color"} | environment
    try:
        subprocess.run([TOCSIN, *words], stdin=its, stdout=its, stderr=its, env=environment, timeout=60)
        return os.read(ours, 4096).decode()
    finally:
        os.close(its)
        os.close(ours)


def test_a_reader_that_leaves_early_is_no_error(newsday):
    """`tocsin export … | head` ends without a traceback."""
    command = f"{TOCSIN} export claims -c {newsday / 'tocsin.toml'} | head -n 1"
    run = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60)
    assert len(run.stdout.splitlines()) == 1
    assert run.stderr == ""


def test_the_shell_completes_commands_and_options(tocsin):
    """The script for a shell is there to be installed, and what it asks for is answered."""
    assert "complete -o default -F _tocsin_completion tocsin" in tocsin("--show-completion", "bash").stdout
    asked = {"_TOCSIN_COMPLETE": "complete_bash", "COMP_WORDS": "tocsin ex", "COMP_CWORD": "1"}
    assert tocsin(env=asked).stdout.split() == ["explain", "export"]
