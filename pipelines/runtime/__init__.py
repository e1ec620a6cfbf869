"""How runs are executed, reported and followed."""
