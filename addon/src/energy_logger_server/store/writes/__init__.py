"""Everything that changes the store; runs in the writer's thread only."""
