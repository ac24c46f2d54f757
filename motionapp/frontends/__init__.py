"""Ways to see motion: one file each, one line each in the registry."""
