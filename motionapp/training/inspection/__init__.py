"""Looks at a data set before anything is learnt from it: what is in it, and what would spoil the
figures of a model. Needs neither torch nor a model.
"""
