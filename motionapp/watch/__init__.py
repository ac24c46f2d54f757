"""Headless: follows a camera, a stream or a recording and says what happens as it happens."""

from motionapp.watch.follow import follow

__all__ = ["follow"]
