"""Steps of the forms: setting up a server, and changing what an entry shows."""
