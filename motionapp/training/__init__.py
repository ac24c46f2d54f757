"""Trains networks on a user's recordings and measures them, by the very road they will run on.

torch and the ONNX writers are used here alone, and only by what trains: measuring a model as it
is needs neither.
"""
