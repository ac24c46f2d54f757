"""Dense optical flow: where every pixel goes, and how fast."""
