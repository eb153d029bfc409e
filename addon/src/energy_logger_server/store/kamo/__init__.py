"""KAMO's rows: writing, reading, exports."""
