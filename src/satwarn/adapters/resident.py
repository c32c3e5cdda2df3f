"""What a process holds in memory, as the system tells it."""

from pathlib import Path


def memory_mb(pid: int | str = "self") -> float | None:
    """What a process holds in memory (RSS), where the system tells."""
    try:
        said = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    return next((round(int(line.split()[1]) / 1024, 1) for line in said.splitlines() if line.startswith("VmRSS")), None)
