"""What an unattended service remembers: events, changes, recordings, what waits to be told.

One folder: an SQLite file, and recordings and snapshots under strict names. Knows neither cameras
nor brokers.
"""
