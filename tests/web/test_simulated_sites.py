"""The simulated sites of a hub that is served: they answer, and when their process dies everybody sees it."""

import os
import signal

import pytest

from satwarn.app import sites_keeper
from web.hub import Hub, until


def test_the_death_of_their_process_is_seen_and_they_come_back(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    simulated, reader = hub.live.realm.sky.simulated, hub.browser("Mori")
    until(lambda: simulated.state.up)
    assert reader.get("/healthz").text == "ok\n"
    monkeypatch.setattr(sites_keeper, "MODULE", "satwarn.app")  # which cannot be run
    os.kill(simulated.pid, signal.SIGKILL)
    until(lambda: simulated.state.down)
    assert "simulated sites: down since" in reader.get("/healthz").text
    assert "The simulated sites are down since" in reader.get("/desk").text
    assert 'satwarn_simulated_sites_up{world="live"} 0.0' in reader.get("/metrics").text
    monkeypatch.undo()
    until(lambda: simulated.state.up)
    assert reader.get("/healthz").text == "ok\n"
    assert "The simulated sites are down" not in reader.get("/desk").text
