// The chat, as a module: `ChatClient` speaks the protocol (no DOM), `mountPhone` shows it.
// The protocol is described in connectors/sockets.py.

const PENDING_LIMIT = 200;
const PING_MS = 25_000;
const ANSWER_MS = 12_000;
const BACKOFF_MS = [300, 700, 1500, 3000, 6000, 10_000];

// ---------------------------------------------------------------------------------------------------------------- client

/**
 * One person's side of one conversation. Words said are kept (in localStorage, if there is a storageKey) until the server
 * has stored them, over reloads and outages, and are said one at a time so that their order is kept.
 *
 * options: url, storageKey (null = memory only), secret (null = the server gives one, kept under storageKey), locale,
 *   onState("connecting" | "online" | "offline"), onLine(line), onPending(message), onRefused(message, reason), onReset()
 * line: {seq, out, text, buttons: [{label, says}], at: Date, id?, files?: [{name, type, size, data?: base64}], menu?: [{says, shown}]}; message: {id, text, replyTo, files, at: Date}
 * A line whose id is that of a pending message is that message, now stored.
 */
export class ChatClient {
  constructor({ url, storageKey = null, secret = null, locale = "zh", onState, onLine, onPending, onRefused, onUnsaid, onReset }) {
    this.url = url;
    this.locale = locale;
    this.state = "connecting";
    this.conversation = null;
    this.takes = null; // {most, max_bytes} where files may be sent
    this._on = {
      state: onState ?? nothing, line: onLine ?? nothing, pending: onPending ?? nothing,
      refused: onRefused ?? nothing, unsaid: onUnsaid ?? nothing, reset: onReset ?? nothing,
    };
    this._storage = new Storage(storageKey);
    this._given = secret !== null;
    this._secret = secret ?? this._storage.get("secret");
    this._seen = 0;
    this._menus = {};
    this._menu = [];
    this._pending = this._storage.pending();
    this._inFlight = null;
    this._socket = null;
    this._welcomed = false;
    this._failures = 0;
    this._timers = {};
    this._listeners = new AbortController();
  }

  /** The messages not stored yet, oldest first. */
  get pending() {
    return [...this._pending];
  }

  start() {
    const { signal } = this._listeners;
    const now = () => this._hurry();
    globalThis.addEventListener?.("online", now, { signal });
    globalThis.addEventListener?.("offline", () => this._lost(), { signal });
    globalThis.document?.addEventListener("visibilitychange", () => document.hidden || now(), { signal });
    for (const message of this._pending) this._on.pending(message);
    this._connect();
  }

  stop() {
    this._listeners.abort();
    for (const name of Object.keys(this._timers)) this._clear(name);
    this._drop();
  }

  setLocale(locale) {
    this.locale = locale;
  }

  /** What the menu offers, [{says, shown}]: what the last line that said so did, else what everybody's does. */
  get menu() {
    return this._menu.length ? this._menu : (this._menus[this.locale] ?? []);
  }

  /** Say something; returns its id. replyTo: seq of the line it answers, if it answers one. files: what `upload` gave for them. */
  say(text, { replyTo = null, files = [] } = {}) {
    const message = { id: makeId(), text, replyTo, files, at: new Date() };
    this._pending.push(message);
    this._storage.keep(message);
    this._on.pending(message);
    this._next();
    return message.id;
  }

  /**
   * Send a file, to be said something with. Returns {promise, stop()}: the promise gives {id, name, type, size}, or throws the
   * reason, one of the server's words or "broken_off". onProgress(share): how much of it is there, 0 to 1.
   */
  upload(file, onProgress = nothing) {
    const request = new XMLHttpRequest(); // fetch tells nothing of how far it is
    const name = file.name.replace(/\p{Surrogate}/gu, "\ufffd").slice(0, 200);
    const promise = new Promise((done, failed) => {
      request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
      request.onerror = request.onabort = request.ontimeout = () => failed("broken_off");
      request.onload = () => {
        const { id, size, type, reason } = parsed(request.responseText) ?? {};
        if (request.status === 201 && id) done({ id, name, type, size });
        else failed(reason ?? (request.status === 413 ? "too_large" : "broken_off")); // a proxy in front has words of its own
      };
    });
    request.open("POST", new URL("./files", this._http));
    request.setRequestHeader("Authorization", `Bearer ${this._secret}`);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.setRequestHeader("X-File-Name", encodeURIComponent(name));
    request.send(file);
    return { promise, stop: () => request.abort() };
  }

  /** Get a file of a line of ours, as a Blob; throws "gone" where it is not kept any more, else "broken_off". */
  async download(seq, position) {
    const headers = { Authorization: `Bearer ${this._secret}` };
    const answer = await fetch(new URL(`./files/${seq}/${position}`, this._http), { headers }).catch(() => null);
    if (answer?.ok) return answer.blob();
    throw answer?.status === 404 ? "gone" : "broken_off";
  }

