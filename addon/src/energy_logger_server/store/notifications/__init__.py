"""What is remembered of messages to the owner."""
