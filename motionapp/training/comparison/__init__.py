"""Trains several networks behind several front-ends on the same recordings, and says which to take.

`compare` walks the stages; what is chosen, planned and drawn is decided in parts of their own that
know neither torch nor clocks.
"""
