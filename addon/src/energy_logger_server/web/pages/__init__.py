"""The built web pages, as they lie in ``built`` beside this."""
