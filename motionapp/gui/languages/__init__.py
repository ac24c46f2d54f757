"""The window's texts, a file for each language."""
