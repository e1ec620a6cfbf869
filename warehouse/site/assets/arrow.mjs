// What duckdb-browser.mjs imports of "apache-arrow", from the one-file build the page has loaded.
export const { RecordBatchReader, Table, Type, tableToIPC } = globalThis.Arrow;
