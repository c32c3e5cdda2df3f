"""`python -m satwarn`."""

from satwarn.cli import main

main()
