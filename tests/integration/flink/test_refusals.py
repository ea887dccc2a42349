"""A job that cannot be handed over: one clear error, and a hint."""

import pytest

_INTAKE = '\n[intake]\nkind = "kafka"\nreader = "stream"\nbootstrap = "{bootstrap}"\ntopic = "{topic}"\n'
_SHARED = "postgresql+psycopg://tocsin@127.0.0.1:1/tocsin"


@pytest.fixture
def refused(stack, tmp_path, within, config_text):
    """Exit code and error of a job over a ledger and an intake."""

    def refused(ledger, intake, *options):
        path = tmp_path / "tocsin.toml"
        path.write_text(config_text(ledger, intake), "utf-8")
        words = ["detect", "--config", path, "--", *stack.beam_options("refused", *options)]
        run = within(*words)
        return run.returncode, run.stderr

    return refused


def test_a_ledger_in_a_file_is_refused(refused):
    """Workers of a cluster cannot share a file."""
    code, error = refused("sqlite:///tocsin.db", "")
    assert code == 2
    assert "cannot share a ledger in SQLite" in error
    assert "tocsin ledger copy" in error


def test_a_missing_topic_is_named(refused, stack):
    """The topic is looked for before anything is handed over."""
    code, error = refused(_SHARED, _INTAKE.format(bootstrap=stack.broker.bootstrap, topic="nowhere"))
    assert code == 1
    assert 'the topic "nowhere"' in error


def test_a_runner_that_does_not_answer_is_told(refused, stream, stack):
    """Which options to look at."""
    intake = stream.config.read_text("utf-8").rpartition("[intake]")[2]
    code, error = refused(
        _SHARED, f"\n[intake]{intake}", "--job_endpoint=127.0.0.1:1", "--job_server_timeout=2"
    )
    assert code == 1
    assert "check --job_endpoint" in error
    assert "Traceback" not in error
