/* Asks once before typed words are lost. On the form: data-confirm-leave. Silent once the form is sent, or saved
   by autosave (the form's "saved" event). */

for (const form of document.querySelectorAll("form[data-confirm-leave]")) {
  let unsaved = false;
  form.addEventListener("input", () => {
    unsaved = true;
  });
  for (const name of ["submit", "saved"]) {
    form.addEventListener(name, () => {
      unsaved = false;
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}