  get _http() {
    return this.url.replace(/^ws/, "http");
  }

  /** Take back what was said under an id; it is heard of again once that is stored. */
  unsay(id) {
    if (this._welcomed) this._send({ type: "unsay", id });
  }

  _connect() {
    this._clear("reconnect");
    this._drop();
    const socket = new WebSocket(this.url);
    this._socket = socket;
    socket.onopen = () => {
      this._asked = this._secret;
      this._send({ type: "hello", secret: this._secret, seen: this._seen, locale: this.locale });
      this._expectAnswer();
    };
    socket.onmessage = (event) => this._heard(event.data);
    socket.onclose = () => this._lost();
    this._expectAnswer();
  }

  /** Let go of the socket without waiting for it: a dead line may take minutes to say so. */
  _drop() {
    const socket = this._socket;
    this._socket = null;
    this._welcomed = false;
    this._inFlight = null;
    for (const name of ["answer", "ping", "slow"]) this._clear(name);
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }

  _lost() {
    this._drop();
    this._become("offline");
    const wait = BACKOFF_MS[Math.min(this._failures++, BACKOFF_MS.length - 1)];
    this._set("reconnect", wait * (0.75 + Math.random() / 2), () => this._connect());
  }

  /** The network or the person is back: do not sit out the wait, and do not trust an old socket. */
  _hurry() {
    if (this._timers.reconnect) this._connect();
    else if (this._welcomed) this._ping();
  }

  _become(state) {
    if (this.state === state) return;
    this.state = state;
    this._on.state(state);
  }

  _heard(data) {
    this._clear("answer");
    const frame = parsed(data);
    if (!frame) return;
    if (frame.type === "welcome") this._welcome(frame);
    else if (frame.type === "line") this._accept(frame);
    else if (frame.type === "stored") this._stored(frame);
    else if (frame.type === "refused") this._refused(frame);
    else if (frame.type === "unsaid") this._on.unsaid(frame.id);
    if (this._inFlight) this._expectAnswer();
  }

  _welcome(frame) {
    if (!this._given && frame.secret && this._asked === null) {
      // Another tab may have met the server in the meantime: one browser is one person.
      const other = this._storage.get("secret");
      if (other && other !== frame.secret) {
        this._secret = other;
        this._connect();
        return;
      }
      this._secret = frame.secret;
      this._storage.set("secret", frame.secret);
    }
    this.conversation = frame.conversation;
    this._menus = frame.menus ?? {};
    this.takes = frame.files ?? null;
    this._welcomed = true;
    this._failures = 0;
    if (frame.reset) {
      this._seen = 0;
      this._menu = [];
      this._on.reset();
      for (const message of this._pending) this._on.pending(message);
    }
    for (const line of frame.log) this._accept(line);
    this._become("online");
    this._later();
    this._next();
  }

  _accept(line) {
    if (line.seq <= this._seen) return;
    this._seen = line.seq;
    if (line.id) this._settle(line.id);
    if (line.menu) this._menu = line.menu;
    this._on.line({ ...line, at: new Date(line.at) });
  }

  _stored({ id, seq, at }) {
    const message = this._settle(id);
    this._seen = Math.max(this._seen, seq);
    if (message) this._on.line({ seq, id, out: false, text: message.text, files: message.files, buttons: [], at: new Date(at) });
    this._next();
  }

  _refused({ id, reason, retry_after_s: wait }) {
    if (reason === "too_fast") {
      this._inFlight = null;
      this._set("slow", (wait ?? 1) * 1000 + 50, () => this._next());
    } else if (reason === "bad_secret" && !this._given) {
      this._secret = null;
      this._storage.remove("secret");
      this._connect();
    } else if (id) {
      const message = this._settle(id);
      if (message) this._on.refused(message, reason);
      this._next();
    }
  }

  /** `id` is no longer pending. Returns its message, if it was. */
  _settle(id) {
    const index = this._pending.findIndex((message) => message.id === id);
    if (this._inFlight === id) this._inFlight = null;
    if (index < 0) return null;
    this._storage.drop(id);
    return this._pending.splice(index, 1)[0];
  }

  _next() {
    if (!this._welcomed || this._inFlight || this._timers.slow || !this._pending.length) return;
    const { id, text, replyTo, files } = this._pending[0];
    this._inFlight = id;
    const frame = { type: "say", id, text, locale: this.locale };
    if (replyTo !== null && replyTo !== undefined) frame.reply_to = String(replyTo);
    if (files?.length) frame.files = files.map(({ id, name, type }) => ({ id, name, type }));
    this._send(frame);
    this._expectAnswer();
  }

  _ping() {
    this._send({ type: "ping" });
    this._expectAnswer();
    this._later();
  }

  _later() {
    this._set("ping", PING_MS, () => this._ping());
  }

  _expectAnswer() {
    if (!this._timers.answer) this._set("answer", ANSWER_MS, () => this._lost());
  }

