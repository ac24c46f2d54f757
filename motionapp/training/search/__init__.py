"""Searches for the choices of a recipe that name held-out windows best.

Optuna proposes, processes compute, and one of them alone decides: trials are proposed in
generations, each from what earlier generations came to, and so a search comes to the same whatever
the number of processes and wherever it was stopped.
"""
