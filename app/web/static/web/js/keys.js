/* Single-key shortcuts of long lists, off in fields and when the person turned them off.
   On the list: data-keys-list; on each row: data-keys-row (focusable inside, or tabindex="-1").
   j and k move between rows. Inside the row that has focus: data-key="s" on a button or input presses it;
   radios marked data-key="1" 2 3 are chosen and the next row follows when the list has data-keys-next. */

const shortcutsOn = () => document.documentElement.dataset.keys !== "off";
const typing = (target) => target.closest("textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]");

for (const list of document.querySelectorAll("[data-keys-list]")) {
  const rows = () => [...list.querySelectorAll("[data-keys-row]")];
  const current = () => document.activeElement?.closest("[data-keys-row]");

  const go = (step) => {
    const here = rows().indexOf(current());
    const row = rows()[here < 0 ? 0 : here + step];
    if (!row) return;
    if (!row.hasAttribute("tabindex")) row.tabIndex = -1;
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    if (!shortcutsOn() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "j") return go(1);
    if (event.key === "k") return go(-1);
    const row = current() ?? (rows().length === 1 ? rows()[0] : null);
    const control = row?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!control) return undefined;
    event.preventDefault();
    if (control.matches("textarea, input[type=text]")) return control.focus();
    control.click();
    if (control.type === "radio" && list.hasAttribute("data-keys-next")) go(1);
    return undefined;
  });
}
