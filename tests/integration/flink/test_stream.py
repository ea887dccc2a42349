"""The graph on a real Flink: the same exports as embedded, whatever is killed on the way."""

import pytest
from flink_stack import eventually

from pipelines.ledger.database import open_ledger

_HALF = 30


def _judged(stream):
    with open_ledger(stream.ledger) as ledger:
        return sum(1 for _ in ledger.reading.judgements())


def _everything_judged(stream, embedded):
    return lambda: _judged(stream) >= len(embedded["claims"])


def test_a_killed_task_manager_costs_nothing(stream, stack, flink, pages, embedded, exported):
    """Killed half way, with another standing by: exports as of an embedded run, no worker left behind."""
    stream.job.submit()
    stream.produce(pages[:_HALF])
    eventually(lambda: _judged(stream))
    workers = stack.workers()
    stack("kill", flink.task_manager(stream.job.id))
    stream.produce(pages[_HALF:])
    eventually(_everything_judged(stream, embedded))
    assert {what: exported(stream.config, what) for what in embedded} == embedded
    eventually(lambda: not workers & stack.workers())
    stack("up", "flink", 2)


def test_a_cancelled_job_resumes_from_its_checkpoint(stream, flink, pages, embedded, exported):
    """Cancelled and begun again at its checkpoint, it has read every page; what is no page is a failure."""
    stream.job.submit()
    stream.poison(b"poison", b'{"schema":"page/9"}', None)
    stream.produce(pages[:_HALF])
    eventually(lambda: _judged(stream))
    checkpoint = flink.checkpoint(stream.job.id)
    stream.job.cancel()
    stream.produce(pages[_HALF:])
    stream.job.submit(f"--savepoint_path={checkpoint}")
    eventually(_everything_judged(stream, embedded))
    assert {what: exported(stream.config, what) for what in embedded} == embedded
    failures = [each for each in exported(stream.config, "failures") if each["stage"] == "intake"]
    assert {each["reason"] for each in failures} == {"malformed"}
    assert {each["record"] for each in failures} >= {"poison", '{"schema":"page/9"}'}
    assert len(failures) == 3


@pytest.mark.parametrize("resume", ["checkpoint", "anew"])
def test_a_job_outlives_its_job_manager(stream, stack, flink, pages, embedded, exported, resume):
    """Gone with a killed job manager, submitted from its last checkpoint or anew, it has read every page."""
    stream.job.submit()
    stream.produce(pages[:_HALF])
    eventually(lambda: _judged(stream))
    flink.checkpoint(stream.job.id)
    stack("kill", "jm")
    stream.produce(pages[_HALF:])
    stack("up", "flink", 2)
    assert stream.job.id not in flink.jobs()
    checkpoint = stack.checkpoint(stream.job.id)
    stream.job.submit(*([f"--savepoint_path={checkpoint}"] if resume == "checkpoint" else []))
    eventually(_everything_judged(stream, embedded))
    assert {what: exported(stream.config, what) for what in embedded} == embedded


def test_every_record_is_accounted_for_in_flink_s_own_metrics(stream, flink, pages, embedded):
    """In every stage in = emitted + dropped + failed, and what one stage puts out the next takes in."""
    stream.job.submit()
    stream.poison(b"poison")
    stream.produce(pages)
    eventually(_everything_judged(stream, embedded))
    stages = eventually(lambda: _settled(flink, stream.job.id, len(pages) + 1))
    entered = len(pages) + 1
    for stage in ("intake", "extract", "tag", "save", "match", "claim", "judge"):
        counts = stages[stage]
        assert counts["in"] == entered
        left = {outcome: count for outcome, count in counts.items() if outcome not in ("in", "out")}
        assert sum(left.values()) == entered
        entered = counts["out"]
    assert entered == len(embedded["alerts"])


def _settled(flink, job, entered):
    """The stages once Flink has been told of every record, and not in the middle of being told."""
    stages = flink.stages(job)
    if stages.get("intake", {}).get("in") != entered or "judge" not in stages:
        return None
    through = stages["judge"]["in"] == stages["claim"]["out"]
    return stages if through and stages == flink.stages(job) else None
