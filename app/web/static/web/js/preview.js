/* Shows what the server makes of a text while it is written. On the field or form: data-preview="address",
   data-preview-into="id of the element that takes the HTML". Posts the enclosing form 0.4 s after the last key;
   only the newest answer counts. Without scripts a button posts and returns instead. */

const WAIT_MS = 400;

for (const source of document.querySelectorAll("[data-preview]")) {
  const form = source.closest("form");
  const target = document.getElementById(source.dataset.previewInto);
  if (!form || !target) continue;
  let timer;
  let running;
  source.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, WAIT_MS);
  });

  async function show() {
    running?.abort();
    running = new AbortController();
    target.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(source.dataset.preview, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "X-Preview": "1" },
        signal: running.signal,
      });
      if (answer.ok && !answer.redirected) target.innerHTML = await answer.text();
      target.removeAttribute("aria-busy");
    } catch (fault) {
      // An older request that was overtaken is no fault; any other leaves the last preview standing.
      if (fault.name !== "AbortError") target.removeAttribute("aria-busy");
    }
  }
}
