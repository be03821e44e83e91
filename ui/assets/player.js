// Plays an episode and shows its lines; the marked ones are scrolled into view.
// The audio element is never replaced, so it plays on while the page around it is drawn anew.

const players = new WeakMap();
const SCROLLING = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "]);

function make(tag, name, text = "") {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}

// A link of our own: followed inside the page, opened elsewhere by the usual keys.
function inside(link, follow) {
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    follow();
  };
}

class Player {
  constructor(root) {
    this.find = (name) => root.querySelector(name);
    this.audio = this.find("audio");
    this.lines = this.find(".lines");
    this.timed = [];
    this.following = true;
    this.audio.ontimeupdate = () => this.follow();
    this.audio.onerror = () => this.silent();
    this.audio.onplay = () => this.offer();
    this.audio.onpause = () => this.offer();
    for (const event of ["wheel", "touchmove"])
      this.lines.addEventListener(event, () => this.leave(), { passive: true });
    this.lines.addEventListener("keydown", (event) => this.pressed(event));
    this.find(".resume").onclick = () => this.resume();
  }

  // Whoever scrolls reads on in peace; a button brings the spoken line back.
  leave() {
    this.following = false;
    this.offer();
  }

  // One turn is a stop for the Tab key, and arrows lead to the others: a transcript has thousands.
  pressed(event) {
    const turn = event.target.closest(".turn");
    const next = { ArrowDown: turn?.nextElementSibling, ArrowUp: turn?.previousElementSibling }[event.key];
    if (SCROLLING.has(event.key)) this.leave();
    if (!next) return;
    event.preventDefault();
    const kind = event.target.className;
    this.stop(next);
    (next.querySelector(`.${kind}`) ?? next.querySelector("a, button"))?.focus();
  }

  stop(turn) {
    for (const each of this.stops ?? []) each.tabIndex = -1;
    this.stops = turn ? [...turn.querySelectorAll("a, button")] : [];
    for (const each of this.stops) each.tabIndex = 0;
  }

  resume() {
    this.following = true;
    this.offer();
    this.show(this.at(this.audio.currentTime));
    this.lines.focus();
  }

  offer() {
    this.find(".resume").hidden = this.following || this.audio.paused;
  }

  draw(data, tell) {
    this.tell = tell;
    this.find("h3").textContent = data.title;
    this.find(".meta").textContent = data.meta;
    this.find(".note").textContent = data.note;
    this.lines.setAttribute("aria-label", `${data.label}: arrow keys lead from turn to turn`);
    this.link(data);
    this.load(data.audio);
    this.elsewhere(data.page);
    const script = JSON.stringify([data.turns, data.chapters, data.audio, data.naming]);
    if (script !== this.script) this.write(data);
    this.script = script;
    if (data.cue !== this.cue) this.go(data);
    this.cue = data.cue;
  }

  link(data) {
    const link = this.find(".outside");
    link.hidden = !/^https?:\/\//.test(data.link);
    link.textContent = data.link_text;
    if (!link.hidden) link.href = data.link;
  }

  elsewhere(query) {
    const link = this.find(".page");
    link.hidden = !query;
    if (query) link.href = query;
    inside(link, () => this.tell("followed", query));
  }

  load(address) {
    this.audio.hidden = !address;
    this.find(".player").classList.toggle("sounding", Boolean(address));
    if (this.audio.getAttribute("src") === address) return;
    if (address) this.audio.src = address;
    else this.audio.removeAttribute("src");
  }

  silent() {
    if (this.audio.getAttribute("src"))
      this.find(".note").textContent = "This browser cannot play the audio.";
  }

  write(data) {
    this.timed = [];
    this.now = null;
    const top = this.lines.scrollTop;
    this.lines.replaceChildren(...data.turns.map((turn) => this.turn(turn, data.naming)));
    // The lines are new elements: what was marked is marked again, nothing else moves.
    this.stop(this.mark(data)[0]?.closest(".turn") ?? this.lines.firstElementChild);
    this.lines.scrollTop = top;
    const chapters = this.find(".chapters");
    chapters.hidden = data.chapters.length === 0;
    chapters.open = true;
    chapters.querySelector("ol").replaceChildren(...data.chapters.map((item) => this.chapter(item)));
  }

