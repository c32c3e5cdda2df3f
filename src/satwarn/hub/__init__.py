"""What enters, what leaves, and by which path."""
