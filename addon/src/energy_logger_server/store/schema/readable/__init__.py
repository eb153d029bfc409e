"""Tables as views and the table browser show them: natural units, readable times."""
