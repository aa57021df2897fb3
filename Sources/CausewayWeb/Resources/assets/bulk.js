// Shows how far a change of many objects is. When it ends, the page is loaded again.
const rest = 700;
const section = document.querySelector("[data-bulk]");

async function look() {
  const answer = await fetch(section.dataset.bulk, { headers: { accept: "application/json" } });
  if (!answer.ok) return;
  const change = await answer.json();
  if (change.status !== "running") { window.location.reload(); return; }
  const settled = change.done + change.failed;
  const number = (count) => count.toLocaleString(document.documentElement.lang);
  section.querySelector("progress").value = settled;
  const words = section.querySelector("[data-words]");
  words.textContent = words.dataset.words.replace("{done}", number(settled)).replace("{total}", number(change.total));
  setTimeout(follow, rest);
}

// A line that breaks is tried again.
const follow = () => look().catch(() => setTimeout(follow, 5 * rest));
if (section) setTimeout(follow, rest);
