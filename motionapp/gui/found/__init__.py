"""What was found, as the window keeps it. No Qt."""
