/* Asks how far long work is. On the block: data-poll="address" that answers with the block's HTML anew;
   every 3 s, until the answer carries no data-poll. 404, 410 and three failures in a row stop it; the plain
   Refresh link stays. While the tab is hidden nothing is asked. */

const EVERY_MS = 3_000;
const TRIES = 3;

for (const block of document.querySelectorAll("[data-poll]")) setTimeout(() => ask(block, 0), EVERY_MS);

async function ask(block, failed) {
  if (document.hidden) return setTimeout(() => ask(block, failed), EVERY_MS);
  try {
    const answer = await fetch(block.dataset.poll, { headers: { "X-Poll": "1" } });
    if (answer.status === 404 || answer.status === 410) return undefined;
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const holder = document.createElement("template");
    holder.innerHTML = (await answer.text()).trim();
    const fresh = holder.content.firstElementChild;
    if (!fresh) return undefined;
    block.replaceWith(fresh);
    if (fresh.dataset.poll) setTimeout(() => ask(fresh, 0), EVERY_MS);
  } catch {
    if (failed + 1 < TRIES) setTimeout(() => ask(block, failed + 1), EVERY_MS * (failed + 2));
  }
  return undefined;
}
