"""The offline frame engine: storyboard panels drawn as vectors, without a model."""
