/* Takes what is pasted from a word processor or a table into the clause's boxes: the server turns it into our form.
   On the form: data-paste="address". A paste without HTML, and one that could not be cleaned, goes in as plain words. */

for (const form of document.querySelectorAll("form[data-paste]")) {
  form.addEventListener("paste", (event) => {
    const box = event.target.closest("textarea");
    const html = event.clipboardData?.getData("text/html");
    if (!box || !html) return;
    const words = event.clipboardData.getData("text/plain");
    event.preventDefault();
    clean(form, html, words).then((text) => put(box, text));
  });
}

async function clean(form, html, words) {
  try {
    const answer = await fetch(form.dataset.paste, {
      method: "POST",
      body: html,
      headers: { "Content-Type": "text/html", "X-CSRFToken": form.elements.csrf_token.value },
    });
    if (answer.ok && !answer.redirected) return (await answer.json()).text;
  } catch {
    /* No connection: the plain words are better than none. */
  }
  return words;
}

function put(box, text) {
  box.focus();
  // The old command is the one way to put words in that Ctrl+Z takes out again.
  if (!document.execCommand("insertText", false, text)) {
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
