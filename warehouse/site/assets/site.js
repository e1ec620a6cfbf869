// The theme switch, the charts and the copy buttons. PALETTES comes from warehouse/site/drawing/palette.py.
(() => {
  "use strict";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => root.dataset.theme || (system.matches ? "dark" : "light");
  const NARROW = 520;

  const paint = (part, palette) => {
    if (typeof part === "string") return part.startsWith("@") ? palette[part.slice(1)] : part;
    if (Array.isArray(part)) return part.map((item) => paint(item, palette));
    if (part && typeof part === "object") {
      return Object.fromEntries(Object.entries(part).map(([key, value]) =>
        [key, key === "datasets" ? value : paint(value, palette)]));
    }
    return part;
  };

  const charts = [...document.querySelectorAll(".live")];
  const drawn = new Map();

  const draw = async (place) => {
    const spec = paint(JSON.parse(document.getElementById(place.dataset.spec).textContent), PALETTES[theme()]);
    const narrow = place.clientWidth < NARROW;
    if (narrow && spec.usermeta?.narrowHeight) spec.height = spec.usermeta.narrowHeight;
    spec.params = spec.params.map((param) => (param.name === "narrow" ? { ...param, value: narrow } : param));
    drawn.get(place)?.result?.finalize();
    const entry = { narrow };
    drawn.set(place, entry);
    entry.result = await vegaEmbed(place, spec, { mode: "vega-lite", renderer: "svg", actions: false });
    // for a screen reader the chart is one image with a label: Vega's own roles inside are hidden
    place.querySelector("svg").setAttribute("aria-hidden", "true");
    place.dataset.drawn = theme();
  };

  const drawAll = async () => {
    for (const place of charts) await draw(place);
    root.dataset.ready = theme();
  };

  const button = document.getElementById("theme");
  const label = () => {
    const dark = theme() === "dark";
    button.setAttribute("aria-pressed", String(dark));
  };
  button.hidden = false;
  label();
  button.addEventListener("click", () => {
    root.dataset.theme = theme() === "dark" ? "light" : "dark";
    try { localStorage.setItem("aigap-theme", root.dataset.theme); } catch (e) { /* private window */ }
    label();
    show();
  });
  system.addEventListener("change", () => { if (!root.dataset.theme) { label(); show(); } });

  for (const copy of document.querySelectorAll(".copy[data-copies]")) {
    const words = copy.firstChild;
    copy.addEventListener("click", async () => {
      const code = document.getElementById(copy.dataset.copies);
      try {
        await navigator.clipboard.writeText(code.textContent);
        words.textContent = "Copied";
      } catch (e) {
        getSelection().selectAllChildren(code);
        words.textContent = "Selected";
      }
      setTimeout(() => { words.textContent = "Copy"; }, 2000);
    });
  }

  // Where Vega cannot run, the SVG files are shown instead.
  const show = () => {
    if (!charts.length) { root.dataset.ready = theme(); return; }
    if (typeof vegaEmbed === "undefined") { root.classList.remove("js"); return; }
    drawAll().catch((error) => { root.classList.remove("js"); console.error(error); });
  };
  let waiting;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      for (const [place, entry] of drawn) if ((place.clientWidth < NARROW) !== entry.narrow) draw(place);
    }, 150);
  });
  show();
})();
