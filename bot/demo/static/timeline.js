// The life of a complaint as a picture: time runs down, four lanes show whose turn it was, bars show what was promised.
// The drawing is SVG, the words beside it are a list, so that it can be read aloud too.
import { dayName, explain, limit, span } from "./words.js";

const LANES = ["customer", "assignee", "supervisor", "clock"];
const QUIET = new Set(["registered", "surveyed"]); // always with an event that says more
const MOMENT_MS = 1500; // what was decided together
const AHEAD_MOST = 4;
const SVG = "http://www.w3.org/2000/svg";
const AT = { bars: 54, bar: 15, barGap: 5, lane: 23, text: 26 };

/** Draws into `root`. */
export class Timeline {
  constructor(root) {
    this.root = root;
    this._seen = null;
    this._tip = make("div", "tip", { hidden: true });
    this._tip.setAttribute("role", "tooltip");
    document.body.append(this._tip);
    this._pinned = null;
    document.addEventListener("click", (event) => {
      if (!event.target.closest?.(".explains")) this._hide();
    });
    document.addEventListener("keydown", (event) => event.key === "Escape" && this._hide());
    window.addEventListener("resize", () => this._last && this.draw(...this._last));
  }

  /** life: as the state gives it; now: Date; words: ours; codes: the service's words for its codes; zone: whose time is shown. */
  draw(life, now, words, codes, zone) {
    this._last = [life, now, words, codes, zone];
    this._hide();
    this._words = words;
    this._codes = codes;
    this._time = new Intl.DateTimeFormat(words.tag, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
    this._dayKey = new Intl.DateTimeFormat("en-CA", { timeZone: zone });
    if (!life) {
      this.root.replaceChildren();
      this._seen = new Set();
      return;
    }
    const first = this._seen === null || this._reference !== life.reference;
    if (first) this._seen = new Set(life.events.map((event) => event.id));
    this._reference = life.reference;
    const rows = this._rows(life, now);
    const bars = life.deadlines.map((deadline) => this._bar(deadline, life, now));
    this._place(rows, bars);
    for (const event of life.events) this._seen.add(event.id);
  }

  // ---- what is shown -------------------------------------------------------------------------------------------------

  _rows(life, now) {
    const rows = [];
    const events = life.events.filter((event) => !QUIET.has(event.kind));
    const told = share(events, life.notices);
    let round = 1;
    events.forEach((event, index) => {
      const at = new Date(event.at);
      if (event.kind === "reopened") {
        round += 1;
        rows.push({ kind: "round", at, label: this._words.roundMark(round), round });
      }
      const before = events[index - 1];
      const echo = event.kind === "reopened" && before?.kind === "rated" && before.note === event.note;
      rows.push({
        kind: "event",
        at,
        event,
        lane: event.lane,
        label: this._label(event),
        note: echo ? "" : this._note(event),
        told: told.get(event.id) ?? [],
        tone: tone(event),
        fresh: !this._seen.has(event.id),
      });
    });
    for (const deadline of life.deadlines) {
      if (["late", "overdue", "running"].includes(deadline.state)) {
        const due = new Date(deadline.due_at);
        rows.push({ kind: "due", at: due, label: this._words.dueHere(this._clock(deadline.clock)), deadline, past: due < now });
      }
    }
    if (!life.settled) {
      rows.push({ kind: "now", at: now, label: this._words.now });
      const ahead = life.ahead.filter((timer) => timer.rule !== "overdue" || new Date(timer.at) - now < 36 * 3_600_000);
      for (const timer of ahead.slice(0, AHEAD_MOST)) {
        if (timer.rule === "overdue" && rows.some((row) => row.kind === "due" && Math.abs(row.at - new Date(timer.at)) < 5000)) continue;
        const say = this._words.ahead[timer.rule];
        if (say) rows.push({ kind: "ahead", at: new Date(timer.at), lane: "clock", label: say(this._clock(timer.clock)) });
      }
    }
    rows.forEach((row, index) => (row.index = index));
    rows.sort((a, b) => Math.floor(a.at / 1000) - Math.floor(b.at / 1000) || rank(a, b) || a.index - b.index);
    return this._withDays(rows);
  }

  _withDays(rows) {
    const all = [];
    let day = null;
    for (const row of rows) {
      const key = this._dayKey.format(row.at);
      if (key !== day) all.push({ kind: "day", at: row.at, label: dayName(this._words.tag, row.at, this._last[4]) });
      day = key;
      all.push(row);
    }
    return all;
  }

  _label(event) {
    const { event: names, ended } = this._words;
    if (event.kind === "closed") return ended[event.facts.closed_as ?? event.facts.as ?? this._last[0].closed_as] ?? names.closed;
    if (event.kind === "rated") return `${names.rated} · ${this._codes.rating[event.facts.rating] ?? event.facts.rating}`;
    const name = names[event.kind] ?? event.kind;
    return typeof name === "function" ? name(event) : name;
  }

  _note(event) {
    const words = this._words;
    if (event.kind === "reminded") return words.remindedOf(this._clock(event.facts.clock));
    if (event.kind === "overdue") return words.overdueOf(this._clock(event.facts.clock), Number(event.facts.count ?? 1));
    if (event.kind === "received") return this._last[0].summary;
    return event.note;
  }

  _clock(code) {
    return this._codes.clock[code] ?? CLOCKS[this._words.tag]?.[code] ?? code;
  }

  _bar(deadline, life, now) {
    const start = new Date(deadline.started_at);
    const due = new Date(deadline.due_at);
    const met = deadline.met_at && new Date(deadline.met_at);
    const pieces = [];
    if (deadline.state === "met") pieces.push([start, met, "met"]);
    if (deadline.state === "late") pieces.push([start, due, "running"], [due, met, "overdue"]);
    if (deadline.state === "running") pieces.push([start, now, "running"], [now, due, "coming"]);
    if (deadline.state === "overdue") pieces.push([start, due, "running"], [due, now, "overdue"]);
    if (deadline.state === "stopped") {
      const next = life.events.find((event) => ["reopened", "closed", "withdrawn", "invalid", "resolved"].includes(event.kind) && new Date(event.at) > start);
      pieces.push([start, next ? new Date(next.at) : due, "stopped"]);
    }
    return { deadline, pieces, start, end: pieces.at(-1)[1], label: this._clock(deadline.clock) };
  }

  // ---- where it stands -----------------------------------------------------------------------------------------------

  _place(rows, bars) {
    const list = make("ol", "words");
    const svg = draw("svg", { "aria-hidden": "true" });
    this.root.replaceChildren(svg, list);
    const wide = Math.min(4, Math.max(2, mostAtOnce(bars)));
    const lanes = AT.bars + wide * (AT.bar + AT.barGap) + 16;
    const laneAt = (name) => lanes + LANES.indexOf(name) * AT.lane;
    const text = lanes + (LANES.length - 1) * AT.lane + AT.text;
    list.style.setProperty("--text", `${text}px`);
    for (const row of rows) {
      row.element = this._item(row);
      list.append(row.element);
    }
    let y = 34;
    let before = null;
    for (const row of rows) {
      if (before) y += before.height / 2 + gap(before, row);
      row.height = Math.max(row.element.offsetHeight, row.kind === "event" ? 26 : 22);
      y += before ? row.height / 2 : 0;
      row.y = y;
      row.dot = row.kind === "event" ? y - row.height / 2 + 12 : y;
      row.element.style.top = `${y - row.height / 2}px`;
      before = row;
    }
    const height = y + (before?.height ?? 0) / 2 + 22;
    const width = this.root.clientWidth;
    this.root.style.height = `${height}px`;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    const dots = rows.filter((row) => row.kind !== "day" && row.kind !== "round");
    const yOf = scale(dots);
    this._drawLanes(svg, rows, laneAt, height);
    this._drawRounds(svg, rows, width);
    this._drawBars(svg, bars, yOf, wide);
    this._drawStory(svg, rows, laneAt);
    this._drawMarks(svg, rows, laneAt, width, text);
  }

  _item(row) {
    const item = make("li", `row ${row.kind} ${row.tone ?? ""}`);
    if (row.kind === "event") {
      item.tabIndex = 0;
      item.classList.add("explains");
      if (row.fresh) item.classList.add("fresh");
      item.dataset.kind = row.event.kind;
      item.dataset.event = row.event.id;
      item.append(make("strong", "what", { textContent: row.label }));
      if (row.event.by && !["clock", "customer"].includes(row.lane)) item.append(make("span", `who ${row.lane}`, { textContent: row.event.by }));
      if (row.note) item.append(make("span", "note", { textContent: row.note }));
      this._explains(item, () => this._eventTip(row));
    } else {
      item.append(make("span", "what", { textContent: row.label }));
      if (row.kind === "due") {
        item.classList.add("explains", row.past ? "past" : "future");
        item.tabIndex = 0;
        this._explains(item, () => this._deadlineTip(row.deadline));
      }
    }
    if (row.kind !== "day" && row.kind !== "round") item.append(make("time", "at", { textContent: this._time.format(row.at), dateTime: row.at.toISOString() }));
    return item;
  }

  // ---- drawing -------------------------------------------------------------------------------------------------------

  _drawLanes(svg, rows, laneAt, height) {
    const now = rows.find((row) => row.kind === "now");
    for (const lane of LANES) {
      const x = laneAt(lane);
      svg.append(draw("line", { x1: x, x2: x, y1: 24, y2: now ? now.y : height - 14, class: `lane ${lane}` }));
      if (now) svg.append(draw("line", { x1: x, x2: x, y1: now.y, y2: height - 14, class: `lane ${lane} coming` }));
      svg.append(draw("path", { d: GLYPHS[lane], class: `glyph ${lane}`, transform: `translate(${x - 9} 1) scale(.75)` }));
    }
  }

  _drawRounds(svg, rows, width) {
    for (const row of rows.filter((each) => each.kind === "round")) {
      svg.append(draw("line", { x1: 0, x2: width, y1: row.y, y2: row.y, class: "round-line" }));
    }
  }

  _drawBars(svg, bars, yOf, wide) {
    const taken = [];
    for (const bar of bars) {
      const top = yOf(bar.start);
      const bottom = Math.max(yOf(bar.end), top + 10);
      let column = taken.findIndex((until) => until + 6 < top);
      if (column < 0) column = taken.length < wide ? taken.length : taken.indexOf(Math.min(...taken));
      taken[column] = bottom;
      const x = AT.bars + column * (AT.bar + AT.barGap);
      const group = draw("g", { class: `bar explains ${bar.deadline.state}`, tabindex: 0, "data-clock": bar.deadline.clock, "data-round": bar.deadline.round });
      const id = `clip-${bar.deadline.clock}-${bar.deadline.round}`;
      const clip = draw("clipPath", { id });
      clip.append(draw("rect", { x, y: top, width: AT.bar, height: bottom - top, rx: AT.bar / 2 }));
      group.append(clip);
      const inside = draw("g", { "clip-path": `url(#${id})` });
      for (const [from, to, state] of bar.pieces) {
        const [y1, y2] = [yOf(from), Math.max(yOf(to), yOf(from) + (bar.pieces.length === 1 ? 10 : 0))];
        inside.append(draw("rect", { x, y: y1, width: AT.bar, height: Math.max(0, y2 - y1), class: `piece ${state}` }));
      }
      group.append(inside);
      group.append(draw("rect", { x: x + 0.5, y: top + 0.5, width: AT.bar - 1, height: bottom - top - 1, rx: AT.bar / 2 - 0.5, class: "outline" }));
      if (bottom - top > measure(bar.label) + 14) {
        group.append(nameOf(bar, x + AT.bar / 2, top + 8));
      }
      this._explains(group, () => this._deadlineTip(bar.deadline));
      svg.append(group);
    }
  }

  _drawStory(svg, rows, laneAt) {
    const events = rows.filter((row) => row.kind === "event");
    for (let index = 1; index < events.length; index += 1) {
      const [from, to] = [events[index - 1], events[index]];
      const [x1, y1, x2, y2] = [laneAt(from.lane), from.dot, laneAt(to.lane), to.dot];
      const bend = Math.min(26, (y2 - y1) / 2);
      const path = x1 === x2 ? `M${x1} ${y1}V${y2}` : `M${x1} ${y1}V${y2 - 2 * bend}C${x1} ${y2 - bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
      svg.append(draw("path", { d: path, class: `story ${from.lane}` }));
    }
  }

  _drawMarks(svg, rows, laneAt, width, text) {
    for (const row of rows) {
      if (row.kind === "event") {
        const x = laneAt(row.lane);
        const others = [...new Set(row.told.map((notice) => notice.lane))].filter((lane) => lane !== row.lane);
        if (others.length) {
          const xs = [x, ...others.map(laneAt)];
          svg.append(draw("line", { x1: Math.min(...xs), x2: Math.max(...xs), y1: row.dot, y2: row.dot, class: "told-line" }));
          for (const lane of others) svg.append(draw("circle", { cx: laneAt(lane), cy: row.dot, r: 4, class: `told ${lane}` }));
        }
        svg.append(draw("circle", { cx: x, cy: row.dot, r: row.tone === "end" ? 9 : 7, class: `dot ${row.lane} ${row.tone}` }));
        if (row.tone === "end") svg.append(draw("path", { d: `M${x - 4} ${row.dot}l3 3 5-6`, class: "tick" }));
      } else if (row.kind === "due") {
        const x = laneAt("clock");
        svg.append(draw("line", { x1: AT.bars - 6, x2: text - 12, y1: row.y, y2: row.y, class: `due-line ${row.past ? "past" : "future"}` }));
        svg.append(draw("rect", { x: x - 4.5, y: row.y - 4.5, width: 9, height: 9, rx: 2, transform: `rotate(45 ${x} ${row.y})`, class: `due-mark ${row.past ? "past" : "future"}` }));
      } else if (row.kind === "ahead") {
        svg.append(draw("circle", { cx: laneAt("clock"), cy: row.y, r: 4.5, class: "ahead-dot" }));
      } else if (row.kind === "now") {
        svg.append(draw("line", { x1: AT.bars - 6, x2: width, y1: row.y, y2: row.y, class: "now-line" }));
        svg.append(draw("circle", { cx: laneAt("clock"), cy: row.y, r: 5, class: "now-dot" }));
      }
    }
  }

  // ---- what explains itself ------------------------------------------------------------------------------------------

  _explains(element, content) {
    const show = () => this._show(element, content());
    element.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && !this._pinned && show());
    element.addEventListener("pointerleave", () => this._pinned !== element && !this._pinned && this._hide());
    element.addEventListener("focus", () => element.matches(":focus-visible") && show());
    element.addEventListener("click", () => {
      const again = this._pinned === element;
      this._hide();
      if (!again) {
        show();
        this._pinned = element;
      }
    });
  }

  _show(element, content) {
    const tip = this._tip;
    tip.replaceChildren(...content);
    tip.hidden = false;
    const box = element.getBoundingClientRect();
    const [width, height] = [tip.offsetWidth, tip.offsetHeight];
    const left = Math.max(12, Math.min(box.left - width - 12 > 12 ? box.left - width - 12 : box.left, innerWidth - width - 12));
    const top = Math.max(12, Math.min(box.top + Math.min(box.height, 60) / 2 - height / 2, innerHeight - height - 12));
    tip.style.left = `${left}px`;
    tip.style.top = `${top}px`;
  }

  _hide() {
    this._pinned = null;
    this._tip.hidden = true;
  }

  _deadlineTip(deadline) {
    const words = this._words;
    const when = (day, time) => {
      const at = new Date(`${day}T00:00:00Z`);
      const name = dayName(words.tag, at, "UTC");
      return time ? `${name} ${time}` : name;
    };
    const steps = make("ol", "steps");
    for (const line of explain(words, deadline.steps, when)) steps.append(make("li", "", { textContent: line }));
    return [
      make("p", "tip-title", { textContent: `${this._clock(deadline.clock)} · ${limit(words, deadline.limit)}` }),
      make("p", `tip-state ${deadline.state}`, { textContent: this._stateOf(deadline) }),
      make("p", "tip-head", { textContent: words.arithmetic }),
      steps,
    ];
  }

  _stateOf(deadline) {
    const words = this._words;
    const [now, due] = [this._last[1], new Date(deadline.due_at)];
    const said = words.states[deadline.state];
    if (deadline.state === "running") return `${said} · ${words.left(span(words, due - now))}`;
    if (deadline.state === "overdue") return `${said} · ${words.over(span(words, now - due))}`;
    if (deadline.state === "late") return `${said} · ${words.over(span(words, new Date(deadline.met_at) - due))}`;
    return said;
  }

  _eventTip(row) {
    const words = this._words;
    const { event } = row;
    const channel = this._codes.channel[event.channel] ?? event.channel;
    const parts = [make("p", "tip-title", { textContent: row.label })];
    const who = [event.by, event.lane === "clock" ? "" : words.by(channel), this._time.format(row.at)].filter(Boolean);
    parts.push(make("p", "tip-sub", { textContent: who.join(" · ") }));
    if (event.old && event.old !== event.new) {
      parts.push(make("p", "tip-move", { textContent: `${this._codes.desk_status[event.old] ?? event.old} → ${this._codes.desk_status[event.new] ?? event.new}` }));
    }
    if (row.note) parts.push(make("p", "tip-note", { textContent: row.note }));
    if (row.told.length) {
      parts.push(make("p", "tip-head", { textContent: words.told }));
      const list = make("ul", "steps");
      for (const notice of row.told) {
        const said = [notice.to, this._codes.kind[notice.kind] ?? notice.kind, this._codes.channel[notice.channel] ?? notice.channel, words.deliveryStates[notice.state] ?? notice.state];
        list.append(make("li", notice.lane, { textContent: said.filter(Boolean).join(" · ") }));
      }
      parts.push(list);
    }
    return parts;
  }
}

/** Words for clocks that the service's own list may not name. */
const CLOCKS = { "zh-CN": { callback: "回访" }, "en-GB": { callback: "call-back" } };

const GLYPHS = {
  customer: "M12 12.2a4.1 4.1 0 1 0 0-8.2 4.1 4.1 0 0 0 0 8.2zM4.6 20c.5-3.7 3.6-5.6 7.4-5.6s6.900 1.900 7.4 5.600z",
  assignee: "M20.300 7.200a5 5 0 0 1-6.600 6.300l-6 6a2 2 0 0 1-2.900-2.900l6-6a5 5 0 0 1 6.300-6.600l-3 3 .6 2.600 2.600.6z",
  supervisor: "M12 3.500l7 2.800v5c0 4.300-2.900 7.700-7 9.200-4.100-1.500-7-4.900-7-9.200v-5z",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zm.9 3.600v4l2.900 1.700-.8 1.400-3.700-2.200V7.600z",
};

/** Of one moment: a due moment above what happened because of it, then what happened in its order, then now. */
function rank(a, b) {
  const places = { due: 0, round: 1, event: 1, now: 2, ahead: 3 };
  return places[a.kind] - places[b.kind];
}

function tone(event) {
  if (event.kind === "closed" || event.kind === "withdrawn" || event.kind === "invalid") return "end";
  if (event.kind === "overdue" || event.kind === "reopened") return "bad";
  if (event.kind === "rated") return { satisfied: "good", dissatisfied: "bad" }[event.facts.rating] ?? "";
  if (event.kind === "resolved") return "good";
  if (event.kind === "reminded" || event.kind === "urged" || event.kind === "extension_asked") return "warn";
  return "";
}

/** Each notice with the last event of the decision that made it. */
function share(events, notices) {
  const told = new Map();
  for (const notice of notices) {
    const at = Date.parse(notice.decided_at);
    let mine = null;
    for (const event of events) if (Date.parse(event.at) <= at + 1 && at - Date.parse(event.at) < MOMENT_MS) mine = event;
    if (mine) told.set(mine.id, [...(told.get(mine.id) ?? []), notice]);
  }
  return told;
}

/** The room above a row: more where more time went by, but never in proportion, or the nights would fill the page. */
function gap(before, row) {
  if (row.kind === "day") return 14;
  if (before.kind === "day") return 6;
  const hours = (row.at - before.at) / 3_600_000;
  return 7 + Math.min(26, 9 * Math.log2(1 + Math.max(0, hours)));
}

/** A function from a moment to its place, straight between the rows. */
function scale(rows) {
  const points = rows.map((row) => [row.at.getTime(), row.dot ?? row.y]);
  return (moment) => {
    const at = moment.getTime();
    if (at <= points[0][0]) return points[0][1];
    for (let index = 1; index < points.length; index += 1) {
      const [[a, y1], [b, y2]] = [points[index - 1], points[index]];
      if (at <= b) return b === a ? y2 : y1 + ((at - a) / (b - a)) * (y2 - y1);
    }
    return points.at(-1)[1];
  };
}

function mostAtOnce(bars) {
  return Math.max(1, ...bars.map((bar) => bars.filter((other) => other.start <= bar.start && other.end > bar.start).length));
}

/** The name of a bar, down its middle: Chinese upright, one character below the other; others turned on their side. */
function nameOf(bar, x, y) {
  const label = draw("text", { class: `bar-name ${bar.pieces[0][2]}` });
  if (isChinese(bar.label)) {
    [...bar.label].forEach((character, index) => {
      const line = draw("tspan", { x, y: y + 5 + index * STACK, "text-anchor": "middle", "dominant-baseline": "central" });
      line.textContent = character;
      label.append(line);
    });
  } else {
    label.setAttribute("transform", `translate(${x} ${y}) rotate(90)`);
    label.setAttribute("dominant-baseline", "central");
    label.textContent = bar.label;
  }
  return label;
}

function isChinese(text) {
  return /^[\u3400-\u9fff]+$/.test(text);
}

const STACK = 12;
let brush = null;
function measure(text) {
  if (isChinese(text)) return text.length * STACK;
  brush ??= document.createElement("canvas").getContext("2d");
  brush.font = "600 10.5px system-ui, sans-serif";
  return brush.measureText(text).width;
}

function draw(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export function make(tag, className, properties = {}, children = []) {
  const element = Object.assign(document.createElement(tag), { className, ...properties });
  element.append(...children);
  return element;
}
