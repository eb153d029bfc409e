"""Tables as people look at them: views, and pages of rows."""
