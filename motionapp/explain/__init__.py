"""Why something is an event and why something is not: reads what was decided."""
