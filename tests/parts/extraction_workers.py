"""The processes that read pages, seen from outside."""

import os
from pathlib import Path


def workers_of(limits, parent=None):
    """The ids of the live workers with these limits, of this process unless another is named."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            state, parent_id = (process / "stat").read_text().rpartition(")")[2].split()[:2]
            words = (process / "cmdline").read_text().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        of_limits = str(limits.memory_bytes) in words and state != "Z"
        if of_limits and int(parent_id) == (parent or os.getpid()):
            found.add(int(process.name))
    return found


def resident_bytes(process):
    """How much memory the process holds."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
