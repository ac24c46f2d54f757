"""What changes a picture and is nobody: weather, foliage, light, exposure, burned-in text.

Every disturbance is a frozen value with `over(picture, t_s)`: a pure function of its seed and the
time, so that it is the same at every frame rate. `Scene.disturbances` holds them in their order.
"""
