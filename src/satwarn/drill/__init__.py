"""An exercise with a scope, what is due, and what came of it."""
