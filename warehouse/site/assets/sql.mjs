// One query at a time on a copy of the published file, in the reader's browser.
import * as duckdb from "./duckdb-browser.mjs";

const SHOWN = 1000;
const state = document.getElementById("state");
const place = document.getElementById("answer");
const query = document.getElementById("query");
const button = document.getElementById("run");

const say = (text, wrong = false) => {
  state.textContent = text;
  state.classList.toggle("wrong", wrong);
};

const text = (value) => {
  if (value === null || value === undefined) return "";
  if (typeof value === "bigint") return value.toString();
  if (value && typeof value === "object" && typeof value.toJSON === "function") return JSON.stringify(value.toJSON());
  return String(value);
};

// Arrow gives days and decimals as numbers, so DuckDB writes them as text.
const readable = (sql) => `SELECT COLUMNS(*)::VARCHAR FROM (${sql.trim().replace(/;\s*$/, "")}
) LIMIT ${SHOWN + 1}`;

const open = async () => {
  const here = new URL(".", import.meta.url);
  const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(new URL("duckdb-browser-eh.worker.js", here)));
  await database.instantiate(new URL("duckdb-eh.wasm", here).href);
  const answer = await fetch("aigap.duckdb");
  if (!answer.ok) throw new Error(`aigap.duckdb: ${answer.status}`);
  await database.registerFileBuffer("aigap.duckdb", new Uint8Array(await answer.arrayBuffer()));
  await database.open({ path: "aigap.duckdb", accessMode: duckdb.DuckDBAccessMode.READ_ONLY });
  const connection = await database.connect();
  // no extension is downloaded: the page loads nothing from elsewhere
  await connection.query("SET autoinstall_known_extensions = false");
  await connection.query("SET autoload_known_extensions = false");
  return connection;
};

const show = (names, rows) => {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const name of names) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows.slice(0, SHOWN)) {
    const line = body.insertRow();
    for (const value of row) line.insertCell().textContent = text(value);
  }
  place.replaceChildren(table);
};

try {
  say("Opening the release …");
  const connection = await open();
  say("Ready.");
  button.disabled = false;
  const run = async () => {
    button.disabled = true;
    say("Running …");
    try {
      const found = await connection.query(readable(query.value));
      const names = found.schema.fields.map((field) => field.name);
      const rows = found.toArray().map((row) => names.map((name) => row[name]));
      show(names, rows);
      say(rows.length > SHOWN ? `The first ${SHOWN} rows.` : `${rows.length} ${rows.length === 1 ? "row" : "rows"}.`);
    } catch (error) {
      place.replaceChildren();
      say(String(error.message || error).split("\n")[0], true);
    }
    button.disabled = false;
  };
  button.addEventListener("click", run);
  query.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
  });
  document.documentElement.dataset.sql = "ready";
} catch (error) {
  say(`The database did not open: ${error.message || error}`, true);
}
