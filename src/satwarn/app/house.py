"""A hub as it is served: the live realm and the sandbox, each under its own name, with its own door."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path as File

from satwarn.adapters import clock
from satwarn.adapters.air.band_sender import BandSettings
from satwarn.adapters.air.flute_process import check_installed
from satwarn.app.public import zone_of
from satwarn.app.realm import Realm, RealmSettings, World
from satwarn.app.sign_in import Door
from satwarn.area import gazetteer
from satwarn.authority.guards import Policy
from satwarn.errors import Missing

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
SANDBOX_HOST = "training.localhost"
SANDBOX_SITES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """What a person chose on the command line. `names` are host names, beside localhost, that this hub answers to."""

    port: int = 8080
    data: File = File("satwarn-data")
    host: str = "127.0.0.1"
    with_sites: str = ""
    sender: str = "hub@satwarn.example"
    zone: str = "Asia/Tokyo"
    names: tuple[str, ...] = ()
    demo: bool = False
    band: BandSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One realm and its door; `origin` is what a browser sees of it."""

    realm: Realm
    door: Door
    origin: str

    @property
    def world(self) -> World:
        """Live or sandbox."""
        return self.realm.settings.world


@dataclass(slots=True)
class House:
    """Both realms, found by the name in the request."""

    settings: ServeSettings
    live: Served
    sandbox: Served
    stopped: bool = field(default=False)

    def named(self, host: str) -> Served | None:
        """The realm of a Host header (with or without port); None for a name that is not ours."""
        name = host.rsplit(":", 1)[0].strip("[]").lower() if not host.endswith("]") else host.strip("[]").lower()
        if name == SANDBOX_HOST or name in {f"training.{one}" for one in self.settings.names}:
            return self.sandbox
        if name in {"localhost", "127.0.0.1", "::1", *self.settings.names}:
            return self.live
        return None

    def start(self) -> None:
        """Start both realms."""
        self.live.realm.start()
        self.sandbox.realm.start()

    def stop(self) -> None:
        """Stop both."""
        if not self.stopped:
            self.stopped = True
            self.live.realm.stop()
            self.sandbox.realm.stop()


def open_house(settings: ServeSettings, *, now: Callable[[], datetime] = clock.now) -> House:
    """Make what will be served; nothing runs before `start`."""
    if settings.band:
        check_installed()
    zone = zone_of(settings.zone)
    name = settings.names[0] if settings.names else "localhost"
    live = RealmSettings(
        world=World.LIVE,
        folder=settings.data / "live",
        sender=settings.sender,
        zone=zone,
        sites=site_codes(settings.with_sites),
        policy=Policy(zone=zone, quiet_from=QUIET_FROM, quiet_until=QUIET_UNTIL),
        band=settings.band,
    )
    sandbox = RealmSettings(
        world=World.SANDBOX,
        folder=settings.data / "sandbox",
        sender=f"sandbox.{settings.sender}",
        zone=zone,
        sites=site_codes(str(SANDBOX_SITES) if settings.with_sites or settings.demo else ""),
    )
    return House(
        settings=settings,
        live=_served(live, name, settings.port, now),
        sandbox=_served(sandbox, f"training.{name}", settings.port, now),
    )


def _served(settings: RealmSettings, host: str, port: int, now: Callable[[], datetime]) -> Served:
    realm, origin = Realm(settings, now=now), f"http://{host}:{port}"
    return Served(realm=realm, door=Door(realm, host=host, origin=origin), origin=origin)


def site_codes(wanted: str) -> tuple[str, ...]:
    """Where simulated sites stand: `japan` is every municipality, a number that many spread over Japan, "" none."""
    if not wanted:
        return ()
    every = tuple(place.code for place in gazetteer.municipalities())
    if wanted == "japan":
        return every
    if wanted == "germany":
        return _germany()
    if not wanted.isdigit() or not 0 <= int(wanted) <= len(every):
        raise Missing(f"no sites {wanted!r}", where="--with-sites", fix=f"japan, germany, or 0 to {len(every)}")
    count = int(wanted)
    return tuple(every[number * len(every) // count] for number in range(count))


def _germany() -> tuple[str, ...]:
    units = getattr(gazetteer, "kreise", None)
    if units is None:
        raise Missing(
            "this gazetteer does not know Germany's Kreise as sites yet", where="--with-sites", fix="--with-sites japan"
        )
    return tuple(place.code for place in units())
