-- Parameters with another value. One row: a parameter.
SELECT name, o.value AS before, n.value AS after
FROM old.meta.parameters AS o
FULL JOIN new.meta.parameters AS n USING (name)
WHERE o.value IS DISTINCT FROM n.value
ORDER BY name
