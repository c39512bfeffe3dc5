"""The command line: `faros`. One file for each group of commands."""

import sys


def main() -> None:
    """The entry point; what a command needs is imported when it is called for."""
    from hub.cli.command import app_for

    app_for(sys.argv[1:])()
