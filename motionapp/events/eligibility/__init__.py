"""Does a body count? Whether it has gone far enough, and where it may have to."""
