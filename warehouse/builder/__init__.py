"""From inputs to a checked candidate."""
