"""Body points of people: BlazePose on onnxruntime."""
