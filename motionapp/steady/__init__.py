"""A steady camera: how the camera moved is found, and taken out before pictures are compared."""
