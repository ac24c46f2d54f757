"""A batch on several machines: Dask hands files to workers, all else is as on one machine.

`run` drives it, `dispatch` decides which files go together, `engine` is the door to Dask, `task` is
what runs on a worker. Nothing outside this room imports Dask.
"""
