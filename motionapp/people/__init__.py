"""Who is a body: the person networks, asked on demand. Knows pixels and boxes, no motion."""
