"""Movements of one's own: takes are recorded, a network is trained on them, and used at once."""
