"""What `aigap doctor` looks at: addresses, disk, lock, clock, records, versions, settings, the published file."""
