-- One row: a listing of which it is not known yet how it compares with others.
-- All of them, in a whole build. In one that starts from a release, which pairs are kept of, those that are new to it.
SELECT key FROM listing
