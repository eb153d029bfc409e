"""What the owner is sent, when, and in what words."""