  _send(frame) {
    if (this._socket?.readyState === WebSocket.OPEN) this._socket.send(JSON.stringify(frame));
  }

  _set(name, ms, then) {
    this._clear(name);
    this._timers[name] = setTimeout(() => {
      delete this._timers[name];
      then();
    }, ms);
  }

  _clear(name) {
    clearTimeout(this._timers[name]);
    delete this._timers[name];
  }
}

function nothing() {}

/** What JSON says; null where it is none. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** 128 random bits. Not crypto.randomUUID, which browsers offer on https only. */
function makeId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** localStorage under one prefix, or memory where there is none (private windows may refuse it). */
class Storage {
  constructor(prefix) {
    this._prefix = prefix;
    this._memory = new Map();
    this._keys = new Map();
    this._count = 0;
  }

  get(key) {
    return this._try((store) => store.getItem(`${this._prefix}.${key}`)) ?? this._memory.get(key) ?? null;
  }

  set(key, value) {
    this._memory.set(key, value);
    this._try((store) => store.setItem(`${this._prefix}.${key}`, value));
  }

  remove(key) {
    this._memory.delete(key);
    this._try((store) => store.removeItem(`${this._prefix}.${key}`));
  }

  /** One key for each message: two tabs never overwrite each other's. */
  keep(message) {
    const order = `${Date.now()}`.padStart(15, "0") + `${this._count++}`.padStart(6, "0");
    const key = `pending.${order}.${message.id}`;
    this._keys.set(message.id, key);
    this.set(key, JSON.stringify({ ...message, at: message.at.getTime() }));
  }

  drop(id) {
    if (this._keys.has(id)) this.remove(this._keys.get(id));
    this._keys.delete(id);
  }

  pending() {
    const start = `${this._prefix}.pending.`;
    const keys = this._try((store) => Object.keys(store).filter((key) => key.startsWith(start)).sort()) ?? [];
    const messages = [];
    for (const key of keys.slice(0, PENDING_LIMIT)) {
      try {
        const message = JSON.parse(localStorage.getItem(key));
        messages.push({ ...message, at: new Date(message.at) });
        this._keys.set(message.id, key.slice(this._prefix.length + 1));
      } catch {
        this._try((store) => store.removeItem(key));
      }
    }
    return messages;
  }

  _try(use) {
    if (this._prefix === null) return null;
    try {
      return use(globalThis.localStorage);
    } catch {
      return null;
    }
  }
}

// ----------------------------------------------------------------------------------------------------------------- words

const WORDS = {
  zh: {
    title: "投诉与建议",
    subtitle: "直接说就好，我们会一直跟到您满意",
    connecting: "正在连接…",
    offline: "连接中断，正在重连… 您写的话会保留，接通后自动发送",
    hint: "您好！请用自己的话说说遇到的问题：在哪里、什么事、从什么时候开始。每一步进展都会在这里告诉您。",
    placeholder: "说说您的问题…",
    send: "发送",
    menu: "菜单",
    attach: "添加照片或文件",
    drop: "松开即可添加",
    adding: (percent) => `正在上传 ${percent}%`,
    queued: "排队上传",
    waiting: "没有连接，接通后自动上传",
    added: "已就绪，点发送即可",
    after: "传完就自动发送",
    again: "重试",
    remove: (name) => `移除 ${name}`,
    notTaken: {
      most: (most) => `一次最多 ${most} 个文件，多出来的请下一条再发`,
      too_large: (mb) => `文件太大，没有上传：每个不超过 ${mb} MB`,
      empty: () => "这是空文件，没有上传",
      kind: () => "这种文件可能运行程序，不能接收；请改发照片、视频、录音或 PDF",
      too_much: () => "今天发来的文件已经很多了，请明天再发",
      too_fast: () => "传得太快了，请稍等再试",
      busy: () => "现在上传的人很多，请稍等再试",
      no_room: () => "暂时存不下文件，请先用文字说明，稍后再试",
      broken_off: () => "没有传完：连接断了",
      other: () => "没有上传成功，请换一个文件再试",
    },
    file_gone: "文件放得太久，没有保留下来。请重新添加后再发。",
    notOpened: { gone: "文件已不再保留", broken_off: "没有下载成功，请再点一次" },
    log: "对话",
    pending: "待发送",
    newer: "有新消息",
    unsay: "收回这条",
    other: "English",
    otherLabel: "Switch to English",
    today: "今天",
    yesterday: "昨天",
    too_long: "太长了，没有发出：每条最多 4000 字，请分几条发送。",
    refused: "这条没有发出，请改一改再试。",
  },
  en: {
    title: "Complaints & suggestions",
    subtitle: "Just tell us. We stay with it until you are satisfied",
    connecting: "Connecting…",
    offline: "Connection lost, reconnecting… Your words are kept and will be sent",
    hint: "Hello! Tell us in your own words what is wrong: where, what, and since when. You will hear about every step right here.",
    placeholder: "Tell us what is wrong…",
    send: "Send",
    menu: "Menu",
    attach: "Add photos or files",
    drop: "Let go to add",
    adding: (percent) => `Uploading, ${percent}%`,
    queued: "Waiting for its turn",
    waiting: "Not connected; it is uploaded as soon as the line is back",
    added: "Ready to be sent",
    after: "Will be sent when all files are there",
    again: "Try again",
    remove: (name) => `Remove ${name}`,
    notTaken: {
      most: (most) => `${most} files at a time; send the others with your next message`,
      too_large: (mb) => `Too large, not uploaded: ${mb} MB at most`,
      empty: () => "This file is empty, not uploaded",
      kind: () => "Files of this kind can start a program and are not taken. Send a photo, video, recording or PDF",
      too_much: () => "You have sent a great many files today. Please go on tomorrow",
      too_fast: () => "Too fast. Please wait a moment and try again",
      busy: () => "Many people are uploading just now. Please try again in a moment",
      no_room: () => "There is no room for files just now. Tell us in words, and try again later",
      broken_off: () => "Not finished: the connection broke off",
      other: () => "This could not be uploaded. Please try another file",
    },
    file_gone: "The files waited too long and were not kept. Please add them again.",
    notOpened: { gone: "this file is not kept any more", broken_off: "not downloaded, tap again" },
    log: "Conversation",
    pending: "Waiting to be sent",
    newer: "New message",
    unsay: "Take this back",
    other: "中文",
    otherLabel: "切换到中文",
    today: "Today",
    yesterday: "Yesterday",
    too_long: "Too long, not sent: 4,000 characters at most. Please send it in parts.",
    refused: "This was not sent. Please change it and try again.",
  },
};

