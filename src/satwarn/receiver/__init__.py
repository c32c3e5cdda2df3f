"""The box on the wall: hears, merges paths, decides, remembers."""
