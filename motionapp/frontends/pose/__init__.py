"""The pose front-end: people with their body points, followed from frame to frame."""
