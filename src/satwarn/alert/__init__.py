"""What is said: CAP 1.2 alerts as values, their XML, their life and their signature."""
