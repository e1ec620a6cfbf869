"""The public pages: one folder of static files, written from one published warehouse.

``queries`` runs the SQL of ``sql/``; ``charts`` turns rows into Vega-Lite; ``sentences`` writes what a
chart shows; ``figures`` says which belong together; ``pages`` renders the templates and ``build`` puts the
folder in place. No number is typed in here: each one in the text carries the query, row and column it is from.
"""
