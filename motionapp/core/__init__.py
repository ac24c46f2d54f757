"""Frozen values, seams and pure rules; numpy and the standard library only."""
