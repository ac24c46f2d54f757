"""How far a number may go that a person types."""

LONGEST_S = 1e9
"""Thirty years: a longer time is a slip of the hand, and no container counts so far."""
