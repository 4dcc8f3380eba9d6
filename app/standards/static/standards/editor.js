/* The clause editor's small helps: bold, bullets, numbers and scripts for the box they stand over, boxes that grow, Ctrl+S.
   Without scripts the boxes take the same marks by hand and the buttons are not shown. */

document.documentElement.classList.add("js");

const MARKS = { bullets: () => "- ", numbers: (line) => `${line + 1}. `, script: () => "> " };

for (const bar of document.querySelectorAll("[data-toolbar]")) {
  const box = document.getElementById(bar.dataset.toolbar);
  if (!box) continue;
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (button) mark(box, button.dataset.mark);
  });
}

for (const box of document.querySelectorAll("#editor textarea")) {
  const grow = () => {
    box.rows = Math.max(7, Math.min(30, box.value.split("\n").length + 2));
  };
  box.addEventListener("input", grow);
  grow();
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    document.querySelector("[data-save]")?.click();
  }
});

function mark(box, kind) {
  const { selectionStart: from, selectionEnd: to, value } = box;
  const picked = value.slice(from, to);
  let made = `**${picked}**`;
  let start = from;
  if (kind !== "bold") {
    start = value.lastIndexOf("\n", from - 1) + 1;
    made = value
      .slice(start, to)
      .split("\n")
      .map((line, place) => MARKS[kind](place) + line)
      .join("\n");
  }
  box.setRangeText(made, start, to, "end");
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
