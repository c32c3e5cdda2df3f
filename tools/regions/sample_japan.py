"""Ask `reversejp` which municipality lies at each point of a 0.01 degree grid over Japan; write what it says.

Runs in the throwaway environment that `build` makes. Two grids: 0.05 degrees over everything, then 0.01 degrees (about
1 km) around every point that was land, around every prefecture shape and in boxes where small islands are known to be
missed; 0.002 degrees in the boxes only. One row a point: step in degrees, row and column (the point is their product
with the step, south-west origin 0, 0), five-digit JIS code.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import reversejp
import shapely
from shapely.geometry import shape

COARSE, FINE, ISLAND = 0.05, 0.01, 0.002
JAPAN = (24.0, 45.7, 122.8, 146.0)  # south, north, west, east
ISLAND_BOXES = (  # centre latitude, longitude of islands that a kilometre grid may miss
    (34.52, 139.28), (34.21, 139.15), (33.88, 139.60), (33.10, 139.80), (32.46, 139.77), (27.08, 142.20),
    (26.37, 127.14), (26.58, 127.23), (25.94, 131.30), (25.83, 131.23), (26.36, 126.75), (24.34, 124.15),
    (30.80, 130.30), (29.85, 129.85), (33.42, 129.43), (36.72, 137.31), (36.46, 136.54), (34.59, 135.77),
)  # fmt: skip

Cell = tuple[float, int, int]


def coarse() -> Iterator[Cell]:
    south, north, west, east = (round(edge / COARSE) for edge in JAPAN)
    return ((COARSE, row, column) for row in range(south, north) for column in range(west, east))


def ask(cells: Iterable[Cell]) -> list[tuple[float, int, int, str]]:
    found = []
    for step, row, column in cells:
        for said in reversejp.find_properties(column * step, row * step):
            if len(said.code) == 7:
                found.append((step, row, column, said.code[:5]))
    return found


def ask_all(cells: Iterable[Cell]) -> list[tuple[float, int, int, str]]:
    cells = list(cells)
    parts = [cells[start : start + 5000] for start in range(0, len(cells), 5000)]
    with ProcessPoolExecutor(2) as pool:
        return [row for part in pool.map(ask, parts) for row in part]


def around_land(hits: list[tuple[float, int, int, str]], shapes: Path) -> list[Cell]:
    ratio = round(COARSE / FINE)
    wanted = {(row + dr, column + dc) for _, row, column, _ in hits for dr in (-1, 0, 1) for dc in (-1, 0, 1)}
    for file in sorted(shapes.glob("JP-*.json")):
        land = shape(json.loads(file.read_text())["geometry"]).buffer(COARSE / 2)
        west, south, east, north = (round(edge / COARSE) for edge in land.bounds)
        rows, columns = np.mgrid[south - 1 : north + 2, west - 1 : east + 2]
        near = shapely.contains_xy(land, columns * COARSE, rows * COARSE)
        wanted |= set(zip(rows[near].tolist(), columns[near].tolist(), strict=True))
    fine = {(row * ratio + i, column * ratio + j) for row, column in wanted for i in range(-2, 3) for j in range(-2, 3)}
    return [(FINE, row, column) for row, column in sorted(fine)]


def in_boxes() -> list[Cell]:
    half = round(0.08 / ISLAND)
    points = {
        (round(latitude / ISLAND) + i, round(longitude / ISLAND) + j)
        for latitude, longitude in ISLAND_BOXES
        for i in range(-half, half + 1)
        for j in range(-half, half + 1)
    }
    return [(ISLAND, row, column) for row, column in sorted(points)]


def main(shapes: Path, out: Path) -> None:
    found = ask_all(coarse())
    print(f"{len(found)} points of {COARSE} degrees on land", file=sys.stderr)
    found += ask_all(around_land(found, shapes))
    found += ask_all(in_boxes())
    print(f"{len(found)} points on land, {len({code for *_, code in found})} codes", file=sys.stderr)
    with out.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("step_deg", "row", "column", "jisx0402"))
        writer.writerows(found)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
