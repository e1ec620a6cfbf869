// The charts: drawing in a theme, one tooltip for pointer, tap and keyboard, full screen, addresses to cite.
// PALETTES and CODES come from warehouse/site/drawing/palette.py and words.py.
const NARROW = 520;
const ROOT = new URL("..", document.currentScript.src);
const places = [...document.querySelectorAll(".live")];
const drawn = new Map();

const paint = (part, palette) => {
  if (typeof part === "string") return part.startsWith("@") ? palette[part.slice(1)] : part;
  if (Array.isArray(part)) return part.map((item) => paint(item, palette));
  if (part && typeof part === "object") {
    return Object.fromEntries(Object.entries(part).map(([key, value]) =>
      [key, key === "datasets" ? value : paint(value, palette)]));
  }
  return part;
};

const stored = (id) => JSON.parse(document.getElementById(id).textContent);
const records = ({ names, rows }) =>
  rows.map((row) => Object.fromEntries(row.map((value, place) => [names[place], value])));

// --- the tooltip -----------------------------------------------------------------------------------------------

const tip = document.createElement("div");
tip.id = "tip";
tip.hidden = true;
document.body.append(tip);
let pinned = null;

const NOTHING = ["", "null", "NaN", "undefined"];
const facts = (item) => Object.entries(item.tooltip)
  .filter(([, value]) => value !== null && !NOTHING.includes(String(value)))
  .map(([name, value]) => [name.trim(), Object.hasOwn(CODES, value) ? CODES[value] : String(value)]);
const inWords = (item) => facts(item).map(([name, value]) => `${name}: ${value}`).join("; ");

const fill = (item) => {
  const list = document.createElement("dl");
  for (const [name, value] of facts(item)) {
    const row = document.createElement("div");
    const [term, detail] = [document.createElement("dt"), document.createElement("dd")];
    [term.textContent, detail.textContent] = [name, value];
    row.append(term, detail);
    list.append(row);
  }
  tip.replaceChildren(list);
};

const moveTip = (x, y) => {
  const { offsetWidth: width, offsetHeight: height } = tip;
  const left = x + 14 + width > innerWidth ? x - 14 - width : x + 14;
  const top = y + 14 + height > innerHeight ? y - 14 - height : y + 14;
  const { scrollLeft, scrollTop } = document.fullscreenElement || document.documentElement;
  tip.style.left = `${scrollLeft + Math.max(4, Math.min(left, innerWidth - width - 4))}px`;
  tip.style.top = `${scrollTop + Math.max(4, top)}px`;
};

const showTip = (item, x, y) => {
  (document.fullscreenElement || document.body).append(tip);
  fill(item);
  tip.hidden = false;
  moveTip(x, y);
};
const hideTip = () => {
  pinned = null;
  tip.hidden = true;
  tip.classList.remove("pinned");
  for (const ring of document.querySelectorAll(".ring")) ring.hidden = true;
};
const pin = (item, x, y) => {
  hideTip();
  showTip(item, x, y);
  pinned = item;
  tip.classList.add("pinned");
};

// Vega calls this with an empty value when the pointer leaves a mark.
const followPointer = (handler, event, item, value) => {
  if (pinned) return;
  if (value === null || value === undefined || value === "") tip.hidden = true;
  else showTip(item, event.clientX, event.clientY);
};
addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });
document.addEventListener("click", (event) => {
  if (pinned && !tip.contains(event.target) && !event.target.closest(".live")) hideTip();
});

// --- points, one by one, by keyboard and for screen readers ----------------------------------------------------

const withFacts = (group, x, y, found) => {
  for (const item of group.items || []) {
    if (item.tooltip) found.push({ item, x, y });
    if (item.items) for (const mark of item.items) withFacts(mark, x + (item.x || 0), y + (item.y || 0), found);
  }
  return found;
};

const addPoints = (place, view) => {
  place.parentElement.querySelectorAll(".points, .ring").forEach((old) => old.remove());
  const points = withFacts(view.scenegraph().root, ...view.origin(), []);
  if (!points.length) return;
  const [slider, ring] = [document.createElement("input"), document.createElement("span")];
  Object.assign(slider, { type: "range", className: "points", min: 0, max: points.length - 1, step: 1, value: 0 });
  slider.setAttribute("aria-label", `Points of: ${place.getAttribute("aria-label")}`);
  slider.setAttribute("aria-valuetext", inWords(points[0].item));
  Object.assign(ring, { className: "ring", hidden: true });
  place.after(ring, slider);
  const select = () => {
    const { item, x, y } = points[Number(slider.value)];
    const [corner, frame] = [place.getBoundingClientRect(), place.parentElement.getBoundingClientRect()];
    const [left, top] = [corner.left + x + item.bounds.x1, corner.top + y + item.bounds.y1];
    const [width, height] = [item.bounds.x2 - item.bounds.x1, item.bounds.y2 - item.bounds.y1];
    slider.setAttribute("aria-valuetext", inWords(item));
    hideTip();
    ring.hidden = false;
    Object.assign(ring.style, {
      left: `${left - frame.left - 3}px`, top: `${top - frame.top - 3}px`,
      width: `${width + 6}px`, height: `${height + 6}px`,
    });
    showTip(item, left + width / 2, top + Math.min(height, 60) / 2);
  };
  slider.addEventListener("focus", () => { if (slider.matches(":focus-visible")) select(); });
  slider.addEventListener("input", select);
  slider.addEventListener("blur", hideTip);
};

// --- drawing ---------------------------------------------------------------------------------------------------

const draw = async (place, theme) => {
  const spec = paint(stored(place.dataset.spec), PALETTES[theme]);
  const narrow = place.clientWidth < NARROW;
  if (narrow && spec.usermeta?.narrowHeight) spec.height = spec.usermeta.narrowHeight;
  spec.params = spec.params.map((param) => (param.name === "narrow" ? { ...param, value: narrow } : param));
  const rows = Object.entries(stored(place.dataset.rows)).map(([name, table]) => [name, records(table)]);
  spec.datasets = { ...spec.datasets, ...Object.fromEntries(rows) };
  const large = document.fullscreenElement?.contains(place);
  const panels = place.closest(".panels").childElementCount;
  if (large && panels === 1) spec.height = Math.max(spec.height, innerHeight - 300);
  drawn.get(place)?.result?.finalize();
  const entry = { narrow };
  drawn.set(place, entry);
  const label = place.getAttribute("aria-label");
  const { view } = entry.result = await vegaEmbed(place, spec, {
    mode: "vega-lite", renderer: "svg", actions: false,
    tooltip: (...pointed) => followPointer(...pointed),
  });
  // for a screen reader the chart is one image with a label, whatever Vega has made of it
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", label);
  place.removeAttribute("aria-roledescription");
  place.querySelector("svg").setAttribute("aria-hidden", "true");
  view.addEventListener("click", (event, item) => {
    if (item?.tooltip) pin(item, event.clientX, event.clientY);
    else hideTip();
  });
  addPoints(place, view);
  place.dataset.drawn = theme;
};

// --- full screen and addresses ---------------------------------------------------------------------------------

for (const button of document.querySelectorAll(".full")) {
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else button.closest(".figure").requestFullscreen();
  });
}

// A page read from a web server knows its address, one read from the disk has none to give.
if (ROOT.protocol.startsWith("http")) {
  for (const code of document.querySelectorAll(".addressed")) {
    const address = code.dataset.address;
    code.textContent = code.textContent.replace(address, new URL(address, ROOT).href);
  }
}
