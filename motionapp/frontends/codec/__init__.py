"""Motion by the vectors that an encoder has written into a recording."""
