// The demo's page: three phones, the life of a complaint beside them, and a clock that can be moved.
import { mountPhone, socketUrl } from "/chat/chat.js";
import { hints } from "./hints.js";
import { make, Timeline } from "./timeline.js";
import { dayName, limit, span, WORDS } from "./words.js";

const LANG_KEY = "complaintbot.demo.lang";
const SEEN_KEY = "complaintbot.demo.seen";
const ACCENTS = { customer: "teal", employee: "teal", leader: "indigo", assignee: "amber", backup: "amber", supervisor: "indigo", sms: "green" };
const SEATS = { customer: ["customer", "employee"], assignee: ["assignee", "sms", "backup"], supervisor: ["supervisor", "leader"] };
const OWN_HINTS = new Set(["employee", "leader"]); // who says other things than whom they share a seat with
const LANES = ["customer", "assignee", "supervisor", "clock"];
const AGAIN_MS = 1500;

const $ = (id) => document.getElementById(id);

class Page {
  constructor(setup) {
    this.setup = setup;
    this.lang = chosenLang(setup.lang);
    this.state = null;
    this.reference = null; // null: the newest that is open
    this.phones = {};
    this.chats = {};
    this.seat = "customer"; // which one a narrow screen shows
    this.tabs = Object.fromEntries(Object.keys(SEATS).map((seat) => [seat, seat])); // whose screen each phone shows
    this.offset = 0; // the service's time less ours
    this.seen = stored(SEEN_KEY);
    this.timeline = new Timeline($("picture"));
    this._buildSeats();
    this._buildTabs();
    for (const button of document.querySelectorAll(".step")) button.addEventListener("click", () => this._move(button));
    $("policy-choice").addEventListener("click", (event) => event.preventDefault()); // choosing is not folding
    $("policy-choice").addEventListener("change", () => this._choosePolicy());
    $("language").addEventListener("click", () => this.speak(this.lang === "zh" ? "en" : "zh"));
    this._watchSwipes();
    this.speak(this.lang, { atStart: true });
    setInterval(() => this._tick(), 1000);
    this._follow();
  }

  get words() {
    return WORDS[this.lang];
  }

  get service() {
    return this.setup.services[this.lang];
  }

  now() {
    return new Date(Date.now() + this.offset);
  }

  // ---- phones --------------------------------------------------------------------------------------------------------

  _buildSeats() {
    for (const [seat, keys] of Object.entries(SEATS)) {
      const section = document.querySelector(`section[data-seat="${seat}"]`);
      const switcher = make("div", "switcher", { hidden: keys.length < 2 });
      switcher.setAttribute("role", "tablist");
      const screens = keys.map((key) => make("div", "screen", { hidden: key !== keys[0] }));
      const status = make("div", "status-bar", {}, [make("time", "status-time"), make("span", "island"), make("span", "status-signs", { innerHTML: SIGNS })]);
      status.setAttribute("aria-hidden", "true");
      const device = make("div", `device ${seat}`, {}, [make("div", "glass", {}, [status, switcher, ...screens])]);
      section.append(
        make("h2", "seat-name", {}, [make("span", `lane-dot ${seat}`), make("span", "seat-role"), make("span", "seat-person")]),
        device,
        make("div", "hints"),
      );
      keys.forEach((key, index) => this._mount(key, screens[index], seat));
      for (const key of keys) {
        const button = make("button", "switch", { type: "button" });
        button.dataset.tab = key;
        button.setAttribute("role", "tab");
        button.addEventListener("click", () => this._showTab(key));
        switcher.append(button);
      }
    }
  }

  _mount(key, screen, seat) {
    const { socket, secret } = this.setup.phones[key];
    const chat = make("div", "chat");
    screen.dataset.phone = key;
    screen.append(chat);
    const options = {
      url: socketUrl(socket),
      storageKey: `complaintbot.demo.${key}`,
      secret,
      locale: this.lang,
      accent: ACCENTS[key],
      now: () => this.now(),
      timeZone: this.setup.zone,
      onLine: (line) => this._heard(key, seat, line),
    };
    this.chats[key] = options;
    this._nameChat(key);
    this.phones[key] = mountPhone(chat, options);
  }

  _nameChat(key) {
    const words = this.words;
    const seat = words.seats[key];
    const name = this._name(key);
    Object.assign(this.chats[key], {
      title: seat.title ?? this.service,
      subtitle: typeof seat.subtitle === "function" ? seat.subtitle(name) : seat.subtitle,
      hint: words.hintIn[key],
      placeholder: words.placeholder[key],
    });
  }