  turn(data, naming) {
    const box = make("div", "turn");
    const head = make("div", "who", data.speaker ? `${data.speaker} ` : "");
    if (data.at) head.append(this.jump(data.query, data.at, data.lines[0].start));
    if (naming) head.append(this.naming(data));
    const text = make("p", "said");
    for (const line of data.lines) text.append(this.line(line), " ");
    for (const each of head.querySelectorAll("a, button")) each.tabIndex = -1;
    box.append(head, text);
    return box;
  }

  naming(data) {
    const button = make("button", "naming", data.speaker ? "Rename" : "Name the speaker");
    button.type = "button";
    const at = data.at ? ` at ${data.at}` : "";
    button.setAttribute("aria-label", `${button.textContent} ${data.speaker}${at}`);
    button.onclick = () => this.tell("named", `${data.lines[0].number}`);
    return button;
  }

  line(data) {
    const line = make("span", "line", data.text);
    line.dataset.number = data.number;
    if (data.start === null) return line;
    this.timed.push({ start: data.start, line });
    line.onclick = () => this.seek(data.start);
    return line;
  }

  chapter(data) {
    const item = make("li", "");
    item.append(this.jump(data.query, data.at, data.start), ` ${data.title}`);
    return item;
  }

  jump(query, text, seconds) {
    const link = make("a", "at", text);
    link.href = query;
    inside(link, () => {
      this.following = true;
      this.seek(seconds);
      this.show(this.at(seconds));
    });
    return link;
  }

  mark(data) {
    for (const line of this.lines.querySelectorAll(".marked")) line.classList.remove("marked");
    const marked = [...this.lines.querySelectorAll(".line")].filter(
      (line) => data.first <= +line.dataset.number && +line.dataset.number <= data.last,
    );
    for (const line of marked) line.classList.add("marked");
    return marked;
  }

  go(data) {
    const marked = this.mark(data);
    this.following = true;
    this.offer();
    this.show(marked[0]);
    if (marked.length) this.stop(marked[0].closest(".turn"));
    if (data.seconds !== null && data.audio) this.audio.currentTime = data.seconds;
    // A browser may refuse to start by itself; the cue then stands ready.
    if (data.play && data.audio) this.audio.play().catch(() => undefined);
    if (data.play) this.arrive();
  }

  // On a phone the player stands below the answer that was tapped.
  arrive() {
    const box = this.find(".player");
    const { top } = box.getBoundingClientRect();
    if (top < 0 || top > window.innerHeight - 240) box.scrollIntoView({ block: "start" });
  }

  seek(seconds) {
    if (!this.audio.getAttribute("src")) return;
    this.audio.currentTime = seconds;
    this.audio.play().catch(() => undefined);
  }

  at(seconds) {
    let found = this.timed[0];
    for (const entry of this.timed) if (entry.start <= seconds + 0.05) found = entry;
    return found?.line;
  }

  show(line) {
    if (!line) return this.lines.scrollTo({ top: 0 });
    const top = line.getBoundingClientRect().top - this.lines.getBoundingClientRect().top;
    this.lines.scrollTo({ top: this.lines.scrollTop + top - this.lines.clientHeight / 3 });
  }

  follow() {
    const line = this.at(this.audio.currentTime);
    if (line === this.now) return;
    this.now?.classList.remove("now");
    line?.classList.add("now");
    this.now = line;
    if (!this.following || this.audio.paused || !line) return;
    const box = this.lines.getBoundingClientRect();
    const { top, bottom } = line.getBoundingClientRect();
    if (top < box.top || bottom > box.bottom) this.show(line);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (!players.has(parentElement)) players.set(parentElement, new Player(parentElement));
  players.get(parentElement).draw(data, setTriggerValue);
  return () => players.get(parentElement)?.audio.pause();
}
