"""What is not there when nobody is: a model of the empty picture, and what differs from it."""
