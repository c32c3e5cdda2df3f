"""The way through the sky, modelled: delay and loss. No radio signal is made here."""
