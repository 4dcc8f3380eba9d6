/* Loads the page anew every 3 s while [data-reload] stands on it; without scripts the page refreshes itself. */

if (document.querySelector("[data-reload]")) setTimeout(() => location.reload(), 3_000);
