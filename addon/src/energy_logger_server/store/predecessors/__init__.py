"""What the programs before this one left: their tables, in any form they come in."""
