"""The renderer: people, backgrounds and disturbances, with exact truth. Knows only `core`.

A scene is a frozen value; a picture of it is a pure function of the scene and the time, so that it
is the same at every frame rate and on every machine.
"""
