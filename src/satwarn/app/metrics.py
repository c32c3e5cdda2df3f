"""A realm's figures as Prometheus reads them."""

from satwarn.app.realm import Realm
from satwarn.app.site_list import GroundSummary
from satwarn.errors import Missing

try:
    from prometheus_client import CollectorRegistry, Gauge, generate_latest
except ImportError as error:
    raise Missing("figures need a library that is not installed", fix='pip install "satwarn[hub]"') from error


def metrics(realm: Realm, ground: GroundSummary | None = None) -> bytes:
    """Warnings on the air and open, entries, sites, receipts and transmissions, each with the realm's name."""
    views, registry = realm.views, CollectorRegistry()
    unreviewed = sum(one.review_open for one in list(views.warnings.values()))
    figures: dict[str, tuple[str, float]] = {
        "satwarn_warnings_on_air": ("Warnings on the air", len(views.live())),
        "satwarn_warnings_open": ("Drafts, proposals and approvals somebody must still act on", len(views.open())),
        "satwarn_reviews_open": (
            "Broken glass nobody has reviewed",
            unreviewed,
        ),
        "satwarn_ledger_entries": ("Entries in the ledger", views.entries),
        "satwarn_sites": ("Sites known", len(realm.sky.sites) + len(views.sites)),
        "satwarn_receipts": ("Newest receipts of sites", sum(len(one) for one in list(views.receipts.values()))),
        "satwarn_transmissions": ("Frames put on the (simulated) air", sum(list(views.transmissions.values()))),
        "satwarn_simulated_sites_up": ("Whether the simulated sites run", realm.sky.simulated.state.up),
        "satwarn_simulated_sites_restarts": ("Times they were started again", realm.sky.simulated.state.restarts),
        "satwarn_troubles": ("Troubles of simulated sites", len(realm.sky.troubles)),
    }
    figures |= _wide_band(realm) | _ground(ground)
    for name, (about, value) in figures.items():
        Gauge(name, about, ["world"], registry=registry).labels(realm.settings.world.value).set(value)
    return generate_latest(registry)


def _ground(ground: GroundSummary | None) -> dict[str, tuple[str, float]]:
    if ground is None:
        return {}
    return {
        "satwarn_ground_up": ("1 while receivers can reach the ground path", ground.up),
        "satwarn_ground_restarts": ("How often the ground process ended and was started again", ground.restarts),
        "satwarn_ground_enrolled": ("Receivers whose certificate counts", ground.enrolled),
        "satwarn_ground_connected": ("Receivers whose line stands", ground.connected),
        "satwarn_ground_faulty": ("Receivers that say something is wrong", ground.faulty),
    }


def _wide_band(realm: Realm) -> dict[str, tuple[str, float]]:
    if realm.band is None:
        return {}
    state = realm.band.state()
    heard = realm.band.ear.last_heartbeat
    since_s = (realm.now() - heard).total_seconds() if heard else float("inf")
    return {
        "satwarn_wide_band_fault": ("1 while the wide band may not be heard", bool(state["fault"])),
        "satwarn_wide_band_rate_bit_s": ("Bits a second that leave on the wide band", state["rate_bit_s"]),
        "satwarn_wide_band_bandwidth_bit_s": ("Bits a second that may leave", state["bandwidth_bit_s"]),
        "satwarn_wide_band_aboard": ("Objects that go round", len(state["aboard"])),
        "satwarn_wide_band_passes": ("Passes begun since the transmitter started", state["passes"]),
        "satwarn_wide_band_deaths": ("How often the transmitter died and was started again", state["deaths"]),
        "satwarn_wide_band_heartbeat_age_s": ("Seconds since the heartbeat last heard back was sent", since_s),
    }
