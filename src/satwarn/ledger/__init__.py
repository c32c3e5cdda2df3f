"""What was done: deeds and receipts, append-only, each sealing the one before."""
