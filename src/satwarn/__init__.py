"""satwarn: from the officer's decision to the siren, and the proof that it sounded."""

__version__ = "0.1.0"
