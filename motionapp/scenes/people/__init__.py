"""Rendered people: how they look and how they move."""
