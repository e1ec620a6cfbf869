"""Public claims, measured by the rule each states. The queries lie beside the modules."""
