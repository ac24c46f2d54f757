"""Frame difference: the cheap front-end, its noise, light and banding."""
