"""Unattended: watches cameras for months, records, remembers and tells."""
