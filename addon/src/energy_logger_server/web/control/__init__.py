"""What commands on the same machine ask of the server, past its ports."""
