"""The tally: what people and Prometheus are told."""

from threading import Thread

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.metrics import Tally


def scraped(tally):
    """The records by stage and outcome, as Prometheus reads them."""
    totals = {}
    for family in text_string_to_metric_families(tally.exposition().decode()):
        for sample in family.samples:
            if sample.name == "tocsin_stage_records_total":
                key = sample.labels["stage"], sample.labels["outcome"]
                totals[key] = totals.get(key, 0) + sample.value
    return totals


def test_records_that_pass_are_counted_by_how_they_left():
    """What goes in is emitted, dropped or failed, each with its reason; nothing else appears."""
    tally = Tally()
    tally.passed("fetch", 3, ["address", "address", "unreachable"])
    tally.passed("read", 0)
    tally.count({("match", "in", ""): 2, ("match", "dropped", "no_topic"): 1})
    fetch, match = tally.stages()
    assert (fetch.entered, fetch.emitted, fetch.out) == (6, 3, 3)
    assert fetch.failed == {"address": 2, "unreachable": 1}
    assert (fetch.balanced, match.balanced) == (True, False)
    assert scraped(tally)["fetch", "failed"] == 3


def test_a_scrape_sees_whole_records():
    """However a scrape falls between two outcomes, in = emitted + failed in what it shows."""
    tally = Tally()

    def work():
        for _ in range(2000):
            tally.passed("fetch", 1, ["address"])

    worker = Thread(target=work)
    worker.start()
    looks = 0
    while worker.is_alive() or not looks:
        seen = scraped(tally)
        looks += 1
        assert seen.get(("fetch", "in"), 0) == sum(
            seen.get(("fetch", outcome), 0) for outcome in ("emitted", "failed")
        )
    worker.join()


def samples(tally):
    """Every sample that is not about the process's start, by its name and the values of its labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(tally.exposition().decode())
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def test_a_part_whose_trouble_is_over_is_no_longer_shown():
    """What is in trouble now is shown, and nothing else."""
    tally = Tally()
    tally.in_trouble(["polling", "publishing to desk"])
    tally.in_trouble(["polling"])
    assert {key for key in samples(tally) if key[0] == "tocsin_trouble"} == {("tocsin_trouble", "polling")}


def test_only_a_cycle_that_ends_is_counted():
    """A cycle that breaks off is run again, so its time must not count twice."""
    tally = Tally()
    with tally.cycle():
        pass
    with pytest.raises(OSError, match="gone"), tally.cycle():
        raise OSError("gone")
    assert samples(tally)["tocsin_cycle_seconds_count",] == 1


def test_the_version_and_the_judging_configuration_are_shown():
    """An upgrade of some processes and not of others can be seen."""
    tally = Tally()
    tally.built("1.2.3", "abcdef")
    assert 'tocsin_build_info{config="abcdef",version="1.2.3"} 1.0' in tally.exposition().decode()
