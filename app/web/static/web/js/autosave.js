/* Saves a text while it is written. On the <form>: data-autosave="address"; inside it an element
   [data-saved] (role=status) with data-saving, data-done ("Saved %s"), data-failed, data-local words.
   Posts the whole form every 10 s after a change and on leaving a field, with X-Autosave: 1; the answer is
   204 or JSON {"saved": "10:32:05", "version": "..."}; `version` replaces the form's input of that name.
   409 stops autosaving and shows data-conflict. What could not be saved is kept in this tab's storage; a hidden
   button [data-restore] in the form appears when such a copy is there and differs, and puts it back. */

const EVERY_MS = 10_000;

for (const form of document.querySelectorAll("form[data-autosave]")) start(form);

function start(form) {
  const status = form.querySelector("[data-saved]");
  const key = `draft ${location.pathname}`;
  let changed = false;
  let sending = false;
  let stopped = false;

  const say = (state, words) => {
    if (!status || !words) return;
    status.dataset.state = state;
    status.textContent = words;
  };

  async function save() {
    if (!changed || sending || stopped) return;
    changed = false;
    sending = true;
    say("saving", status?.dataset.saving);
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "X-Autosave": "1", Accept: "application/json" },
      });
      if (answer.status === 409) {
        stopped = true;
        say("failed", status?.dataset.conflict ?? status?.dataset.failed);
      } else if (!answer.ok || answer.redirected) {
        throw new Error(String(answer.status));
      } else {
        const said = answer.status === 204 ? {} : await answer.json();
        if (said.version !== undefined && form.elements.version) form.elements.version.value = said.version;
        sessionStorage.removeItem(key);
        say("saved", status?.dataset.done?.replace("%s", said.saved ?? ""));
        form.dispatchEvent(new CustomEvent("saved"));
      }
    } catch {
      changed = true;
      keep();
      say("failed", status?.dataset.failed);
    }
    sending = false;
  }

  function keep() {
    try {
      sessionStorage.setItem(key, JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrf_token")));
    } catch {
      /* A full storage loses the copy, not the form. */
    }
  }

  offerCopy(form, key);
  form.addEventListener("input", () => {
    changed = true;
  });
  form.addEventListener("focusout", save);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  form.addEventListener("submit", () => {
    stopped = true;
  });
  setInterval(save, EVERY_MS);
}

function offerCopy(form, key) {
  const button = form.querySelector("[data-restore]");
  const copy = JSON.parse(sessionStorage.getItem(key) ?? "[]").filter(([name]) => form.elements[name]?.type === "textarea");
  if (!button || copy.every(([name, value]) => form.elements[name].value === value)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const [name, value] of copy) form.elements[name].value = value;
    button.hidden = true;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
