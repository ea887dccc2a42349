"""The news day: an invented affair, told by invented outlets over four days, for the demo and the tests."""

from .load import load_newsday
from .serve import NewsDayServer
from .site import NewsDay, Response

__all__ = ["NewsDay", "NewsDayServer", "Response", "load_newsday"]
