"""What in a mask is nobody: soft shadow, scatter, overlaid text, dynamic background."""
