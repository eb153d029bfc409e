"""The simulated Amber: its pages, and what they answer."""
