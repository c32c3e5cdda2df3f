"""What a site drives."""
