"""Calculations that SQL does not express: plain functions over frames."""