const LOCALE_KEY = "complaintbot.locale";

/** "zh" or "en": as ?lang= says, else as chosen before, else as the browser is set. */
export function preferredLocale() {
  const asked = new URLSearchParams(location.search).get("lang");
  let chosen = null;
  try {
    chosen = localStorage.getItem(LOCALE_KEY);
  } catch { /* no storage: nothing was chosen */ }
  const tag = (asked || chosen || navigator.language || "zh").toLowerCase();
  return tag.startsWith("zh") ? "zh" : "en";
}

export function rememberLocale(locale) {
  try {
    localStorage.setItem(LOCALE_KEY, locale);
  } catch { /* no storage: it will be asked of the browser again */ }
}

/** The web chat's own WebSocket, or `path` on the same host. */
export function socketUrl(path = null) {
  const url = path ? new URL(path, location.href) : new URL("./socket", import.meta.url);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}

// ------------------------------------------------------------------------------------------------------------------ view

const MAX_CHARS = 4000;
const CLIP = "M19.5 11.2 12 18.7a4.6 4.6 0 0 1-6.5-6.5l7.8-7.8a3 3 0 0 1 4.3 4.3l-7.6 7.6a1.5 1.5 0 0 1-2.1-2.1l6.9-6.9";
const AT_ONCE = 2; // files on their way; the server has three places for one conversation
const AGAIN = new Set(["broken_off", "too_fast", "busy", "no_room"]); // worth another try as it is
const SPEECH = "M5 6.5h14v9.5h-7.5L7.5 19.5V16H5z";

/**
 * Show one chat inside `element` and connect it. Needs style.css on the page.
 *
 * options: url, storageKey, secret, locale, title, subtitle, hint, placeholder (null = our own words in the locale),
 *   accent ("teal" | "amber" | "indigo" | "green"), languageSwitch (show the button), now (() => Date, for "today"),
 *   timeZone (null = the browser's), onLocale(locale), onLine(line)
 * Returns {client, element, title, locale, setLocale(locale), say(text), destroy()}.
 */
export function mountPhone(element, options) {
  return new Phone(element, options);
}

class Phone {
  constructor(element, options) {
    this.element = element;
    this._options = options;
    this._rows = new Map(); // by the id of the person's own messages: a resent one is shown once
    this._following = true; // the newest line is in sight, and shall stay so
    this._scrollTop = 0;
    this._ending = false;
    this._formats = {};
    this._items = []; // files that go with the next message
    this._sendAfter = false; // as soon as they are there
    this._build();
    this.client = new ChatClient({
      url: options.url,
      storageKey: options.storageKey ?? null,
      secret: options.secret ?? null,
      locale: options.locale ?? "zh",
      onState: (state) => this._showState(state),
      onLine: (line) => this._showLine(line),
      onPending: (message) => this._showPending(message),
      onRefused: (message, reason) => this._showRefused(message, reason),
      onUnsaid: (id) => this._rows.get(id)?.classList.add("cb-unsaid"),
      onReset: () => this._forget(),
    });
    this.setLocale(options.locale ?? "zh");
    this._showState("connecting");
    this.client.start();
  }

  get locale() {
    return this.client.locale;
  }

  get title() {
    return this._options.title ?? this._words.title;
  }

