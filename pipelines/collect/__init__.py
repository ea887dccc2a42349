"""Looks at the sources and fetches what they announce; all that is learnt is in the intake."""

from pipelines.collect.fetching import Fetcher
from pipelines.collect.polling import Poller, open_sources

__all__ = ["Fetcher", "Poller", "open_sources"]
