"""Code lists as CSV, made by tools/frame-tables."""
