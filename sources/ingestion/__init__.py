"""From an address or a local file to archived bytes."""
