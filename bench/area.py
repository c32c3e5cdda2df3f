"""Areas and launches: a polygon to codes, many receivers at once, a report to a proposal."""
