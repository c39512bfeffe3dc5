"""`python -m hub.cli` is `faros`."""

from hub.cli import main

main()
