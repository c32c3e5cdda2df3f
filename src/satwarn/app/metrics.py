"""A realm's figures as Prometheus reads them."""

from satwarn.app.realm import Realm
from satwarn.errors import Missing

try:
    from prometheus_client import CollectorRegistry, Gauge, generate_latest
except ImportError as error:
    raise Missing("figures need a library that is not installed", fix='pip install "satwarn[hub]"') from error


def metrics(realm: Realm) -> bytes:
    """Warnings on the air and open, entries, sites, receipts and transmissions, each with the realm's name."""
    views, registry = realm.views, CollectorRegistry()
    unreviewed = sum(one.review_open for one in list(views.warnings.values()))
    figures = {
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
    for name, (about, value) in figures.items():
        Gauge(name, about, ["world"], registry=registry).labels(realm.settings.world.value).set(value)
    return generate_latest(registry)
