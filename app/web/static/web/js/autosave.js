/* Saves a text while it is written. On the <form>: data-autosave="address"; inside it an element
   [data-saved] (role=status) with data-saving, data-done ("Saved %s"), data-failed, data-local words.
   Posts the whole form every 10 s after a change and on leaving a field, with X-Autosave: 1; the answer is
   204 or JSON {"saved": "10:32:05", "version": "..."}; `version` replaces the form's input of that name.
   A button that is pressed while a save is under way waits for its answer, at most WAIT_MS: it would else carry the
   version before it and meet its own words as somebody else's.
   409 stops autosaving and shows data-conflict. What is typed and not saved yet is kept in this tab's storage, with
   data-autosave-owner="whose words they are" in the browser's, so that it outlives a killed browser; a good save takes
   the copy away. A hidden button [data-restore] in the form appears when a copy is there and differs, and puts it back. */

const EVERY_MS = 10_000;
const KEEP_MS = 500;
const WAIT_MS = 3_000;
const KEEPALIVE_MOST = 60_000; // characters that a browser still sends while the page goes

for (const form of document.querySelectorAll("form[data-autosave]")) start(form);

function start(form) {
  const status = form.querySelector("[data-saved]");
  const owner = form.dataset.autosaveOwner;
  const storage = owner ? localStorage : sessionStorage;
  const key = `draft ${owner ?? ""} ${location.pathname}`;
  let keeping;
  let changed = false;
  let sending = null; // the save under way
  let stopped = false;

  const say = (state, words) => {
    if (!status || !words) return;
    status.dataset.state = state;
    status.textContent = words;
  };

  function save() {
    if (!changed || sending || stopped) return;
    sending = send().finally(() => {
      sending = null;
    });
  }

  async function send() {
    changed = false;
    say("saving", status?.dataset.saving);
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body,
        keepalive: body.toString().length < KEEPALIVE_MOST,
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
        if (!changed) forget();
        say("saved", status?.dataset.done?.replace("%s", said.saved ?? ""));
        form.dispatchEvent(new CustomEvent("saved"));
      }
    } catch {
      changed = true;
      keep();
      say("failed", status?.dataset.failed);
    }
  }

  function forget() {
    clearTimeout(keeping);
    storage.removeItem(key);
  }

  function keep(isSent = false) {
    clearTimeout(keeping);
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
    try {
      storage.setItem(key, JSON.stringify({ fields, isSent }));
    } catch {
      /* A full storage loses the copy, not the form. */
    }
  }

  offerCopy(form, storage, key);
  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(keeping);
    keeping = setTimeout(keep, KEEP_MS);
  });
  form.addEventListener("focusout", save);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  window.addEventListener("pagehide", () => {
    if (changed && !stopped) keep();
    save();
  });
  form.addEventListener("submit", (event) => {
    if (sending && !stopped) {
      event.preventDefault();
      const late = new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      Promise.race([sending, late]).then(() => {
        stopped = true;
        form.requestSubmit(event.submitter);
      });
      return;
    }
    stopped = true;
    if (changed) keep(true); // should the answer never come, the words are still here
  });
  setInterval(save, EVERY_MS);
}

function offerCopy(form, storage, key) {
  const button = form.querySelector("[data-restore]");
  const { fields = [], isSent = false } = JSON.parse(storage.getItem(key) ?? "{}");
  const copy = fields.filter(([name]) => ["textarea", "text"].includes(form.elements[name]?.type));
  // What was sent and has arrived is a version further on; then the page shows what became of it.
  const version = fields.find(([name]) => name === "version")?.[1];
  const hasArrived = isSent && version !== undefined && version !== form.elements.version?.value;
  if (!button || hasArrived || copy.every(([name, value]) => lines(form.elements[name].value) === lines(value))) {
    storage.removeItem(key);
    return;
  }
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const [name, value] of copy) form.elements[name].value = value;
    button.hidden = true;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function lines(text) {
  return text.replaceAll("\r\n", "\n").trim();
}
