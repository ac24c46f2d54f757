"""Analyses many recordings into files, one after another or several at a time."""
