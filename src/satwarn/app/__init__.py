"""Which pieces are plugged together."""
