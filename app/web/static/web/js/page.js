/* On every page: focus to what happened, `/` and `?`, busy buttons, print, the language switch keeps its place,
   menus close, a fold opens when the answer is chosen that it belongs to. Nothing here is needed to use a page. */

const at = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
const shortcutsOn = () => document.documentElement.dataset.keys !== "off";

at("[data-focus]")?.focus({ preventScroll: false });

for (const item of all("[data-print]")) {
  item.hidden = false;
  item.addEventListener("click", () => window.print());
}

for (const link of all("[data-keep-place]")) {
  link.addEventListener("click", () => {
    sessionStorage.setItem("place", `${location.pathname} ${window.scrollY}`);
    link.hash = location.hash;
  });
}
for (const fold of all("[data-open-with]")) {
  const [name, value] = fold.dataset.openWith.split("=");
  document.addEventListener("change", (event) => {
    if (event.target.name === name && event.target.value === value) fold.open = true;
  });
}
const place = sessionStorage.getItem("place")?.split(" ");
if (place) {
  sessionStorage.removeItem("place");
  if (place[0] === location.pathname && !location.hash) window.scrollTo(0, Number(place[1]));
}

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.dataset.busy || event.defaultPrevented) return;
  // Disabling at once would drop the button's own name and value from the form.
  setTimeout(() => {
    button.dataset.words = button.textContent;
    button.textContent = button.dataset.busy;
    button.disabled = true;
  });
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const button of all("button[data-words]")) {
    button.textContent = button.dataset.words;
    button.disabled = false;
  }
});

document.addEventListener("click", (event) => {
  for (const menu of all("[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of all("[data-menu][open]")) {
      menu.open = false;
      at("summary", menu).focus();
    }
  }
  if (event.ctrlKey && event.key === "Enter") {
    const form = event.target.closest?.("form") ?? document;
    at("[data-primary]", form)?.click();
    return;
  }
  if (!shortcutsOn() || typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && at("[data-jump]")) {
    event.preventDefault();
    at("[data-jump]").focus();
  }
  if (event.key === "?" && at("[data-help-keys]")) at("[data-help-keys]").click();
});

/* Words typed before the scripts came are told to them as if they were typed now: shown, saved, guarded. */
document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-autosave], form[data-preview], form[data-confirm-leave]")) {
    const boxes = [...form.querySelectorAll("textarea, input:not([type=hidden])")];
    if (boxes.some((box) => box.value !== box.defaultValue)) form.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
