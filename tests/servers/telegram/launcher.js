// A Telegram to talk to: the npm package `telegram-test-api` (nobody here wrote it) with what it lacks put in front.
//
// The package keeps what users and bots said, numbers updates and messages, answers the bot's methods that it knows, and
// offers the users' side (/sendMessage, /sendCommand, /sendCallback, /getUpdates, /getUpdatesHistory). Against an
// unmodified python-telegram-bot it fails in eight places; these repairs are ours, made after the Bot API's documentation:
//
//   1. getMe lacks is_bot               5. getUpdates knows neither offset nor timeout: an update is gone once delivered
//   2. dates of sent messages in ms     6. no multipart bodies, so no files; no setMyCommands, getWebhookInfo, getFile
//   3. callback queries lack parts      7. webhooks are called without the secret, and not again after a failure
//   4. edits answer null                8. never 401, 403, 409, 429, "chat not found" or "group migrated"
//
// Besides: its state survives a SIGKILL (argument 3), and /_ctl/* makes it rude. Usage:
//   node launcher.js TOKEN PORT STATE_FILE        prints one line of JSON, {"port": …}, once it listens
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const busboy = require('busboy');
const express = require('express');
const Emulator = require('telegram-test-api');

const [token, port, stateFile] = process.argv.slice(2);
const BOT = { id: Number(token.split(':')[0]), is_bot: true, first_name: 'Complaints', username: 'ComplaintTestBot' };
const DAY_S = 24 * 60 * 60;
const BOT_API_FILE_LIMIT = 20 * 1024 * 1024;

const emulator = new Emulator({ host: '127.0.0.1', storeTimeout: DAY_S });
const nothing = () => ({
  chats: {}, blocked: [], moved: {}, files: {}, commands: {}, menus: {}, webhook: null, webhookError: null, answered: [], calls: [],
});
const ours = nothing();
let failures = [];
let waiting = null; // the getUpdates call that is held open
let delayMs = 0;

function remember() {
  const { storage, updateId, messageId, callbackId } = emulator;
  fs.writeFileSync(`${stateFile}.new`, JSON.stringify({ emulator: { storage, updateId, messageId, callbackId }, ours }));
  fs.renameSync(`${stateFile}.new`, stateFile);
}

if (fs.existsSync(stateFile)) {
  const state = JSON.parse(fs.readFileSync(stateFile));
  Object.assign(emulator, state.emulator);
  Object.assign(ours, state.ours);
}

class Refusal extends Error {
  constructor(code, description, parameters) {
    super(description);
    this.answer = { ok: false, error_code: code, description, ...(parameters && { parameters }) };
  }
}

// --- updates ---------------------------------------------------------------------------------------------------------

function formatted(update) {
  if (update.raw !== undefined) {
    return typeof update.raw === 'object' && !Array.isArray(update.raw) && update.raw !== null
      ? { update_id: update.updateId, ...update.raw } : update.raw;
  }
  const result = Emulator.formatUpdate(update);
  const { botToken, ...message } = result.message || {};
  if (result.message) result.message = message;
  if (result.callback_query) result.callback_query.chat_instance = '1'; // repair 3
  return result;
}

emulator.addUserUpdate = async (update) => { // repair 7: the package would call the webhook once, here and now
  emulator.storage.userMessages.push(update);
  emulator.updateId += 1;
  wake();
};

function pushRaw(raw) {
  const { updateId } = emulator;
  emulator.addUserUpdate({ ...emulator.getCommonFields(token), raw });
  return updateId;
}

const pending = () => emulator.storage.userMessages;

function confirm(offset) {
  emulator.storage.userMessages = pending().filter((update) => update.updateId >= offset);
}

function wake() {
  if (waiting) waiting.look();
  deliver();
}

