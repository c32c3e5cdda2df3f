"""Which sentence of ours belongs to which code."""
