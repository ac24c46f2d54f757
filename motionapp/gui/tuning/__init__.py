"""Settings as a person changes them: described, searched, undone."""
