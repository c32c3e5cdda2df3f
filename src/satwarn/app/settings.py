"""How one drill is run: what a person chose on the command line, checked."""

from dataclasses import dataclass, field
from pathlib import Path as File

from satwarn.drill.scenario import Scenario
from satwarn.errors import BadScenario
from satwarn.ledger.receipt import Path

FILES = {"ledger": "ledger.db", "report": "report.json", "page": "report.html", "receipts": "receipts.csv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillSettings:
    """Paths that are open for warnings, how fast the wide band is, the share of copies lost on every path, the seed of
    chance, and the pace.

    `faults` are broken devices, each NAME or NAME@CODE; `as_it_happened` adds those of the day the scenario rebuilds.
    `cuts` are paths cut at single sites, each PATH@CODE.
    """

    out: File
    satellite: bool = True
    ground: bool = True
    multicast: bool = False
    bandwidth_bit_s: int = 256_000
    loss: float = 0.0
    seed: int = 1
    real_time: bool = False
    faults: tuple[str, ...] = ()
    as_it_happened: bool = False
    cuts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.loss <= 1:
            raise BadScenario(f"a loss of {self.loss} is no fraction from 0 to 1", where="--loss", fix="--loss 0.2")

    def faults_in(self, scenario: Scenario) -> tuple[str, ...]:
        """Every device fault chosen for a drill of this scenario."""
        return (*self.faults, *(scenario.as_it_happened if self.as_it_happened else ()))

    @property
    def plans_travel(self) -> bool:
        """Whether a path is open that a signed drill plan may take."""
        return self.ground or self.multicast

    @property
    def open_paths(self) -> frozenset[Path]:
        """The paths a warning may take in this drill."""
        chosen = {Path.GNSS: self.satellite, Path.MULTICAST: self.multicast, Path.GROUND: self.ground}
        return frozenset(path for path, is_open in chosen.items() if is_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillFiles:
    """What a drill leaves behind in its folder."""

    out: File
    ledger: File = field(init=False)
    report: File = field(init=False)
    page: File = field(init=False)
    receipts: File = field(init=False)

    def __post_init__(self) -> None:
        for name, file in FILES.items():
            object.__setattr__(self, name, self.out / file)

    def begin(self) -> None:
        """Make the folder and take away what an earlier drill left in it."""
        self.out.mkdir(parents=True, exist_ok=True)
        for file in (self.out / name for name in FILES.values()):
            for leftover in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
                leftover.unlink(missing_ok=True)
