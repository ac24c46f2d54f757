"""The command line: one module a verb, each imported only when its verb is asked for."""

from motionapp.cli.main import main

__all__ = ["main"]
