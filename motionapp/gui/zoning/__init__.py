"""Zones as a person draws them."""
