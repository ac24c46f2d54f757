"""What `motionapp models` does: one module an action."""
