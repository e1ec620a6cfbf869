"""aigap: what the tables mean. Identity, vintages, the gap, and how a release is built, checked and published."""
