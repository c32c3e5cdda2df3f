"""Print every topic's rows; a topic is a module here with `run() -> list[Row]`."""

import importlib
import logging
import pkgutil
import sys

import bench
from bench.row import Row


def main(topics: list[str]) -> None:
    """Run the topics named, or all."""
    every = sorted(
        module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in ("__main__", "row")
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for each of its questions hides the rows
    for topic in topics or every:
        rows: list[Row] = importlib.import_module(f"bench.{topic}").run()
        for row in rows:
            print(f"{topic:10} {row.what:66} {row.ours:>14} {row.anchor:>34} {row.ratio:>8} {row.aim}")


if __name__ == "__main__":
    main(sys.argv[1:])
