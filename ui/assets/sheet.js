// Draws headings, lines, tables and work in hand. Text only ever goes through textContent.

function make(tag, name, text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}

function heading(block) {
  const title = make(block.small ? "h3" : "h2", "heading", block.text);
  if (block.arrive) title.tabIndex = -1;
  return title;
}

function lines(block) {
  const box = make("div", "lines");
  box.append(...block.texts.map((text) => make("p", "line", text)));
  return box;
}

// The bar shows what the words beside it say, so it is nothing to a screen reader.
function reach(cell) {
  const track = make("span", "track");
  track.setAttribute("aria-hidden", "true");
  const bar = make("span", "bar");
  bar.style.left = `${cell.low * 100}%`;
  bar.style.width = `${(cell.high - cell.low) * 100}%`;
  const dot = make("span", "dot");
  dot.style.left = `${cell.value * 100}%`;
  track.append(bar, dot);
  return [track, make("span", "told", cell.text)];
}

// A column of figures is set flush right, whatever else it says stands in words.
function figures(block) {
  return block.head.map((_, column) =>
    block.rows.some((cells) => /^[+-]?\d+(\.\d+)?%?$/.test(cells[column])),
  );
}

function row(cells, right) {
  const line = make("tr", "");
  cells.forEach((cell, column) => {
    const box = make(column ? "td" : "th", column && right[column] ? "figure" : "");
    if (!column) box.scope = "row";
    if (typeof cell === "string") box.textContent = cell;
    else box.append(...reach(cell));
    line.append(box);
  });
  return line;
}

function table(block) {
  const box = make("div", "scroll");
  // What is wider than a phone is scrolled by keys too.
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", block.caption);
  const drawn = make("table", "");
  const head = make("tr", "");
  const right = figures(block);
  block.head.forEach((name, column) => {
    const cell = make(name ? "th" : "td", column && right[column] ? "figure" : "", name);
    if (name) cell.scope = "col";
    head.append(cell);
  });
  const top = make("thead", "");
  top.append(head);
  const body = make("tbody", "");
  body.append(...block.rows.map((cells) => row(cells, right)));
  drawn.append(top, body);
  drawn.setAttribute("aria-label", block.caption);
  box.append(drawn);
  const figure = make("figure", "");
  figure.append(make("figcaption", "", block.caption), box);
  return figure;
}

function task(block, act) {
  const box = make("article", "task");
  const head = make("div", "head");
  head.append(make("h3", "title", block.title), make("span", `badge ${block.tone}`, block.state));
  box.append(head);
  if (block.meta) box.append(make("p", "meta", block.meta));
  if (block.share !== null) {
    const bar = make("progress", "");
    bar.max = 1;
    bar.value = block.share;
    bar.setAttribute("aria-label", `${block.title}: ${block.meta}`);
    box.append(bar);
  }
  box.append(...block.notes.map((text) => make("p", "note", text)));
  const foot = make("div", "foot");
  for (const item of block.acts) {
    const button = make("button", "act", item.text);
    button.type = "button";
    button.dataset.said = item.said;
    button.setAttribute("aria-label", `${item.text}: ${block.title}`);
    button.onclick = () => act(item.said);
    foot.append(button);
  }
  if (block.query) {
    const link = make("a", "open", block.query_text);
    link.href = block.query;
    foot.append(link);
  }
  if (foot.childElementCount) box.append(foot);
  return box;
}

const KINDS = { heading, lines, table, task };
const drawn = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const sheet = parentElement.querySelector(".sheet");
  const text = JSON.stringify(data.blocks);
  if (drawn.get(sheet) === text) return;
  drawn.set(sheet, text);
  const act = (said) => setTriggerValue("acted", said);
  const focused = parentElement.activeElement?.dataset?.said;
  sheet.replaceChildren(...data.blocks.map((block) => KINDS[block.kind](block, act)));
  sheet.querySelector(".heading[tabindex]")?.focus();
  // Drawing anew must not throw a keyboard user back to the top.
  const buttons = [...sheet.querySelectorAll("button")];
  if (focused) buttons.find((button) => button.dataset.said === focused)?.focus();
}
