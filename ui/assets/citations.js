// Draws claims and cards from plain text. Text only ever goes through textContent.

function make(tag, name, text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}

// A link of our own ("?ep=…&t=…"): followed inside the page, opened elsewhere by the usual keys.
function inside(query, name, text, tell) {
  const link = make("a", name, text);
  link.href = query;
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    tell("followed", query);
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

function button(name, text, label, press) {
  const made = make("button", name, text);
  made.type = "button";
  made.dataset.label = label;
  made.setAttribute("aria-label", label);
  made.onclick = press;
  return made;
}

// What may not be shown as a quote is struck out, in words too, with the nearest that was said.
function struck(quote, tell) {
  const box = make("div", "struck");
  box.append(make("span", "why", `${quote.status}: `), make("s", "", quote.claim));
  if (quote.nearest) box.append(make("span", "near", ` What was said: “${quote.nearest}” `));
  if (quote.query) box.append(inside(quote.query, "at", quote.at || "Open", tell));
  return box;
}

function claim(data, tell) {
  const box = make("div", `claim ${data.quoted ? "quoted" : ""} ${data.tone}`);
  if (data.label) box.append(make("span", `mark ${data.tone}`, data.label), " ");
  box.append(make(data.quoted ? "q" : "span", "text", data.text));
  for (const chip of data.chips) {
    const link = inside(chip.query, "chip", `${chip.number}`, tell);
    link.setAttribute("aria-label", chip.label);
    link.title = chip.label;
    box.append(" ", link);
  }
  if (data.edit)
    box.append(" ", button("act", "Edit", `Edit: ${data.text}`, () => tell("edited", data.edit)));
  if (data.by) box.append(make("div", "by", data.by));
  if (data.caveat) box.append(make("div", "caveat", data.caveat));
  box.append(...data.struck.map((quote) => struck(quote, tell)));
  return box;
}

function pick(data, picked, tell) {
  const taken = picked.includes(data.pick);
  const text = taken ? "In your draft ✓" : "Use in a draft";
  const made = button("act", text, `Use in a draft: ${data.text}`, () => tell("picked", data.pick));
  made.setAttribute("aria-pressed", `${taken}`);
  return made;
}

function card(data, picked, tell) {
  const box = make("li", "card");
  const head = make("div", "head");
  if (data.number) head.append(make("span", "number", `${data.number}`));
  head.append(inside(data.query, "title", data.title, tell));
  for (const badge of data.badges) head.append(make("span", `badge ${badge.tone}`, badge.text));
  box.append(head);
  if (data.meta) box.append(make("div", "meta", data.meta));
  if (data.text) box.append(make("p", "excerpt", data.text));
  if (data.action || data.link || data.pick) {
    const foot = make("div", "foot");
    if (data.action) foot.append(inside(data.query, "action", data.action, tell));
    if (data.link) foot.append(outside(data.link, data.link_text));
    if (data.pick) foot.append(pick(data, picked, tell));
    box.append(foot);
  }
  return box;
}

// Where the browser keeps the clipboard to itself, the text stands ready to be copied by hand.
function copier(text) {
  const box = make("div", "copier");
  const told = make("span", "told");
  told.setAttribute("role", "status");
  const press = async () => {
    try {
      await navigator.clipboard.writeText(text);
      told.textContent = "Copied.";
    } catch {
      const area = make("textarea", "", text);
      Object.assign(area, { readOnly: true, rows: 6 });
      area.setAttribute("aria-label", "Markdown");
      told.replaceChildren(area);
      area.select();
    }
  };
  box.append(button("act", "Copy as Markdown", "Copy as Markdown", press), " ", told);
  return box;
}

// Drawing anew must not throw a keyboard user back to the top.
function focus(parent, name) {
  if (!name) return;
  const all = [...parent.querySelectorAll("a, button")];
  all.find((each) => (each.getAttribute("href") ?? each.dataset.label) === name)?.focus();
}

const drawn = new WeakMap();

export default function ({ data, parentElement, setTriggerValue: tell }) {
  const find = (name) => parentElement.querySelector(name);
  const all = find("details");
  const text = JSON.stringify(data);
  if (drawn.get(all) === text) return;
  // What a reader opened stays open.
  if (!drawn.has(all)) all.open = !data.folded;
  drawn.set(all, text);
  const active = parentElement.activeElement;
  const focused = active?.getAttribute("href") ?? active?.dataset?.label;
  find("summary").hidden = !data.folded;
  find("summary").textContent = data.title;
  find(".claims").replaceChildren(
    ...(data.title && !data.folded ? [make("h2", "asked", data.title)] : []),
    ...data.claims.map((item) => claim(item, tell)),
    ...data.remarks.map((item) => make("div", "remark", item)),
    ...(data.copy ? [copier(data.copy)] : []),
  );
  const cards = find(".cards");
  cards.replaceChildren(...data.cards.map((item) => card(item, data.picked, tell)));
  cards.hidden = data.cards.length === 0;
  cards.classList.toggle("plain", data.plain);
  focus(parentElement, focused);
}
