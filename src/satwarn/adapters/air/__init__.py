"""The air: UDP multicast as a satellite provider takes it, FLUTE in processes of its own, and a gate behind them."""
