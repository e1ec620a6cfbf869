-- One row: a category of any listing.
SELECT DISTINCT category FROM parsed_observation