  get _words() {
    return WORDS[this.locale] ?? WORDS.en;
  }

  say(text, options) {
    return this.client.say(text, options);
  }

  destroy() {
    this._resizes.disconnect();
    this.client.stop();
    this.element.replaceChildren();
    this.element.classList.remove("cb-phone");
  }

  setLocale(locale) {
    this.client.setLocale(locale);
    const words = this._words;
    const parts = this._parts;
    this.element.lang = locale === "zh" ? "zh-CN" : "en";
    parts.title.textContent = this.title;
    parts.words.textContent = this._options.hint ?? words.hint;
    parts.language.textContent = words.other;
    parts.language.lang = locale === "zh" ? "en" : "zh-CN";
    parts.language.setAttribute("aria-label", words.otherLabel);
    parts.log.setAttribute("aria-label", words.log);
    parts.input.placeholder = this._options.placeholder ?? words.placeholder;
    parts.input.setAttribute("aria-label", parts.input.placeholder);
    parts.send.setAttribute("aria-label", words.send);
    parts.menu.setAttribute("aria-label", words.menu);
    this._showMenu(false);
    parts.attach.setAttribute("aria-label", words.attach);
    parts.attach.title = words.attach;
    parts.tray.setAttribute("aria-label", words.attach);
    this.element.dataset.drop = words.drop;
    this._showItems();
    parts.newer.textContent = words.newer;
    this._redate();
    this._showState(this.client.state);
  }

