"""A hub as it is served: the live realm and the sandbox, each under its own name, with its own door."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path as File

from satwarn.adapters import clock
from satwarn.adapters.air.band_sender import BandSettings
from satwarn.adapters.air.flute_process import check_installed
from satwarn.adapters.folder import held
from satwarn.app.ground_keeper import GroundKeeper
from satwarn.app.hub_settings import HubSettings
from satwarn.app.public import zone_of
from satwarn.app.realm import Realm, RealmSettings, World
from satwarn.app.sign_in import Door
from satwarn.app.sso import SingleSignOn
from satwarn.app.third_parties import ThirdParties
from satwarn.area import gazetteer
from satwarn.area.spelled import spell
from satwarn.authority.guards import Policy
from satwarn.errors import Missing

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
SANDBOX_HOST = "training.localhost"
SANDBOX_SITES = 40
SSO_BACK = "/desk/sso/back"
"""Where a single sign-on comes back to: the address to register with the provider, after the hub's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """What a person chose on the command line. `names` are host names, beside localhost, that this hub answers to;
    `ground_port` is where receivers find it (0: nowhere), `ground_host` the address they reach ("": that of `host`)."""

    port: int = 8080
    data: File = File("satwarn-data")
    host: str = "127.0.0.1"
    with_sites: str = ""
    sender: str = "hub@satwarn.example"
    zone: str = "Asia/Tokyo"
    names: tuple[str, ...] = ()
    demo: bool = False
    ground_port: int = 0
    ground_host: str = ""
    hub: HubSettings = field(default_factory=HubSettings)
    band: BandSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One realm and its door; `origin` is what a browser sees of it, `ground` the way to its receivers, if any."""

    realm: Realm
    door: Door
    origin: str
    ground: GroundKeeper | None = None
    alarm: ThirdParties | None = None
    sso: SingleSignOn | None = None

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
        for served in (self.live, self.sandbox):
            served.realm.start()
            served.door.open()
        if self.live.ground:
            self.live.ground.start()
        if self.live.alarm:
            self.live.alarm.start()

    def stop(self) -> None:
        """Stop both."""
        if not self.stopped:
            self.stopped = True
            if self.live.ground:
                self.live.ground.stop()
            if self.live.alarm:
                self.live.alarm.stop()
            for served in (self.live, self.sandbox):
                served.realm.stop()
                served.door.close()


def held_alone(settings: ServeSettings) -> AbstractContextManager[None]:
    """Hold the hub's folder: two hubs on one ledger would each send what the other took back. BadSetting while another
    one runs there."""
    return held(settings.data, what="hub", setting="--data")


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
        ground_port=settings.ground_port,
        policy=Policy(zone=zone, quiet_from=QUIET_FROM, quiet_until=QUIET_UNTIL),
        band=settings.band,
    )
    sandbox = RealmSettings(
        world=World.SANDBOX,
        folder=settings.data / "sandbox",
        sender=f"sandbox.{settings.sender}",
        zone=zone,
        sites=_sandbox_sites(settings),
        policy=Policy(zone=zone),
    )
    served = _served(live, name, settings, now)
    if settings.ground_port:
        keeper = GroundKeeper(
            served.realm, host=settings.ground_host or settings.host, port=settings.ground_port, names=settings.names
        )
        served = replace(served, ground=keeper)
    return House(
        settings=settings,
        live=_told(served, settings.hub),
        sandbox=_served(sandbox, f"training.{name}", settings, now),
    )


def _served(settings: RealmSettings, host: str, wanted: ServeSettings, now: Callable[[], datetime]) -> Served:
    realm, origin = Realm(settings, now=now), f"http://{host}:{wanted.port}"
    if wanted.hub.origin:
        scheme, _, place = wanted.hub.origin.partition("://")
        origin = f"{scheme}://{'training.' if settings.world is World.SANDBOX else ''}{place}"
    return Served(realm=realm, door=Door(realm, host=host, origin=origin), origin=origin)


def _told(served: Served, hub: HubSettings) -> Served:
    """What the settings file adds, live only: nothing of the sandbox reaches anybody, nor does its sign-on."""
    alarm = ThirdParties(served.realm, hub.alarm, mail=hub.mail, origin=served.origin)
    sso = SingleSignOn(served.realm, hub.sso, f"{served.origin}{SSO_BACK}") if hub.sso else None
    served.door.sso = sso
    return replace(served, alarm=alarm, sso=sso)


def site_codes(wanted: str) -> tuple[str, ...]:
    """Where simulated sites stand: everywhere in a country of `COUNTRIES`, a number that many spread over Japan, ""
    none."""
    if not wanted:
        return ()
    if wanted in COUNTRIES:
        return COUNTRIES[wanted]()
    every = COUNTRIES["japan"]()
    if not wanted.isdigit() or not 0 <= int(wanted) <= len(every):
        raise Missing(f"no sites {wanted!r}", where="--with-sites", fix=f"{', '.join(COUNTRIES)}, or 0 to {len(every)}")
    return _spread(every, int(wanted))


def _spread(every: tuple[str, ...], count: int) -> tuple[str, ...]:
    return tuple(every[number * len(every) // count] for number in range(count))


def _sandbox_sites(settings: ServeSettings) -> tuple[str, ...]:
    """A few of the country that one practises for."""
    if not settings.with_sites and not settings.demo:
        return ()
    return _spread(COUNTRIES.get(settings.with_sites, COUNTRIES["japan"])(), SANDBOX_SITES)


def _municipalities() -> tuple[str, ...]:
    return tuple(place.code for place in gazetteer.municipalities())


def _kreise() -> tuple[str, ...]:
    places = (place for place in gazetteer.places("AGS") if len(place.code) == KREIS_DIGITS and place.until is None)
    return tuple(spell(place.scheme, place.code) for place in places)


COUNTRIES: dict[str, Callable[[], tuple[str, ...]]] = {"japan": _municipalities, "germany": _kreise}
"""Where `--with-sites` puts a simulated site: in each of Japan's municipalities, of Germany's Kreise."""
KREIS_DIGITS = 5
