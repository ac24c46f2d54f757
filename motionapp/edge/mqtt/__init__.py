"""Tells an MQTT broker: what cameras see, how they are, and what Home Assistant needs to know."""
