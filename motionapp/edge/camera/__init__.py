"""A camera's own process: the whole road, from its source to its recordings."""
