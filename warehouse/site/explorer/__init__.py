"""The explorer: every monthly figure in one script file beside its page, and the choices a reader has."""
