"""What goes up next, and when: frames in their slots."""
