"""Reading the Stanford AI Index: its report, tables and sentences."""
