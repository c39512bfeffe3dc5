"""The command line: `faros`. One file for each group of commands."""


def main() -> None:
    """The entry point; what a command needs is imported when it is called for."""
    from hub.cli.command import app

    app()
