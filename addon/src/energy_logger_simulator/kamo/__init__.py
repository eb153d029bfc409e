"""The simulated KAMO: its pages, and what they answer."""
