"""Where: shapes, codes and names of places."""
