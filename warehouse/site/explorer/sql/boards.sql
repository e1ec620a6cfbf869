-- The boards of which a month is held, and what they measure.
SELECT board, name, kind, unit, note
FROM core.boards SEMI JOIN monthly_gap USING (board)
ORDER BY kind <> 'preference', kind, name, board
