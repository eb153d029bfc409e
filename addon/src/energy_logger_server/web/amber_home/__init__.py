"""The paths and names of the predecessor amber-home."""