  _name(key) {
    return this.setup.phones[key].names[this.lang];
  }

  _heard(key, seat, line) {
    this.chats[key].last = Math.max(this.chats[key].last ?? 0, line.out ? line.seq : 0);
    if (key === "backup") document.querySelector('[data-tab="backup"]').hidden = false;
    this._mark();
  }

  _visible(key) {
    const seat = Object.keys(SEATS).find((name) => SEATS[name].includes(key));
    return (!narrow() || this.seat === seat) && this.tabs[seat] === key;
  }

  /** Say where something unread waits; what is in sight is read. */
  _mark() {
    const unread = {};
    for (const [key, chat] of Object.entries(this.chats)) {
      if (this._visible(key)) this.seen[key] = Math.max(this.seen[key] ?? 0, chat.last ?? 0);
      unread[key] = (chat.last ?? 0) > (this.seen[key] ?? 0);
    }
    store(SEEN_KEY, this.seen);
    for (const button of document.querySelectorAll(".switch")) mark(button, unread[button.dataset.tab], this.words);
    for (const button of document.querySelectorAll(".tab")) {
      mark(button, (SEATS[button.dataset.seat] ?? []).some((key) => unread[key]), this.words);
    }
  }

  _showTab(key) {
    const seat = Object.keys(SEATS).find((name) => SEATS[name].includes(key));
    const section = document.querySelector(`section[data-seat="${seat}"]`);
    this.tabs[seat] = key;
    for (const screen of section.querySelectorAll(".screen")) screen.hidden = screen.dataset.phone !== key;
    for (const button of section.querySelectorAll(".switch")) button.setAttribute("aria-selected", String(button.dataset.tab === key));
    this._nameSeat(seat);
    this._mark();
    if (this.state) this._hint(this.state.life);
  }

  /** Say whose phone it is: a seat's second person has a name of their own above it. */
  _nameSeat(seat) {
    const section = document.querySelector(`section[data-seat="${seat}"]`);
    const key = OWN_HINTS.has(this.tabs[seat]) ? this.tabs[seat] : seat;
    section.querySelector(".seat-role").textContent = this.words.seats[key].role;
    section.querySelector(".seat-person").textContent = key === "customer" ? "" : this._name(key);
  }

  // ---- narrow screens ------------------------------------------------------------------------------------------------

  _buildTabs() {
    for (const seat of [...Object.keys(SEATS), "life"]) {
      const button = make("button", "tab", { type: "button" }, [make("span", `lane-dot ${seat === "life" ? "whole" : seat}`), make("span", "tab-name")]);
      button.dataset.seat = seat;
      button.setAttribute("role", "tab");
      button.addEventListener("click", () => {
        const section = document.querySelector(`section[data-seat="${seat}"]`);
        $("stage").scrollTo({ left: section.offsetLeft - $("stage").offsetLeft, behavior: calm() ? "auto" : "smooth" });
        this._sit(seat);
      });
      $("tabs").append(button);
    }
  }

