"""Figures, each a ratio to a peer or a physical limit measured in the same run. `python -m bench [topic...]`."""
