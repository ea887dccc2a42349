"""The graph on a real Flink: the same exports as embedded, whatever is killed on the way."""

from flink import eventually

from pipelines.ledger.database import open_ledger
from schemas.codec import encode

_HALF = 30


def _judged(stream):
    with open_ledger(stream.ledger) as ledger:
        return sum(1 for _ in ledger.reading.judgements())


def _everything_judged(stream, embedded):
    return lambda: _judged(stream) >= len(embedded["claims"])


def test_a_killed_task_manager_costs_nothing(stream, stack, flink, pages, embedded, exported):
    """Killed half way, with another standing by: exports as of an embedded run, no worker left behind."""
    stream.submit()
    stream.produce(*map(encode, pages[:_HALF]))
    eventually(lambda: _judged(stream))
    workers = stack.workers()
    stack("kill", flink.task_manager(stream.job))
    stream.produce(*map(encode, pages[_HALF:]))
    eventually(_everything_judged(stream, embedded))
    assert {what: exported(stream.config, what) for what in embedded} == embedded
    eventually(lambda: not workers & stack.workers())
    stack("up", "flink", 2)


def test_a_cancelled_job_resumes_from_its_checkpoint(stream, flink, pages, embedded, exported):
    """Cancelled and begun again at its checkpoint, it has read every page; what is no page is a failure."""
    stream.submit()
    stream.produce(b"poison", b'{"schema":"page/9"}', None, *map(encode, pages[:_HALF]))
    eventually(lambda: _judged(stream))
    checkpoint = flink.checkpoint(stream.job)
    flink.cancel(stream.job)
    stream.produce(*map(encode, pages[_HALF:]))
    stream.submit(f"--savepoint_path={checkpoint}")
    eventually(_everything_judged(stream, embedded))
    assert {what: exported(stream.config, what) for what in embedded} == embedded
    failures = [each for each in exported(stream.config, "failures") if each["stage"] == "intake"]
    assert sorted(each["record"] for each in failures) == sorted(["", "poison", '{"schema":"page/9"}'])


def test_every_record_is_accounted_for_in_flink_s_own_metrics(stream, flink, pages, embedded):
    """In every stage in = emitted + dropped + failed, and what one stage puts out the next takes in."""
    stream.submit()
    stream.produce(b"poison", *map(encode, pages))
    eventually(_everything_judged(stream, embedded))
    stages = eventually(lambda: _settled(flink.stages(stream.job), len(pages) + 1))
    entered = len(pages) + 1
    for stage in ("intake", "extract", "tag", "save", "claim", "match", "judge"):
        counts = stages[stage]
        assert counts["in"] == entered
        left = {outcome: count for outcome, count in counts.items() if outcome not in ("in", "out")}
        assert sum(left.values()) == entered
        entered = counts["out"]
    assert entered == len(embedded["alerts"])


def _settled(stages, entered):
    """The stages once Flink has been told of every record."""
    judged = stages.get("judge", {})
    whole = stages.get("intake", {}).get("in") == entered and "in" in judged
    return stages if whole and judged["in"] == stages["match"]["out"] else None