  _watchSwipes() {
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) if (entry.isIntersecting && narrow()) this._sit(entry.target.dataset.seat);
      },
      { root: $("stage"), threshold: 0.6 },
    );
    for (const section of document.querySelectorAll("section[data-seat]")) watcher.observe(section);
    this._sit(this.seat);
  }

  _sit(seat) {
    this.seat = seat;
    for (const button of document.querySelectorAll(".tab")) button.setAttribute("aria-selected", String(button.dataset.seat === seat));
    this._mark();
  }

  // ---- language ------------------------------------------------------------------------------------------------------

  speak(lang, { atStart = false } = {}) {
    this.lang = lang;
    const words = this.words;
    document.documentElement.lang = words.tag;
    document.title = words.pageTitle(this.service);
    $("service").textContent = this.service;
    $("language").textContent = words.other;
    $("language").setAttribute("aria-label", words.otherLabel);
    for (const element of document.querySelectorAll("[data-word]")) element.textContent = words[element.dataset.word];
    for (const button of document.querySelectorAll(".step")) button.setAttribute("aria-label", words.moveLabel(Number(button.dataset.hours)));
    for (const seat of Object.keys(SEATS)) {
      const section = document.querySelector(`section[data-seat="${seat}"]`);
      this._nameSeat(seat);
      section.querySelector(".hints").setAttribute("aria-label", words.try);
    }
    for (const button of document.querySelectorAll(".switch")) {
      const key = button.dataset.tab;
      button.textContent = { assignee: words.chat, sms: words.sms, backup: this._name("backup") }[key] ?? words.seats[key].role;
      if (key === "backup" && !this.chats.backup.last) button.hidden = true;
    }
    for (const button of document.querySelectorAll(".tab")) {
      const seat = button.dataset.seat;
      button.querySelector(".tab-name").textContent = seat === "life" ? words.lifeTab : words.seats[seat].role;
    }
    for (const key of Object.keys(this.phones)) {
      this._nameChat(key);
      this.phones[key].setLocale(lang);
    }
    $("legend").replaceChildren(
      ...LANES.map((lane) => make("li", "", {}, [make("span", `lane-dot ${lane}`), words.lanes[lane]])),
      make("li", "", {}, [make("span", "ring"), words.legend.told]),
      ...["met", "running", "overdue"].map((state) => make("li", "", {}, [make("span", `stripe ${state}`), words.legend[state]])),
    );
    for (const key of Object.values(this.tabs)) this._showTab(key);
    this._tick();
    if (!atStart) {
      remember(lang);
      this._post("lang", { lang }).catch(() => {});
    } else if (lang !== this.setup.lang) {
      this._post("lang", { lang }).catch(() => {});
    }
    if (this.state) {
      this._drawPolicy();
      this._draw();
    }
  }

  // ---- the profile ---------------------------------------------------------------------------------------------------

  /** Show which profile new complaints run under, and its clocks line by line. */
  _drawPolicy() {
    const drawn = `${this.lang} ${this.state.policy}`;
    if (drawn === this._policyDrawn) return; // an open list of choices stays open
    this._policyDrawn = drawn;
    const words = this.words;
    const codes = this.setup.words[this.lang];
    const { policies } = this.setup;
    $("policy-choice").setAttribute("aria-label", words.policy);
    $("policy-choice").replaceChildren(
      ...policies.map(({ name, title }) => make("option", "", { value: name, textContent: `${title[this.lang]} · ${name}`, selected: name === this.state.policy })),
    );
    const chosen = policies.find(({ name }) => name === this.state.policy);
    $("policy-count").textContent = words.clocks(chosen.clocks.length);
    $("clocks").replaceChildren(
      ...chosen.clocks.map((clock) => {
        const named = (code) => codes.severity[code] ?? chosen.categories[code]?.[this.lang] ?? code;
        const only = [
          ...clock.only.map(named),
          ...clock.kinds.map((code) => words.matter[code] ?? code),
          ...clock.channels.map((code) => codes.channel[code] ?? code),
          ...clock.stages.map((code) => words.stage[code]),
          ...clock.flags.map((code) => words.flag[code]),
          ...clock.when.map((code) => words.when[code]),
        ];
        const others = clock.other.map((other) => make("div", "other", { textContent: words.limitFor(other.only.map(named).join(words.comma), limit(words, other.limit)) }));
        const from = words.from(words.milestone[clock.from] ?? clock.from);
        return make("tr", clock.promised ? "told" : "", {}, [
          make("th", "", { scope: "row", textContent: codes.clock[clock.clock] ?? clock.clock }),
          make("td", "limit", { textContent: (clock.repeats ? words.every : String)(limit(words, clock.limit)) }),
          make("td", "", {}, [[from, only.join(words.comma)].filter(Boolean).join(" · "), ...others]),
        ]);
      }),
    );
  }

  async _choosePolicy() {
    try {
      const answer = await this._post("policy", { policy: $("policy-choice").value });
      if (!answer.ok) throw new Error(`policy: ${answer.status}`);
    } catch {
      this._say(this.words.offline);
      this._policyDrawn = "";
    }
    await this._load().catch(() => {});
  }

  // ---- time ----------------------------------------------------------------------------------------------------------

  _tick() {
    const words = this.words;
    const now = this.now();
    const shape = (options) => new Intl.DateTimeFormat(words.tag, { ...options, timeZone: this.setup.zone }).format(now);
    const hour = shape({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    $("day").textContent = dayName(words.tag, now, this.setup.zone);
    $("hour").textContent = hour;
    $("hour").dateTime = now.toISOString();
    for (const time of document.querySelectorAll(".status-time")) time.textContent = hour;
    if (this.state && hour !== this._drawnAt) this._draw();
  }

  async _move(button) {
    this._busy(true);
    try {
      const answer = await this._post("clock", { hours: Number(button.dataset.hours) });
      if (answer.status === 409) this._say(this.words.busy);
    } catch {
      this._say(this.words.offline);
    }
    await this._load();
    this._busy(false);
  }

  _busy(busy) {
    this._moving = busy;
    $("dial").classList.toggle("moving", busy || Boolean(this.state?.moving));
    for (const button of document.querySelectorAll(".step")) button.disabled = busy || Boolean(this.state?.moving);
  }

  // ---- the life ------------------------------------------------------------------------------------------------------

  async _follow() {
    for (;;) {
      try {
        await this._load();
        const seq = encodeURIComponent(this.state.seq);
        const answer = await fetch(`/demo/api/wait?since=${seq}`);
        if (!answer.ok) throw new Error(`wait: ${answer.status}`);
        await answer.json();
      } catch {
        await new Promise((done) => setTimeout(done, AGAIN_MS));
      }
    }
  }

  async _load() {
    const query = this.reference ? `?reference=${encodeURIComponent(this.reference)}` : "";
    const answer = await fetch(`/demo/api/state${query}`);
    if (!answer.ok) throw new Error(`state: ${answer.status}`);
    const state = await answer.json();
    if (this.state && state.complaints.length > this.state.complaints.length && this.reference) {
      this.reference = null; // a new one was filed: show it
      this.state = null;
      return this._load();
    }
    this.state = state;
    this._drawPolicy();
    this.offset = new Date(state.now) - Date.now();
    this._busy(this._moving);
    this._tick();
    this._draw();
  }

  _draw() {
    const { life } = this.state;
    const now = this.now();
    this._drawnAt = $("hour").textContent;
    this._hint(life);
    const drawn = JSON.stringify([this.lang, this._drawnAt, this.state.complaints, life]);
    if (drawn === this._drawn) return; // what somebody is reading or choosing stays open
    this._drawn = drawn;
    const scroll = $("life-scroll");
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
    $("life").classList.toggle("empty", !life);
    $("life-head").replaceChildren(...(life ? this._head(life, now) : this._emptyHead()));
    this.timeline.draw(life, now, this.words, this.setup.words[this.lang], this.setup.zone);
    const events = life ? life.events.length : 0;
    if (atEnd || events !== this._events) {
      const mark = document.querySelector(".row.now") ?? document.querySelector(".row:last-child");
      if (mark) scroll.scrollTop = Math.max(0, mark.offsetTop + 130 - scroll.clientHeight);
    }
    this._events = events;
  }

  _emptyHead() {
    const thread = make("div", "thread", { innerHTML: THREAD });
    thread.setAttribute("aria-hidden", "true");
    return [thread, make("h2", "life-title", { textContent: this.words.emptyTitle }), make("p", "life-sub", { textContent: this.words.empty })];
  }

  _head(life, now) {
    const words = this.words;
    const codes = this.setup.words[this.lang];
    const pills = make("p", "pills", {}, [
      make("span", "reference", { textContent: life.reference }),
      make("span", `pill status ${life.status}`, { textContent: codes.desk_status[life.status] ?? life.status }),
      make("span", `pill severity ${life.severity}`, { textContent: codes.severity[life.severity] ?? life.severity }),
    ]);
    if (life.round > 1) pills.append(make("span", "pill round", { textContent: words.round(life.round) }));
    const profile = this.setup.policies.find(({ name }) => name === life.policy)?.title[this.lang] ?? life.policy;
    const facts = [life.category[this.lang], life.owner ? (life.settled ? words.handled : words.owner)(life.owner) : words.nobody, life.urged ? words.urged(life.urged) : "", words.under(profile)];
    const parts = [pills, make("h2", "life-title", { textContent: life.summary, title: life.summary }), make("p", "life-sub", { textContent: facts.filter(Boolean).join(" · ") })];
    if (this.state.complaints.length > 1) parts.unshift(this._picker(life));
    const running = life.deadlines.filter((deadline) => ["running", "overdue"].includes(deadline.state));
    if (running.length) parts.push(this._promises(running, now, words, codes));
    return parts;
  }

  _picker(life) {
    const codes = this.setup.words[this.lang];
    const picker = make("select", "picker");
    picker.setAttribute("aria-label", this.words.pick);
    for (const each of this.state.complaints) {
      const summary = each.summary.length > 16 ? `${each.summary.slice(0, 15)}…` : each.summary;
      const text = `${each.reference.slice(-4)} · ${codes.desk_status[each.status] ?? each.status} · ${summary}`;
      picker.append(make("option", "", { value: each.reference, textContent: text, selected: each.reference === life.reference }));
    }
    picker.addEventListener("change", () => {
      this.reference = picker.value;
      this._load().catch(() => {});
    });
    return picker;
  }

  _promises(running, now, words, codes) {
    const list = make("ul", "promises");
    list.setAttribute("aria-label", words.promises);
    for (const deadline of [...running].sort((a, b) => a.due_at.localeCompare(b.due_at))) {
      const [start, due] = [new Date(deadline.started_at), new Date(deadline.due_at)];
      const share = Math.min(1, Math.max(0.02, (now - start) / (due - start)));
      const fill = make("span", "fill");
      fill.style.width = `${share * 100}%`;
      const text = deadline.state === "overdue" ? words.over(span(words, now - due)) : words.left(span(words, due - now));
      list.append(
        make("li", `promise ${deadline.state}`, {}, [
          make("span", "promise-name", { textContent: codes.clock[deadline.clock] ?? { zh: "回访", en: "call-back" }[this.lang] }),
          make("span", "track", {}, [fill]),
          make("span", "promise-left", { textContent: text }),
        ]),
      );
    }
    return list;
  }

  _hint(life) {
    const names = { assignee: this._name("assignee"), backup: this._name("backup") };
    const may = hints(this.lang, life, names, this.state.complaints.length);
    $("next").textContent = may.next;
    for (const seat of Object.keys(SEATS)) {
      const section = document.querySelector(`section[data-seat="${seat}"]`);
      section.classList.toggle("on-turn", may[seat].some((hint) => hint.main));
      const offered = may[OWN_HINTS.has(this.tabs[seat]) ? this.tabs[seat] : seat];
      const chips = offered.slice(0, 3).map(({ text, main }) => {
        const chip = make("button", main ? "chip main" : "chip", { type: "button", title: text }, [make("span", "", { textContent: text })]);
        chip.addEventListener("click", () => this.phones[this.tabs[seat]].say(text));
        return chip;
      });
      const box = section.querySelector(".hints");
      const same = [...box.children].map((chip) => `${chip.className}${chip.textContent}`).join("|");
      if (same !== chips.map((chip) => `${chip.className}${chip.textContent}`).join("|")) box.replaceChildren(...chips);
    }
  }

  // ---- the service ---------------------------------------------------------------------------------------------------

  async _post(what, body) {
    return fetch(`/demo/api/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  }

  _say(text) {
    const toast = $("toast");
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(this._toast);
    this._toast = setTimeout(() => (toast.hidden = true), 3500);
  }
}

const THREAD =
  '<svg viewBox="0 0 190 150"><path d="M40 20C40 48 95 34 95 62S150 76 150 100 95 104 95 132"/><circle class="customer" cx="40" cy="20" r="11"/><circle class="assignee" cx="95" cy="62" r="11"/><circle class="supervisor" cx="150" cy="100" r="11"/><circle class="end" cx="95" cy="134" r="11"/></svg>';
const SIGNS =
  '<svg viewBox="0 0 44 12"><path d="M1 9.500h2V11H1zM5 7h2v4H5zm4-2.500h2V11H9zM13 2h2v9h-2z"/><rect x="22.500" y="1.500" width="17" height="9" rx="2.600" fill="none" stroke="currentColor"/><rect x="24" y="3" width="11" height="6" rx="1.300"/><path d="M41 4.500q1.500 1.500 0 3z"/></svg>';

function mark(button, unread, words) {
  button.classList.toggle("unread", Boolean(unread));
  if (unread) button.setAttribute("aria-description", words.unread);
  else button.removeAttribute("aria-description");
}

function narrow() {
  return matchMedia("(max-width: 1179px)").matches;
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function chosenLang(fallback) {
  const asked = new URLSearchParams(location.search).get("lang");
  let kept = null;
  try {
    kept = localStorage.getItem(LANG_KEY);
  } catch { /* no storage: nothing was chosen */ }
  return [asked, kept, fallback].find((lang) => lang in WORDS) ?? "zh";
}

function remember(lang) {
  try {
    localStorage.setItem(LANG_KEY, lang);
  } catch { /* no storage: chosen for this page only */ }
}

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function store(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch { /* no storage: marks come back after a reload */ }
}

async function start() {
  const answer = await fetch("/demo/api/phones");
  new Page(await answer.json());
}

start();
