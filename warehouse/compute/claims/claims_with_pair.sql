-- One row: a claim, with the pair of countries that this file compares.
SELECT c.*, settings.country_a, settings.country_b
FROM main.claims AS c
CROSS JOIN internal.settings
ORDER BY c.claim_id
