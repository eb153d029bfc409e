"""The run log, and figures of the whole store."""
