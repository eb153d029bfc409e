"""Notifying the owner of the server: by e-mail, and by any service of Apprise."""
