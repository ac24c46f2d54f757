"""Which stretches of a recording are worth decoding: told by its packets, and by short looks."""
