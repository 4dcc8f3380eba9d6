/* Counts a target again while it is typed. On the form: data-replay="address of the answer",
   data-replay-into="id of the element that takes the HTML". The address of the page follows, so that it can be shared.
   Without scripts the button of the form does the same. */

const WAIT_MS = 200;

for (const form of document.querySelectorAll("form[data-replay]")) {
  const target = document.getElementById(form.dataset.replayInto);
  if (!target) continue;
  let timer;
  let running;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, WAIT_MS);
  });

  async function show() {
    running?.abort();
    running = new AbortController();
    const asked = new URLSearchParams(new FormData(form)).toString();
    target.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${form.dataset.replay}?${asked}`, { signal: running.signal });
      if (answer.ok && !answer.redirected) {
        target.innerHTML = await answer.text();
        history.replaceState(null, "", `?${asked}`);
      }
      target.removeAttribute("aria-busy");
    } catch (fault) {
      // An older question that was overtaken is no fault; any other leaves the last answer standing.
      if (fault.name !== "AbortError") target.removeAttribute("aria-busy");
    }
  }
}
