"""Files written whole or not at all, and folders that are staged beside their place."""
