-- One row: a listing and a country rule under which some country leads somewhere, or which are the defaults.
SELECT listing, country_rule FROM core.country_leaders
UNION
SELECT listing, country_rule FROM internal.settings
