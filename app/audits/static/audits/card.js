/* The scorecard: answering "not met" opens the note and goes there, because it has to be written. */
for (const question of document.querySelectorAll(".question")) {
  const about = question.querySelector("details");
  const open = () => { about.open = true; };
  question.addEventListener("change", (event) => {
    if (event.target.type !== "radio" || event.target.value !== "not_met") return;
    open();
    about.querySelector("textarea").focus();
  });
  question.addEventListener("keydown", (event) => {
    if (event.key === "n" && !event.target.closest("textarea, input[type=text]")) open();
  }, { capture: true });
}
