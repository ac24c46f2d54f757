"""Whether this is a bundle that somebody froze: a program that carries its own Python."""

import sys


def is_bundle() -> bool:
    """Whether it runs from a bundle, into which nothing can be installed."""
    return bool(getattr(sys, "frozen", False))
