"""The portable export: a whole store as lines that either database can give and take.

``content``: what is in a store, as one hash and counts. ``export``: writes it out.
``reading``: reads an export and checks it. ``importing``: brings it into a store.
All of it blocks: it is for a thread, or for a command.

An export has every table of the schema, as its metadata says, each in the order of its
key. It never has a secret: of the saved settings it has those that are declared here
and not secret, and neither the API key nor the files of the data folder are in it.
"""
