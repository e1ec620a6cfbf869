  // What is chosen, and how the address says it: #s=board.variant.category.pair.weights.listing&m=…&from=…&to=…
  // Whatever is left out has its default, so that a short link is a good link.

  const MOST_SERIES = 6;
  const DEFAULTS = { pair: "US-CN", weights: "all", listing: "any" };
  const FIELDS = ["board", "variant", "category", "pair", "weights", "listing"];

  const variantsOf = (board) => [...new Set(EXPLORE.series.variant.filter((variant, at) => EXPLORE.series.board[at] === board))];
  const categoriesOf = (board, variant) => EXPLORE.series.category.filter((category, at) =>
    EXPLORE.series.board[at] === board && EXPLORE.series.variant[at] === variant);
  const preferred = (values, wanted, first) => (values.includes(wanted) ? wanted : values.includes(first) ? first : values[0]);

  // The nearest choice that there is, and what of it was asked for but is not held.
  const settled = (asked) => {
    const problems = [];
    const pick = (name, values, first) => {
      const found = preferred(values, asked[name], first);
      if (asked[name] && asked[name] !== found) problems.push(asked[name]);
      return found;
    };
    const board = pick("board", EXPLORE.boards.map((own) => own.board), LOOK.first.board);
    const variant = pick("variant", variantsOf(board), LOOK.first.variant);
    const category = pick("category", categoriesOf(board, variant), "overall");
    const pair = pick("pair", Object.keys(EXPLORE.pairs), DEFAULTS.pair);
    const weights = pick("weights", ["all", ...Object.keys(EXPLORE.weights)], DEFAULTS.weights);
    const listing = pick("listing", ["any", ...Object.keys(EXPLORE.listings)], DEFAULTS.listing);
    return { choice: { board, variant, category, pair, weights, listing }, problems };
  };

  const parseMonth = (text) => (/^20\d\d-(0[1-9]|1[0-2])$/.test(text ?? "") ? monthNumber(text) : null);

  const readAddress = (hash) => {
    const asked = new URLSearchParams(hash.replace(/^#/, ""));
    const problems = [];
    const series = [];
    for (const text of asked.getAll("s").slice(0, MOST_SERIES)) {
      const values = text.split(".");
      const found = settled(Object.fromEntries(FIELDS.map((name, at) => [name, values[at] || undefined])));
      problems.push(...found.problems);
      if (!series.some((own) => same(own, found.choice))) series.push(found.choice);
    }
    if (!series.length) series.push(settled({}).choice);
    const one = (name, values) => {
      const text = asked.get(name);
      if (text !== null && !values.includes(text)) problems.push(text);
      return values.includes(text) ? text : values[0];
    };
    const view = {
      series, current: 0,
      measure: one("m", Object.keys(MEASURES)), reading: one("r", Object.keys(READINGS)),
      interval: one("i", ["95", "wide", "none"]), layout: one("layout", ["shared", "each"]),
      from: parseMonth(asked.get("from")), to: parseMonth(asked.get("to")),
    };
    if (view.from !== null && view.to !== null && view.from > view.to) [view.from, view.to] = [view.to, view.from];
    return { view, problems };
  };

  const same = (one, other) => FIELDS.every((name) => one[name] === other[name]);

  const choiceText = (choice) => {
    const values = FIELDS.map((name) => choice[name]);
    while (values.length > 3 && values.at(-1) === DEFAULTS[FIELDS[values.length - 1]]) values.pop();
    return values.join(".");
  };

  const writeAddress = (view) => {
    const found = [...view.series.map((choice) => ["s", choiceText(choice)])];
    if (view.measure !== "points") found.push(["m", view.measure]);
    if (view.measure === "lag" && view.reading !== "first_reached") found.push(["r", view.reading]);
    if (view.interval !== "95") found.push(["i", view.interval]);
    if (view.layout !== "shared") found.push(["layout", view.layout]);
    if (view.from !== null) found.push(["from", isoMonth(view.from)]);
    if (view.to !== null) found.push(["to", isoMonth(view.to)]);
    return `#${found.map(([name, text]) => `${name}=${encodeURIComponent(text)}`).join("&")}`;
  };
