"""Networks of a user's own in place of the shipped ones: a decoder for each kind."""
