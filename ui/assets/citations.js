// Draws claims and cards from plain text. Text only ever goes through textContent.

function make(tag, name, text = "") {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}

// A link of our own ("?ep=…&t=…"): followed inside the page, opened elsewhere by the usual keys.
function inside(query, name, text, follow) {
  const link = make("a", name, text);
  link.href = query;
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    follow(query);
  };
  return link;
}

// A link to the publisher; anything but http(s) stays text.
function outside(address, text) {
  if (!/^https?:\/\//.test(address)) return make("span", "outside", text);
  const link = make("a", "outside", text);
  Object.assign(link, { href: address, target: "_blank", rel: "noopener noreferrer" });
  return link;
}

function claim(data, follow) {
  const box = make("div", `claim ${data.quoted ? "quoted" : ""}`);
  box.append(make(data.quoted ? "q" : "span", "text", data.text));
  for (const chip of data.chips) {
    const link = inside(chip.query, "chip", `${chip.number}`, follow);
    link.setAttribute("aria-label", chip.label);
    link.title = chip.label;
    box.append(" ", link);
  }
  if (data.by) box.append(make("div", "by", data.by));
  if (data.caveat) box.append(make("div", "caveat", data.caveat));
  return box;
}

function card(data, follow) {
  const box = make("li", "card");
  const head = make("div", "head");
  if (data.number) head.append(make("span", "number", `${data.number}`));
  head.append(inside(data.query, "title", data.title, follow));
  for (const badge of data.badges) head.append(make("span", `badge ${badge.tone}`, badge.text));
  box.append(head);
  if (data.meta) box.append(make("div", "meta", data.meta));
  if (data.text) box.append(make("p", "excerpt", data.text));
  if (data.action || data.link) {
    const foot = make("div", "foot");
    if (data.action) foot.append(inside(data.query, "action", data.action, follow));
    if (data.link) foot.append(outside(data.link, data.link_text));
    box.append(foot);
  }
  return box;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const follow = (query) => setTriggerValue("followed", query);
  const focused = parentElement.activeElement?.getAttribute("href");
  const claims = parentElement.querySelector(".claims");
  const cards = parentElement.querySelector(".cards");
  claims.replaceChildren(
    ...data.claims.map((item) => claim(item, follow)),
    ...data.remarks.map((text) => make("div", "remark", text)),
  );
  cards.replaceChildren(...data.cards.map((item) => card(item, follow)));
  cards.hidden = data.cards.length === 0;
  cards.classList.toggle("plain", data.plain);
  // Drawing anew must not throw a keyboard user back to the top.
  const links = [...parentElement.querySelectorAll("a")];
  if (focused) links.find((link) => link.getAttribute("href") === focused)?.focus();
}
