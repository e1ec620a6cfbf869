"""The public pages: a folder of static files, written from one published release.

sql/, queries.py         every number on the pages comes from one of these queries
reading.py               their results on the published file, and which release that is
cited_values.py          a value with the query, row and column it is from, and how it is shown
chart.py, charts/        what a chart is; each chart in one file (see there how to add one)
drawing/                 what the drawings share, the colours, SVG and PNG
templates/, words.py     the markup and words of the pages
page.py, pages/          what a page is; each declared in a file by subject (see there how to add one)
html_pages.py, writer.py results and templates to HTML; the whole folder
picture.py, sql_page.py  the gap as one picture; a page that runs SQL in the browser
"""
