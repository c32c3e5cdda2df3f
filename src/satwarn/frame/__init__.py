"""What the satellite carries: 250 bits, coded."""