function getUpdates(req, res) { // repairs 5 and 8
  if (ours.webhook) {
    throw new Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
  }
  if (waiting) {
    waiting.answer(new Refusal(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'));
  }
  const offset = Number(req.body.offset || 0);
  const last = Math.max(0, ...pending().map((update) => update.updateId));
  if (offset > 0 && offset <= last + 1) confirm(offset); // an offset from a future that never came confirms nothing
  const call = {
    look() {
      const found = pending().slice(0, Number(req.body.limit || 100));
      if (found.length) call.answer(found.map(formatted));
    },
    answer(result) {
      clearTimeout(call.timer);
      if (waiting === call) waiting = null;
      if (result instanceof Refusal) res.status(result.answer.error_code).json(result.answer);
      else res.json({ ok: true, result });
    },
  };
  waiting = call;
  call.timer = setTimeout(() => call.answer([]), 1000 * Number(req.body.timeout || 0));
  res.on('close', () => { if (waiting === call) { clearTimeout(call.timer); waiting = null; } });
  call.look();
}

let delivering = false;
async function deliver() { // repair 7
  if (delivering || !ours.webhook) return;
  delivering = true;
  while (ours.webhook && pending().length) {
    const update = pending()[0];
    try {
      const headers = { 'content-type': 'application/json' };
      if (ours.webhook.secret_token) headers['X-Telegram-Bot-Api-Secret-Token'] = ours.webhook.secret_token;
      const answer = await fetch(ours.webhook.url, { method: 'POST', headers, body: JSON.stringify(formatted(update)) });
      if (!answer.ok) throw new Error(`Wrong response from the webhook: ${answer.status} ${answer.statusText}`);
      confirm(update.updateId + 1);
    } catch (error) {
      ours.webhookError = { message: error.message, date: Math.floor(Date.now() / 1000) };
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    remember();
  }
  delivering = false;
}

// --- what the bot calls ----------------------------------------------------------------------------------------------

function chatFor(body) { // repair 8
  const id = Number(body.chat_id);
  if (ours.moved[id]) {
    throw new Refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: ours.moved[id] });
  }
  if (ours.blocked.includes(id)) {
    throw new Refusal(403, id > 0 ? 'Forbidden: bot was blocked by the user' : 'Forbidden: bot was kicked from the group chat');
  }
  if (!ours.chats[id]) throw new Refusal(400, 'Bad Request: chat not found');
  return ours.chats[id];
}

const stored = (chat, message) => emulator.storage.botMessages.find(
  (entry) => String(entry.messageId) === String(message) && String(entry.message.chat_id) === String(chat),
);

function asMessage(entry) { // repairs 2, 3 and 4
  const { message } = entry;
  const markup = message.reply_markup;
  return {
    message_id: entry.messageId,
    from: BOT,
    chat: ours.chats[message.chat_id],
    date: Math.floor(entry.time / 1000),
    ...(message.text !== undefined && { text: message.text }),
    ...(message.caption !== undefined && { caption: message.caption }),
    ...(message.photo && { photo: message.photo }),
    ...(message.document && { document: message.document }),
    ...(markup && markup.inline_keyboard && markup.inline_keyboard.length && { reply_markup: markup }),
  };
}

function check(body) {
  if (!String(body.text || '').trim()) throw new Refusal(400, 'Bad Request: message text is empty');
  if (body.text.length > 4096) throw new Refusal(400, 'Bad Request: message is too long');
  if (typeof body.reply_markup === 'string') body.reply_markup = JSON.parse(body.reply_markup);
  for (const row of (body.reply_markup && body.reply_markup.inline_keyboard) || []) {
    for (const button of row) {
      if (Buffer.byteLength(button.callback_data || 'x') > 64) throw new Refusal(400, 'Bad Request: BUTTON_DATA_INVALID');
    }
  }
}

function menuOf(body) { // the chat whose own menu it is, null for everybody's
  const scope = JSON.parse(body.scope || '{}');
  if (scope.type !== 'chat') return null;
  chatFor(scope);
  return scope.chat_id;
}

function keep(bytes, name, declared) {
  const id = `file${Object.keys(ours.files).length + 1}`;
  ours.files[id] = { name, size: declared || bytes.length, base64: bytes.toString('base64') };
  return { file_id: id, file_unique_id: `u${id}`, file_size: ours.files[id].size };
}

function sendFile(kind) { // repair 6
  return (req) => {
    chatFor(req.body);
    const sent = req.files[0];
    const file = sent ? keep(sent.bytes, sent.name) : { file_id: req.body[kind], file_unique_id: `u${req.body[kind]}` };
    const body = { ...req.body, [kind]: kind === 'photo' ? [{ ...file, width: 1, height: 1 }] : { ...file, file_name: sent && sent.name } };
    emulator.addBotMessage(body, token);
    return asMessage(emulator.storage.botMessages.at(-1));
  };
}

function edited(req) {
  chatFor(req.body);
  const entry = stored(req.body.chat_id, req.body.message_id);
  if (!entry) throw new Refusal(400, 'Bad Request: message to edit not found');
  const before = JSON.stringify(entry.message);
  if (req.body.text !== undefined) {
    check(req.body);
    emulator.editMessageText(req.body);
  }
  if (!req.body.reply_markup) delete entry.message.reply_markup; // an edit without a keyboard takes it away
  const after = stored(req.body.chat_id, req.body.message_id);
  delete after.message.message_id;
  if (JSON.stringify(after.message) === before) throw new Refusal(400, 'Bad Request: message is not modified');
  return asMessage(after);
}

const METHODS = {
  getMe: () => BOT, // repair 1
  sendPhoto: sendFile('photo'),
  sendDocument: sendFile('document'),
  editMessageText: edited,
  editMessageReplyMarkup: edited,
  answerCallbackQuery: (req) => { ours.answered.push(req.body.callback_query_id); return true; },
  setMyCommands: (req) => {
    const chat = menuOf(req.body);
    if (chat) ours.menus[chat] = JSON.parse(req.body.commands);
    else ours.commands[req.body.language_code || ''] = JSON.parse(req.body.commands);
    return true;
  },
  deleteMyCommands: (req) => { delete ours.menus[menuOf(req.body)]; return true; },
  setWebhook: (req) => {
    ours.webhook = { url: req.body.url, secret_token: req.body.secret_token };
    ours.webhookError = null;
    emulator.emit('webhook');
    return true;
  },
  deleteWebhook: () => { ours.webhook = null; return true; },
  getWebhookInfo: () => ({
    url: ours.webhook ? ours.webhook.url : '',
    has_custom_certificate: false,
    pending_update_count: pending().length,
    ...(ours.webhookError && { last_error_date: ours.webhookError.date, last_error_message: ours.webhookError.message }),
  }),
  getFile: (req) => {
    const file = ours.files[req.body.file_id];
    if (!file) throw new Refusal(400, 'Bad Request: wrong file_id or the file is temporarily unavailable');
    if (file.size > BOT_API_FILE_LIMIT) throw new Refusal(400, 'Bad Request: file is too big');
    return { file_id: req.body.file_id, file_unique_id: `u${req.body.file_id}`, file_path: `documents/${req.body.file_id}` };
  },
  sendMessage: (req) => { // the package's own, with its answer repaired
    chatFor(req.body);
    check(req.body);
    emulator.addBotMessage(req.body, token);
    return asMessage(emulator.storage.botMessages.at(-1));
  },
};

// --- the server ------------------------------------------------------------------------------------------------------

const app = express();
app.use(express.json({ limit: '50mb' }));
app.use(express.urlencoded({ extended: true, limit: '50mb' }));
app.use((req, res, next) => { // repair 6
  req.files = [];
  if (!/^multipart\//.test(req.headers['content-type'] || '')) { next(); return; }
  req.body = {};
  const parser = busboy({ headers: req.headers });
  parser.on('field', (name, value) => { req.body[name] = value; });
  parser.on('file', (name, stream, info) => {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => req.files.push({ field: name, name: info.filename, bytes: Buffer.concat(chunks) }));
  });
  parser.on('close', next);
  req._body = true;
  req.pipe(parser);
});
app.use((req, res, next) => { // on disk before anybody is told so
  const { end } = res;
  res.end = (...rest) => { remember(); return end.apply(res, rest); };
  res.on('close', remember);
  next();
});

app.post('/_ctl/fail', (req, res) => { failures.push({ times: 1, ...req.body }); res.json({}); });
app.post('/_ctl/heal', (_req, res) => { failures = []; delayMs = 0; res.json({}); });
app.post('/_ctl/reset', (_req, res) => {
  if (waiting) waiting.answer([]);
  emulator.storage = { userMessages: [], botMessages: [] };
  Object.assign(ours, nothing());
  failures = [];
  delayMs = 0;
  res.json({});
});
app.post('/_ctl/delay', (req, res) => { delayMs = req.body.ms; res.json({}); });
app.post('/_ctl/update', (req, res) => res.json({ update_id: pushRaw(req.body.update) }));
app.post('/_ctl/upload', (req, res) => res.json(keep(Buffer.from(req.body.base64, 'base64'), req.body.name, req.body.declared)));
app.post('/_ctl/chat', (req, res) => { ours.chats[req.body.id] = req.body; res.json({}); });
app.post('/_ctl/block', (req, res) => {
  const { chat, from, blocked } = req.body;
  ours.blocked = ours.blocked.filter((id) => id !== chat.id).concat(blocked ? [chat.id] : []);
  const member = (status) => ({ user: BOT, status, ...(status === 'kicked' && { until_date: 0 }) });
  pushRaw({
    my_chat_member: {
      chat, from, date: Math.floor(Date.now() / 1000),
      old_chat_member: member(blocked ? 'member' : 'kicked'), new_chat_member: member(blocked ? 'kicked' : 'member'),
    },
  });
  res.json({});
});
app.post('/_ctl/migrate', (req, res) => {
  const { chat, to, from } = req.body;
  ours.moved[chat.id] = to.id;
  ours.chats[to.id] = to;
  const date = Math.floor(Date.now() / 1000);
  emulator.messageId += 1;
  pushRaw({ message: { message_id: emulator.messageId, date, chat, from, migrate_to_chat_id: to.id } });
  pushRaw({ message: { message_id: 1, date, chat: to, from, migrate_from_chat_id: chat.id } });
  res.json({});
});
app.get('/_ctl/state', (_req, res) => res.json({
  ...ours,
  pending: pending().length,
  polling: waiting !== null,
  sent: emulator.storage.botMessages.map((entry) => ({ ...asMessage(entry), reply_parameters: entry.message.reply_parameters, raw: entry.message })),
}));

app.get('/file/bot:token/documents/:id', (req, res) => {
  const file = req.params.token === token && ours.files[req.params.id];
  if (!file) res.status(404).json({ ok: false, error_code: 404, description: 'Not Found' });
  else res.type('application/octet-stream').send(Buffer.from(file.base64, 'base64'));
});

app.all('/bot:token/:method', (req, res, next) => {
  const { method } = req.params;
  ours.calls.push(method);
  if (req.params.token !== token) {
    res.status(401).json({ ok: false, error_code: 401, description: 'Unauthorized' });
    return;
  }
  const failure = failures.find((one) => one.method === method && one.times > 0);
  if (failure) failure.times -= 1;
  const rude = failure ? failure.how : '';
  if (rude === 'cut') { req.socket.destroy(); return; } // before anything happened
  if (failure && failure.code) {
    const parameters = failure.retry_after !== undefined ? { retry_after: failure.retry_after } : undefined;
    const description = failure.description || http.STATUS_CODES[failure.code];
    if (rude === 'page') res.status(failure.code).type('html').send(`<html>${description}</html>`);
    else res.status(failure.code).json(new Refusal(failure.code, description, parameters).answer);
    return;
  }
  try {
    if (method === 'getUpdates') { getUpdates(req, res); return; }
    if (!METHODS[method]) { next(); return; }
    const result = METHODS[method](req);
    if (rude === 'cut after') { req.socket.destroy(); return; } // it was done, but nobody is told
    if (rude === 'silent after') return;
    setTimeout(() => { res.json({ ok: true, result }); emulator.emit('answered'); }, delayMs);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    res.status(error.answer.error_code).json(error.answer);
  }
});
emulator.on('webhook', () => setTimeout(deliver, 0));

// The users' side: the package's own, told where the message was said and what button belongs to which message.
app.post(['/sendMessage', '/sendCommand'], (req, res, next) => {
  ours.chats[req.body.chat.id] = req.body.chat;
  res.set({ 'x-message-id': emulator.messageId, 'x-update-id': emulator.updateId });
  next();
});
app.post('/sendCallback', (req, res, next) => { // repair 3
  res.set({ 'x-update-id': emulator.updateId });
  const entry = stored(req.body.message.chat.id, req.body.message.message_id);
  if (entry) req.body.message = asMessage(entry);
  next();
});
app.use(emulator.webServer);

const server = http.createServer(app).listen(Number(port), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`);
  deliver();
});
server.keepAliveTimeout = 60_000;
