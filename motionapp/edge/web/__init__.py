"""The page and the API: what the service knows, shown and told over HTTP.

It knows the service by `motionapp.edge.seams` alone. Nothing here needs PyAV, OpenCV or numpy.
"""
