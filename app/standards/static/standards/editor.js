/* The editor's small helps: bold, bullets, numbers and scripts for the box they stand over or, on the page of the whole
   text, for the box written in last; boxes that grow, Enter from a heading into its text, Ctrl+S.
   Without scripts the boxes take the same marks by hand and the buttons are not shown. */

document.documentElement.classList.add("js");

const MARKS = { bullets: () => "- ", numbers: (line) => `${line + 1}. `, script: (_line, words) => words };
const growsByItself = CSS.supports("field-sizing", "content");
const boxes = [...document.querySelectorAll("#editor textarea")];
let last = boxes[0];

for (const bar of document.querySelectorAll("[data-toolbar]")) {
  const own = document.getElementById(bar.dataset.toolbar);
  if (!own && bar.dataset.toolbar) continue;
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    const box = own ?? last;
    if (button && box && !box.readOnly) mark(box, button.dataset.mark, button.dataset.words);
  });
}

for (const box of boxes) {
  const isOfWhole = box.closest(".whole");
  const grow = () => {
    if (!isOfWhole) box.rows = Math.max(7, Math.min(30, box.value.split("\n").length + 2));
    else if (!growsByItself) box.style.height = `${box.scrollHeight + 2}px`;
  };
  box.addEventListener("input", grow);
  box.addEventListener("focus", () => {
    last = box;
  });
  grow();
}

for (const heading of document.querySelectorAll(".whole input[type=text]")) {
  heading.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    heading.parentElement.querySelector("textarea")?.focus();
  });
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    document.querySelector("[data-save]")?.click();
  }
});

function mark(box, kind, words) {
  const { selectionStart: from, selectionEnd: to, value } = box;
  const picked = value.slice(from, to);
  let made = `**${picked}**`;
  let start = from;
  if (kind !== "bold") {
    start = value.lastIndexOf("\n", from - 1) + 1;
    made = value
      .slice(start, to)
      .split("\n")
      .map((line, place) => MARKS[kind](place, words) + line)
      .join("\n");
  }
  box.setRangeText(made, start, to, "end");
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
