"""How this process is doing."""

from __future__ import annotations

import gc
import os
import resource
import sys
from typing import Any


def measured() -> dict[str, Any]:
    """Figures for the server's metrics."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "rss_bytes": resident_bytes(),
        "cpu_secs": usage.ru_utime + usage.ru_stime,
        "modules": sum(1 for name in sys.modules if name.startswith("bokeh_app_")),
        "gc_collections": sum(generation["collections"] for generation in gc.get_stats()),
    }


def imported_files() -> list[str]:
    """The files of Python modules that are not installed ones: those that a developer edits."""
    paths = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    return sorted(path for path in paths if path and os.path.isfile(path) and not is_installed(path))


def is_installed(path: str) -> bool:
    return "site-packages" in path or path.startswith((sys.base_prefix + os.sep + "lib", sys.prefix + os.sep + "lib"))


def resident_bytes() -> int:
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        # The highest so far, which macOS counts in bytes.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
