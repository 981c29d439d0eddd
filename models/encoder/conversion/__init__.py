"""Conversion of packaged model weights into the files that the encoders run."""
