"""Searches for the choices of a recipe that name held-out windows best.

Optuna proposes, processes compute, and one of them alone decides: each trial is proposed from what
all but the few before it came to, and so a search comes to the same whatever the number of
processes and wherever it was stopped.
"""
