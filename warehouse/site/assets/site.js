// The theme switch, the copy buttons, and when the charts are drawn.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const theme = () => root.dataset.theme || (system.matches ? "dark" : "light");
const drawAll = async () => {
  for (const place of places) await draw(place, theme());
  root.dataset.ready = theme();
};

const button = document.getElementById("theme");
const label = () => { button.firstChild.textContent = theme() === "dark" ? "Light" : "Dark"; };
if (button) {
  button.hidden = false;
  button.removeAttribute("aria-pressed");
  label();
  button.addEventListener("click", () => {
    root.dataset.theme = theme() === "dark" ? "light" : "dark";
    try { localStorage.setItem("aigap-theme", root.dataset.theme); } catch (e) { /* private window */ }
    label();
    show();
  });
}
system.addEventListener("change", () => { if (!root.dataset.theme) { if (button) label(); show(); } });

// Where the navigation is wider than the screen, the page one is on is in sight.
const current = document.querySelector(".top [aria-current]");
if (current) {
  const list = current.closest("ul");
  list.scrollLeft = current.offsetLeft - list.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
}

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
  if (!places.length) { root.dataset.ready = theme(); return; }
  if (typeof vegaEmbed === "undefined") { root.classList.remove("js"); return; }
  drawAll().catch((error) => { root.classList.remove("js"); console.error(error); });
};
let waiting;
addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    for (const [place, entry] of drawn) if ((place.clientWidth < NARROW) !== entry.narrow) draw(place, theme());
  }, 150);
});
document.addEventListener("fullscreenchange", () => { hideTip(); show(); });
show();
