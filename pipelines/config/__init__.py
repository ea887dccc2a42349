"""The configuration: one TOML file, read and validated once.

`sections` says what the file may hold, `load` reads it, `parse` checks it and makes a `Config` of it.
"""

from pipelines.config.load import load_config, parse_config
from pipelines.config.records import (
    Config,
    MetricsSettings,
    SinkConfig,
    SourceConfig,
)

__all__ = [
    "Config",
    "MetricsSettings",
    "SinkConfig",
    "SourceConfig",
    "load_config",
    "parse_config",
]
