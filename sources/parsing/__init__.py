"""What parsers share: formats, columns, dates, hosts, and what several sources of one publisher have in common."""
