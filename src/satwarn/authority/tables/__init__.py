"""The authority's rules as tables."""
