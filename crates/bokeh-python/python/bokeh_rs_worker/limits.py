"""How much of the machine a process may take."""

from __future__ import annotations

import resource


def limit_process(memory_bytes: int | None, cpu_secs: int | None) -> None:
    """Lets this process take so much memory beyond what it has, and so much time of a processor in all. Python raises
    `MemoryError` at the former; the system ends the process at the latter."""
    if memory_bytes is not None:
        most = data_bytes() + memory_bytes
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    if cpu_secs is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_secs, cpu_secs + 1))


def data_bytes() -> int:
    """What the process has of the memory that is limited."""
    try:
        with open("/proc/self/status") as file:
            fields = dict(line.split(":", 1) for line in file)
        return int(fields["VmData"].split()[0]) << 10
    except (OSError, KeyError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