  _build() {
    const root = this.element;
    root.classList.add("cb-phone");
    root.dataset.accent = this._options.accent ?? "teal";
    const title = make("h1", "cb-title");
    const subtitle = make("p", "cb-subtitle");
    const language = make("button", "cb-language", { type: "button", hidden: !this._options.languageSwitch });
    const head = make("header", "cb-head", {}, [
      make("span", "cb-mark", { ariaHidden: "true" }, [icon(SPEECH)]),
      make("div", "cb-names", {}, [title, subtitle]),
      language,
    ]);
    const notice = make("div", "cb-notice", { role: "status", hidden: true });
    const words = make("p", "cb-words");
    const hint = make("div", "cb-hint", {}, [make("span", "cb-sign", { ariaHidden: "true" }, [icon(SPEECH)]), words]);
    const lines = make("div", "cb-lines");
    const log = make("div", "cb-log", { role: "log", ariaLive: "polite", tabIndex: 0 }, [hint, lines]);
    const newer = make("button", "cb-newer", { type: "button", hidden: true });
    const input = make("textarea", "cb-input", { rows: 1, autocomplete: "off" });
    input.setAttribute("enterkeyhint", "send");
    const count = make("span", "cb-count", { hidden: true, role: "status" });
    const send = make("button", "cb-send", { type: "submit", disabled: true }, [icon("M4 12 20 4.5 15 20l-3.6-6.2z")]);
    const menu = make("button", "cb-menu", { type: "button", hidden: true }, [icon("M4 6h16v2H4zM4 11h16v2H4zM4 16h16v2H4z")]);
    const attach = make("button", "cb-attach", { type: "button", hidden: true }, [icon(CLIP)]);
    const chooser = make("input", "cb-chooser", { type: "file", multiple: true, hidden: true });
    const tray = make("ul", "cb-tray", { hidden: true });
    const offered = make("div", "cb-offered", { hidden: true, role: "menu" });
    const composer = make("form", "cb-composer", { noValidate: true }, [count, offered, menu, attach, input, send, chooser]);
    const body = make("div", "cb-body", {}, [notice, log, newer]);
    root.replaceChildren(head, body, tray, composer);
    this._parts = { attach, chooser, tray, title, subtitle, language, notice, hint, words, lines, log, newer, input, count, send, menu, offered };

    language.addEventListener("click", () => {
      this.setLocale(this.locale === "zh" ? "en" : "zh");
      this._options.onLocale?.(this.locale);
    });
    composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this._submit();
    });
    input.addEventListener("input", () => this._typed());
    input.addEventListener("keydown", (event) => {
      // Enter that picks a word in a Chinese input method must not send; Safari says so by 229 only.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this._submit();
    });
    newer.addEventListener("click", () => this._toEnd(true));
    this._takeFiles();
    menu.addEventListener("click", () => this._showMenu(offered.hidden));
    root.addEventListener("keydown", (event) => event.key === "Escape" && !offered.hidden && this._showMenu(false));
    log.addEventListener("click", () => this._showMenu(false));
    log.addEventListener("scroll", () => this._scrolled(), { passive: true });
    // The keyboard opens, the window turns: what was at the end stays at the end.
    this._resizes = new ResizeObserver(() => this._following && this._toEnd(false));
    this._resizes.observe(log);
  }

  /** Files are chosen, dropped anywhere on the phone, or pasted. */
  _takeFiles() {
    const { attach, chooser, input } = this._parts;
    const root = this.element;
    const holdsFiles = (event) => this.client?.takes && event.dataTransfer?.types.includes("Files");
    attach.addEventListener("click", () => chooser.click());
    chooser.addEventListener("change", () => {
      this._add([...chooser.files]);
      chooser.value = ""; // the same file may be chosen again
    });
    input.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length || !this.client.takes || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      this._add(files);
    });
    root.addEventListener("dragover", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      root.classList.add("cb-dropping");
    });
    root.addEventListener("dragleave", (event) => root.contains(event.relatedTarget) || root.classList.remove("cb-dropping"));
    root.addEventListener("drop", (event) => {
      root.classList.remove("cb-dropping");
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this._add([...event.dataTransfer.files]);
    });
  }

  _add(files) {
    const { most, max_bytes: largest } = this.client.takes;
    let going = this._items.filter((item) => !item.why || AGAIN.has(item.why)).length;
    for (const file of files) {
      const item = { file, share: 0, done: null, sending: null, why: null };
      if (file.size === 0) item.why = "empty";
      else if (file.size > largest) item.why = "too_large";
      else if (++going > most) item.why = "most";
      this._items.push(item);
      if (item.why === "most") break;
    }
    this._showItems();
    this._uploadNext();
    this._parts.input.focus();
  }

  /** Begin with files that wait, as far as there is a line and others are through. */
  _uploadNext() {
    if (this.client.state !== "online") return;
    let free = AT_ONCE - this._items.filter((item) => item.sending).length;
    for (const item of this._items) {
      if (free > 0 && !item.sending && !item.done && !item.why) {
        free -= 1;
        this._upload(item);
      }
    }
  }

  _again(item) {
    item.why = null;
    this._showItem(item);
    this._typed();
    this._uploadNext();
  }

  async _upload(item) {
    const sending = this.client.upload(item.file, (share) => {
      item.share = share;
      this._showItem(item);
    });
    item.sending = sending;
    item.share = 0;
    this._showItem(item);
    try {
      item.done = await sending.promise;
    } catch (why) {
      item.why = why;
      if (this._items.includes(item)) this._sendAfter = false; // whether to send without it is theirs to say
    }
    item.sending = null;
    this._uploadNext();
    if (!this._items.includes(item)) return; // taken out meanwhile
    for (const each of this._items) this._showItem(each);
    this._typed();
    if (this._sendAfter && !this._uploading) this._submit();
  }

  get _uploading() {
    return this._items.some((item) => !item.done && !item.why);
  }

  _removeItem(item) {
    this._items = this._items.filter((other) => other !== item);
    item.sending?.stop();
    this._showItems();
    this._parts.input.focus();
    if (this._sendAfter && !this._uploading) this._submit();
  }

  _showItems() {
    const { tray } = this._parts;
    for (const item of this._items) this._showItem(item);
    tray.replaceChildren(...this._items.map((item) => item.row));
    tray.hidden = this._items.length === 0;
    if (tray.hidden) this._sendAfter = false;
    this._typed();
  }

  _showItem(item) {
    const words = this._words;
    item.row ??= this._itemRow(item);
    const { row } = item;
    const percent = Math.floor(item.share * 100);
    let says = this.client.state === "online" ? words.queued : words.waiting;
    if (item.sending) says = words.adding(percent);
    if (item.done) says = this._sendAfter ? words.after : words.added;
    if (item.why) says = (words.notTaken[item.why] ?? words.notTaken.other)(this._limit(item.why));
    row.querySelector(".cb-item-says").textContent = says;
    row.classList.toggle("cb-item-bad", item.why !== null);
    row.classList.toggle("cb-item-done", item.done !== null);
    const bar = row.querySelector("progress");
    bar.hidden = !item.sending;
    bar.value = item.share;
    const again = row.querySelector(".cb-item-again");
    again.hidden = !AGAIN.has(item.why);
    again.textContent = words.again;
    row.querySelector(".cb-item-out").setAttribute("aria-label", words.remove(item.file.name));
  }

  _limit(why) {
    const { most, max_bytes: largest } = this.client.takes ?? {};
    return why === "most" ? most : Math.floor(largest / 1_048_576);
  }

  _itemRow(item) {
    const again = make("button", "cb-item-again", { type: "button", hidden: true });
    const out = make("button", "cb-item-out", { type: "button", textContent: "✕" });
    again.addEventListener("click", () => this._again(item));
    out.addEventListener("click", () => this._removeItem(item));
    return make("li", "cb-item", {}, [
      make("span", "cb-item-name", { dir: "auto", textContent: item.file.name }),
      make("span", "cb-item-says", { role: "status" }),
      make("progress", "cb-item-bar", { max: 1, value: 0 }),
      again,
      out,
    ]);
  }

  _typed() {
    const { input, count, send } = this._parts;
    const length = input.value.trim().length;
    const files = this._items.some((item) => !item.why);
    send.disabled = (length === 0 && !files) || length > MAX_CHARS;
    count.hidden = length <= MAX_CHARS - 200;
    count.classList.toggle("cb-over", length > MAX_CHARS);
    count.textContent = `${length} / ${MAX_CHARS}`;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
  }

  _submit() {
    const { input, send } = this._parts;
    const text = input.value.trim();
    this._sendAfter = false;
    this._typed();
    if (send.disabled) return;
    if (this._uploading) {
      this._sendAfter = true;
      for (const item of this._items) this._showItem(item);
      return;
    }
    const files = this._items.filter((item) => item.done).map((item) => item.done);
    this._items = this._items.filter((item) => !item.done); // what could not be sent stays in sight, with its reason
    this._showItems();
    input.value = "";
    this._typed();
    this.client.say(text, { files });
  }

  _showState(state) {
    const { subtitle, notice } = this._parts;
    const words = this._words;
    this.element.dataset.state = state;
    this._showMenu(false);
    this._parts.attach.hidden = !this.client?.takes;
    if (state === "online") {
      for (const item of this._items) if (item.why === "broken_off") item.why = null;
      this._uploadNext();
    }
    for (const item of this._items) this._showItem(item);
    subtitle.textContent = state === "connecting" ? words.connecting : (this._options.subtitle ?? words.subtitle);
    notice.hidden = state !== "offline";
    notice.textContent = state === "offline" ? words.offline : "";
  }

  _showLine(line) {
    const known = line.id && this._rows.get(line.id);
    if (known) this._settle(known, line);
    else this._append(line, line.out ? "cb-ours" : "cb-own");
    if (line.menu) this._showMenu(false);
    this._options.onLine?.(line);
  }

  /** Open the menu, or put it away; where there is nothing to offer there is no button for it either. */
  _showMenu(open) {
    const { menu, offered, input } = this._parts;
    const commands = this.client?.menu ?? [];
    menu.hidden = commands.length === 0;
    offered.hidden = !open || menu.hidden;
    menu.setAttribute("aria-expanded", String(!offered.hidden));
    if (offered.hidden) return offered.replaceChildren();
    offered.replaceChildren(...commands.map(({ says, shown }) => {
      const entry = make("button", "cb-command", { type: "button", role: "menuitem", textContent: shown });
      entry.addEventListener("click", () => {
        this._showMenu(false);
        this.client.say(says);
        input.focus();
      });
      return entry;
    }));
    offered.firstElementChild.focus();
  }

  _showPending(message) {
    if (this._rows.has(message.id)) return;
    const row = this._append(message, "cb-own");
    row.classList.add("cb-pending");
    this._stamp(row, message.at);
  }

  /** A pending message was stored: it takes its place, after everything that was stored before it. */
  _settle(row, line) {
    if (!row.classList.contains("cb-pending")) return;
    row.classList.remove("cb-pending");
    this._stamp(row, line.at);
    const before = [...this._parts.lines.querySelectorAll(".cb-pending")].find((other) => isAfter(row, other));
    if (before) {
      this._parts.lines.insertBefore(row, before);
      this._redate();
    }
  }

  _showRefused(message, reason) {
    const row = this._rows.get(message.id);
    this._rows.delete(message.id);
    row?.classList.remove("cb-pending");
    row?.classList.add("cb-refused");
    row?.append(make("p", "cb-why", { textContent: this._words[reason] ?? this._words.refused }));
    const { input } = this._parts;
    if (!input.value) {
      input.value = message.text;
      this._typed();
    }
  }

  _append(line, side) {
    const { lines, hint, newer } = this._parts;
    const stay = !line.out || this._following;
    hint.hidden = true;
    const bubble = make("div", "cb-bubble", {}, [
      make("span", "cb-text", { dir: "auto" }, unbroken(line.text)),
      make("time", "cb-time"),
    ]);
    for (const [position, file] of (line.files ?? []).entries()) bubble.append(this._file(line, position, file));
    const row = make("div", `cb-row ${side}`, {}, [bubble]);
    if (line.id) {
      this._rows.set(line.id, row);
      bubble.addEventListener("click", () => this._offerUnsay(row, line.id));
    }
    // What is still to be sent stays below what was said: it will be stored after it.
    const pending = line.out || line.seq ? lines.querySelector(".cb-pending") : null;
    lines.querySelectorAll(".cb-buttons").forEach((old) => old.remove());
    lines.insertBefore(row, pending);
    this._stamp(row, line.at);
    if (line.buttons?.length && !pending) row.append(this._buttons(line));
    if (stay) this._toEnd(false);
    else newer.hidden = false;
    return row;
  }

  /** A file of a line: in the line itself, where it is small; else it is fetched with our secret. One's own is but named. */
  _file(line, position, file) {
    const says = `📎 ${file.name}`;
    if (file.data !== undefined) {
      const href = `data:${file.type.replaceAll(" ", "")};base64,${file.data}`;
      return make("a", "cb-file", { href, download: file.name, textContent: says });
    }
    if (!line.out) return make("span", "cb-file", { textContent: says });
    const button = make("button", "cb-file", { type: "button", textContent: says });
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const url = URL.createObjectURL(await this.client.download(line.seq, position));
        make("a", "", { href: url, download: file.name }).click();
        setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers read it only after the click
        button.textContent = says;
      } catch (why) {
        button.textContent = `${says} (${this._words.notOpened[why] ?? why})`;
      }
      button.disabled = false;
    });
    return button;
  }

  /** A tap on one's own words offers to take them back; another tap puts the offer away. */
  _offerUnsay(row, id) {
    const open = row.querySelector(".cb-unsay");
    if (open) return open.remove();
    if (globalThis.getSelection?.().toString()) return; // they are copying it
    if (row.matches(".cb-pending, .cb-refused, .cb-unsaid")) return;
    const button = make("button", "cb-unsay", { type: "button", textContent: this._words.unsay });
    button.addEventListener("click", () => {
      this.client.unsay(id);
      button.remove();
    });
    row.append(button);
  }

  _buttons(line) {
    const buttons = line.buttons.map(({ label, says }) => {
      const button = make("button", "cb-button", { type: "button", textContent: label });
      button.addEventListener("click", () => {
        this.client.say(says, { replyTo: line.seq });
      });
      return button;
    });
    return make("div", "cb-buttons", { role: "group" }, buttons);
  }

  _stamp(row, at) {
    const time = row.querySelector("time");
    row.at = at;
    time.dateTime = at.toISOString();
    const pending = row.classList.contains("cb-pending");
    const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    time.textContent = pending ? this._words.pending : this._format(this._tag, shape).format(at);
    this._divide(row);
  }

  /** Put the day above the first line of each day. */
  _divide(row) {
    const before = row.previousElementSibling;
    if (before?.classList.contains("cb-day") && before.dataset.of !== this._dayKey(row.at)) before.remove();
    let last = row.previousElementSibling;
    while (last && !last.at) last = last.previousElementSibling;
    const standing = row.previousElementSibling?.classList.contains("cb-day");
    if (!standing && (!last || this._dayKey(last.at) !== this._dayKey(row.at))) {
      const day = make("div", "cb-day", { textContent: this._dayName(row.at) });
      day.dataset.of = this._dayKey(row.at);
      row.before(day);
    }
  }

  _redate() {
    this._parts.lines.querySelectorAll(".cb-day").forEach((day) => day.remove());
    for (const row of [...this._parts.lines.children]) if (row.at) this._stamp(row, row.at);
  }

  get _tag() {
    return this.locale === "zh" ? "zh-CN" : "en-GB";
  }

  _dayKey(at) {
    return this._format("en-CA", {}).format(at);
  }

  _dayName(at) {
    const now = this._options.now?.() ?? new Date();
    const key = this._dayKey(at);
    if (key === this._dayKey(now)) return this._words.today;
    if (key === this._dayKey(new Date(now.getTime() - 86_400_000))) return this._words.yesterday;
    return this._format(this._tag, { month: "long", day: "numeric", weekday: "short" }).format(at);
  }

  /** Formats are costly to make, and a long log needs them for every line. */
  _format(tag, shape) {
    const name = `${tag} ${Object.keys(shape)}`;
    this._formats[name] ??= new Intl.DateTimeFormat(tag, { ...shape, timeZone: this._options.timeZone ?? undefined });
    return this._formats[name];
  }

  _forget() {
    this._rows.clear();
    this._parts.lines.replaceChildren();
    this._parts.hint.hidden = false;
  }

  _scrolled() {
    const { log, newer } = this._parts;
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    // Only a person scrolls up; a log that grew since our own scrolling is no reason to stop following.
    if (atEnd) this._following = true;
    else if (log.scrollTop < this._scrollTop - 2) this._following = false;
    this._scrollTop = log.scrollTop;
    if (atEnd) newer.hidden = true;
  }

  /** Scroll once for any number of lines that came at the same time. */
  _toEnd(smooth) {
    const { log, newer } = this._parts;
    newer.hidden = true;
    this._following = true;
    if (this._ending) return;
    this._ending = true;
    requestAnimationFrame(() => {
      this._ending = false;
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      log.scrollTo({ top: log.scrollHeight, behavior: smooth && !calm ? "smooth" : "auto" });
    });
  }
}

/** The text as nodes, each number such as TS20261121-0007 in one piece: a line end inside it is hard to read out. */
function unbroken(text) {
  return text.split(/(\b[A-Za-z0-9]{1,14}(?:-[A-Za-z0-9]{1,10})+\b)/).map((part, index) =>
    index % 2 ? make("span", "cb-number", { textContent: part }) : part,
  );
}

function isAfter(row, other) {
  return Boolean(other.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
}

function make(tag, className, properties = {}, children = []) {
  const element = Object.assign(document.createElement(tag), { className, ...properties });
  element.append(...children);
  return element;
}

function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}
