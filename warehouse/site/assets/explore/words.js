  // What is shown, in words.

  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const monthName = (month) => `${MONTHS[month % 12]} ${2020 + Math.floor(month / 12)}`;
  const dayName = (iso) => (iso ? `${Number(iso.slice(8))} ${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}` : "");
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
  const listed = (items) => (items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`);

  const rounded = (number, decimals = 1) => {
    const text = Math.abs(number).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return number < 0 && Number(text.replaceAll(",", "")) !== 0 ? `−${text}` : text;
  };
  const POINTS = { elo: "arena points", percent: "percentage points", index: "index points", points: "points" };
  const MEASURES = {
    points: { column: "gap_points", name: "Points", show: (number) => rounded(number), base: 0 },
    percent: { column: "gap_pct", name: "Percent", show: (number) => `${rounded(number)} %`, base: 0 },
    expected: { column: "expected_score", name: "Expected score", show: (number) => `${rounded(100 * number)} %`, base: 0.5 },
    lag: { column: "lag_months", name: "Months of lag", show: (number) => rounded(number), base: 0 },
  };
  const READINGS = {
    first_reached: ["First reached", "how long ago the US first stood where China stands"],
    last_matched: ["Last matched", "the age of the newest US record that China has matched"],
    passed: ["Passed", "how long ago the US went beyond China’s best"],
  };
  const LISTINGS = { any: "as listed", public: "public models only", known_public: "models known to be public only" };
  const WEIGHTS = {
    all: { name: "All models" },
    open_us_minus_open_cn: { name: "Open weights only, US against China", title: "US lead over China among models with open weights", a: "US model with open weights", b: "Chinese model with open weights", aShort: "US open", bShort: "Chinese open" },
    closed_us_minus_cn: { name: "Closed US against all Chinese", title: "Lead of closed US models over Chinese models", a: "closed US model", b: "Chinese model", aShort: "US closed", bShort: "China" },
    closed_us_minus_open_cn: { name: "Closed US against open Chinese", title: "Lead of closed US models over open Chinese models", a: "closed US model", b: "Chinese model with open weights", aShort: "US closed", bShort: "Chinese open" },
    world_closed_minus_open: { name: "Closed against open, all countries", title: "Lead of closed models over open ones", a: "closed model of any country", b: "model with open weights of any country", aShort: "Closed", bShort: "Open" },
  };
  const REASONS = {
    nothing_held: "nothing held: no publication of the month is in this release",
    category_only: "category only: the board is held in the month, but not this category of it",
    one_side_only: "one side only: no model of one side is listed",
    ambiguous: "ambiguous: rows under one name contradict each other, and one of them could lead",
    withheld: "withheld: what was published is doubtful and left out",
    truncated: "list not whole: only part of it is known, and no model of one side is in that",
    board_ended: "the board had ended",
    not_defined: "not defined: a score of 0 has no percentage",
    no_vintage: "no newer list of the whole board is held",
  };
  const STATUSES = { observed: "whole list", leaders_only: "only the leaders are listed", truncated: "a cut list", no_model: "whole list", withheld: "in part withheld" };
  const KINDS = { preference: "Votes of people", index: "Index", exam: "Exams", coding: "Coding", agentic: "Work as an agent" };

  const country = (code) => EXPLORE.countries[code];
  const modelOf = (code) => (country(code).adjective ? `best ${country(code).adjective} model` : `best model of ${country(code).name}`);
  const sides = (choice) => {
    const words = WEIGHTS[choice.weights];
    if (words.a) return { a: `the best ${words.a}`, b: `the best ${words.b}`, aShort: words.aShort, bShort: words.bShort };
    const [a, b] = choice.pair.split("-");
    return { a: `the ${modelOf(a)}`, b: `the ${modelOf(b)}`, aShort: country(a).name, bShort: country(b).name };
  };
  const pairName = (pair) => pair.split("-").map((code) => country(code).name).join(" against ");
  const categoryName = (code) => EXPLORE.categories[code];
  const unitOf = (choice, view) => {
    if (view.measure === "points") return POINTS[boardOf.get(choice.board).unit];
    if (view.measure === "percent") return `percent of the score of ${sides(choice).b}`;
    return view.measure === "lag" ? "months" : "expected score";
  };

  // The parts of a choice in words; those that all series share go into the title, the others name each series.
  const parts = (choice) => ({
    board: boardOf.get(choice.board).name,
    category: categoryName(choice.category),
    variant: choice.variant === "default" ? "" : LOOK.variants[choice.variant] ?? choice.variant,
    compared: choice.weights !== "all" ? WEIGHTS[choice.weights].name : pairName(choice.pair),
    listing: choice.listing === "any" ? "" : LISTINGS[choice.listing],
  });
  const inWords = (choice) => Object.values(parts(choice)).filter(Boolean).join(", ");
  const ownNames = (choices) => {
    const all = choices.map(parts);
    const differing = Object.keys(all[0]).filter((part) => new Set(all.map((own) => own[part])).size > 1);
    const several = differing.includes("board");
    return all.map((own) => capital(differing.filter((part) => !(several && part === "category" && own[part] === "overall")).map((part) => own[part] || (part === "listing" ? "as listed" : "")).filter(Boolean).join(", ") || own.board));
  };

  const title = (choices, view) => {
    const first = choices[0];
    const one = new Set(choices.map((choice) => `${choice.pair} ${choice.weights}`)).size === 1;
    const { a, b, aShort, bShort } = sides(first);
    const lead = first.weights !== "all" ? WEIGHTS[first.weights].title : aShort === "US" ? `US lead over ${bShort}` : `Lead of ${aShort} over ${bShort}`;
    const what = {
      points: one ? lead : "Gaps between the best models",
      percent: one ? `${lead}, in percent` : "Gaps between the best models, in percent",
      expected: one ? `Expected score of ${a} against ${b}` : "Expected score of the best models against each other",
      lag: `How many months ${bShort} is behind the ${aShort}`,
    }[view.measure];
    const all = choices.map(parts);
    const oneBoard = new Set(choices.map((choice) => choice.board)).size === 1;
    const shared = (oneBoard ? ["board", "category", "variant", "listing"] : ["listing"]).map((part) =>
      (new Set(all.map((own) => own[part])).size === 1 ? all[0][part] : "")).filter(Boolean);
    return shared.length ? `${what} – ${shared.join(", ")}` : what;
  };

  const subtitle = (choices, view, shown) => {
    const units = [...new Set(choices.map((choice) => unitOf(choice, view)))];
    const hasInterval = bandsOf(shown, view) && shown.some(({ rows }) => rows.some((row) => row.low !== null));
    const words = {
      points: `${capital(listed(units))}, in each month’s last publication.`,
      percent: `${capital(listed(units))}, in each month’s last publication. An Elo scale has no natural zero: its percentages depend on the anchor.`,
      expected: "Share of votes that the first would win against the second, ties counted half. 50 % is level.",
      lag: `${READINGS[view.reading][0]}: ${READINGS[view.reading][1]}; at each month’s end, in the newest whole list held.`,
    }[view.measure];
    const band = view.interval === "wide"
      ? " Shading: 95 % interval that allows for each model having been picked as the highest."
      : " Shading: 95 % interval of how far apart the two models truly are.";
    return words + (hasInterval ? band : "");
  };

  const LEVEL = 0.05;
  // One sentence on a row: who led whom by how much, how sure, on what day.
  const sentence = (choice, view, row) => {
    const { a, b, aShort, bShort } = sides(choice);
    const show = MEASURES[view.measure].show;
    const when = `${monthName(row.month)}${row.open ? ", not over" : ""}`;
    if (view.measure === "lag") {
      const months = `${row.censored ? "at least " : ""}${rounded(Math.abs(row.value))} months`;
      const words = Math.abs(row.value) < LEVEL ? `${bShort} was level with the ${aShort}` : `${bShort} was ${months} ${row.value > 0 ? "behind" : "ahead of"} the ${aShort}`;
      return `${when}: ${words}.`;
    }
    if (view.measure === "expected") return `${when}: ${a} would win ${show(row.value)} against ${b}.`;
    const size = `${show(Math.abs(row.value))}${view.measure === "points" ? ` ${unitOf(choice, view)}` : ""}`;
    const level = Math.abs(row.value) < LEVEL;
    const words = level ? `${a} and ${b} were level` : row.value > 0 ? `${a} led ${b} by ${size}` : `${b} led ${a} by ${size}`;
    const sign = row.value < 0 ? [-row.high, -row.low] : [row.low, row.high];
    const interval = row.low === null ? "" : ` (95 % interval ${rounded(sign[0])} to ${rounded(sign[1])})`;
    return `${when}: ${words}${interval}${row.atLeast === null ? "" : `, at least by ${rounded(row.atLeast)}`}.`;
  };

  // The same in few words, where several series are told of.
  const brief = (choice, view, row) => {
    const { aShort, bShort } = sides(choice);
    const size = MEASURES[view.measure].show(Math.abs(row.value));
    const when = `(${monthName(row.month)})`;
    if (view.measure === "expected") return `${size} ${when}`;
    if (Math.abs(row.value) < LEVEL) return `level ${when}`;
    if (view.measure === "lag") return `${bShort} ${row.censored ? "at least " : ""}${size} months ${row.value > 0 ? "behind" : "ahead"} ${when}`;
    return `${row.value > 0 ? aShort : bShort} ahead by ${size} ${when}`;
  };
  // What the reference says of a board, without the codes of its variants.
  const boardNote = (board) => (board.note ?? "").split(";").map((part) => part.trim()).filter((part) => part && !/variant|style_control|category /.test(part)).join("; ");

  // Months as spans: [{words, from, to, months}], in order.
  const spans = (missing) => {
    const found = [];
    for (const { month, reason, absent } of missing) {
      const words = absent ? `one side only: no ${modelOf(absent).replace(/^best /, "")} is listed` : REASONS[reason] ?? reason.replaceAll("_", " ");
      const last = found.at(-1);
      if (last && last.words === words && last.to === month - 1) { last.to = month; last.months += 1; } else found.push({ words, from: month, to: month, months: 1 });
    }
    return found;
  };
  const spanName = ({ from, to }) => (from === to ? monthName(from) : `${monthName(from)} to ${monthName(to)}`);
  const missingWords = (missing) => {
    const by = new Map();
    for (const span of spans(missing)) by.set(span.words, [...(by.get(span.words) ?? []), span]);
    return [...by].map(([words, own]) => ({ words, when: own.map(spanName).join("; "), months: own.reduce((sum, span) => sum + span.months, 0) }));
  };

  const sourceLine = (shown) => {
    const rows = shown.flatMap((own) => own.rows);
    const used = [...new Set(rows.map((row) => row.source))].filter((source) => EXPLORE.sources[source]).sort();
    const producers = [...new Set(used.map((source) => EXPLORE.sources[source][0]))];
    const licences = [...new Set(used.map((source) => EXPLORE.sources[source][1]))];
    const newest = rows.map((row) => row.vintage ?? row.day).filter(Boolean).sort().at(-1);
    if (!rows.length) return `Release ${EXPLORE.release}.`;
    return `Source: ${producers.join(", ")} (${licences.join(", ")}); figures to ${newest}. Computed by aigap, release ${EXPLORE.release}.`;
  };
