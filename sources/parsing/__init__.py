"""What parsers share: tables, columns, dates and documents out of bytes."""
