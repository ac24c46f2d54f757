"""A video an event: who knows the events, who cuts, and what either takes from a recording."""
