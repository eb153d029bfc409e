"""The market behind the simulated Amber: what power costs, and when."""
