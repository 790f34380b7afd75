// What a script finds beside the language: console, timers, fetch. The value of this expression is the bridge,
// a function that only the host holds. Whatever a script does to its globals, it can only mislead itself:
// the host checks each request on its own side. Everything that crosses is JSON text, joined rather than added up:
// the host cannot read the ropes that long additions make.
((logLimit) => {
  "use strict";
  const { parse, stringify } = JSON;
  const { now } = Date;
  const text = String;
  const NativeError = Error;
  const NativeTypeError = TypeError;
  const NativePromise = Promise;
  const bare = () => Object.create(null);
  const join = Function.prototype.call.bind(Array.prototype.join);
  const then = Function.prototype.call.bind(Promise.prototype.then);
  const push = Function.prototype.call.bind(Array.prototype.push);

  // --- what the host takes: log lines, requests, the outcome -------------------------------------
  let lines = [];
  let logged = 0;
  let droppedLines = 0;
  let droppedCharacters = 0;
  let asks = [];
  let outcome = null;
  let nextId = 1;
  const waiting = new Map();

  const shown = (value) => {
    try {
      if (typeof value === "string") return value;
      if (value instanceof NativeError) return `${text(value)}\n${text(value.stack ?? "")}`.trimEnd();
      if (typeof value === "object" && value !== null) return stringify(value) ?? text(value);
      return text(value);
    } catch {
      return "[unprintable]";
    }
  };

  const log = (level, values) => {
    let line = "";
    for (let i = 0; i < values.length; i++) line += (i ? " " : "") + shown(values[i]);
    if (droppedLines || logged + line.length > logLimit) {
      droppedLines += 1;
      droppedCharacters += line.length;
      return;
    }
    logged += line.length;
    const entry = bare();
    entry.at = now();
    entry.level = level;
    entry.text = line;
    push(lines, stringify(entry));
  };

  const ask = (op, fields) =>
    new NativePromise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      fields.id = id;
      fields.op = op;
      push(asks, stringify(fields));
    });

  const failed = (error) => {
    const told = bare();
    try {
      const isError = error instanceof NativeError;
      told.message = isError ? text(error.message || error.name) : shown(error);
      told.stack = isError ? `${text(error)}\n${text(error.stack ?? "")}` : "";
    } catch {
      told.message = "the script threw something that cannot be shown";
    }
    return told;
  };

  const ended = (value) => {
    const told = bare();
    try {
      told.text = stringify(value || {}) ?? "{}";
    } catch (error) {
      const cause = failed(error);
      told.message = `the result cannot be written as JSON: ${cause.message}`;
      told.stack = cause.stack;
    }
    return told;
  };

  // --- globals -----------------------------------------------------------------------------------
  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });

  const console = bare();
  for (const [method, level] of [
    ["log", "info"], ["info", "info"], ["debug", "debug"], ["trace", "debug"], ["warn", "warn"], ["error", "error"],
  ]) {
    console[method] = (...values) => log(level, values);
  }
  define("console", console);

  const timers = new Map();
  let nextTimer = 1;
  const later = (timer, run, ms, again) => {
    const fields = bare();
    fields.ms = Number(ms) > 0 ? Number(ms) : 0;
    timers.set(timer, true);
    then(ask("sleep", fields), () => {
      if (!timers.get(timer)) return;
      if (again) later(timer, run, ms, again);
      else timers.delete(timer);
      try {
        run();
      } catch (error) {
        log("error", ["uncaught in a timer:", error]);
      }
    });
    return timer;
  };
  define("setTimeout", (run, ms, ...values) => later(nextTimer++, () => run(...values), ms, false));
  define("setInterval", (run, ms, ...values) => later(nextTimer++, () => run(...values), ms || 1, true));
  const clear = (timer) => void timers.delete(timer);
  define("clearTimeout", clear);
  define("clearInterval", clear);

  class Headers {
    #pairs = new Map();
    constructor(given) {
      if (given === undefined || given === null) return;
      const pairs = typeof given[Symbol.iterator] === "function" ? given : Object.entries(given);
      for (const [name, value] of pairs) this.append(name, value);
    }
    append(name, value) {
      const key = text(name).toLowerCase();
      const before = this.#pairs.get(key);
      this.#pairs.set(key, before === undefined ? text(value) : `${before}, ${text(value)}`);
    }
    set(name, value) { this.#pairs.set(text(name).toLowerCase(), text(value)); }
    get(name) { return this.#pairs.get(text(name).toLowerCase()) ?? null; }
    has(name) { return this.#pairs.has(text(name).toLowerCase()); }
    delete(name) { this.#pairs.delete(text(name).toLowerCase()); }
    forEach(each) { this.#pairs.forEach((value, name) => each(value, name, this)); }
    keys() { return this.#pairs.keys(); }
    values() { return this.#pairs.values(); }
    entries() { return this.#pairs.entries(); }
    [Symbol.iterator]() { return this.#pairs.entries(); }
  }
  define("Headers", Headers);

  const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const utf8Of = (told) =>
    Uint8Array.from(unescape(encodeURIComponent(told)), (character) => character.charCodeAt(0));
  const base64Of = (bytes) => {
    let binary = "";
    for (let i = 0; i < bytes.length; i += 4096) binary += String.fromCharCode(...bytes.subarray(i, i + 4096));
    return btoa(binary);
  };

  class Response {
    #body;
    constructor(told) {
      this.#body = told;
      this.status = told.status;
      this.statusText = told.statusText;
      this.ok = told.status >= 200 && told.status < 300;
      this.url = told.url;
      this.redirected = told.redirected;
      this.headers = new Headers(told.headers);
    }
    async text() { return this.#body.text ?? ""; }
    async json() { return parse(this.#body.text ?? ""); }
    async bytes() { return this.#body.base64 === undefined ? utf8Of(this.#body.text) : bytesOf(this.#body.base64); }
    async arrayBuffer() { return (await this.bytes()).buffer; }
  }
  define("Response", Response);

  define("fetch", async (resource, init) => {
    const options = init ?? {};
    const fields = bare();
    fields.url = text(resource);
    fields.method = text(options.method ?? "GET").toUpperCase();
    fields.headers = [...new Headers(options.headers)].map(([name, value]) => [name, value]);
    const body = options.body;
    if (body instanceof ArrayBuffer) fields.base64 = base64Of(new Uint8Array(body));
    else if (ArrayBuffer.isView(body)) {
      fields.base64 = base64Of(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
    } else if (body !== undefined && body !== null) fields.body = text(body);
    return new Response(await ask("fetch", fields));
  });

  // --- the bridge --------------------------------------------------------------------------------
  const ventunoCallsMain = async (main, params) => {
    if (typeof main !== "function") throw new NativeTypeError("`main` is no function");
    return await main(parse(params)); // `await` looks at no method that a script can replace
  };

  return (op, first, second) => {
    switch (op) {
      case "expect": // the module hands over `main` under a name of the host's choice, once
        Object.defineProperty(globalThis, first, {
          configurable: true,
          value: (main) => {
            delete globalThis[first];
            then(ventunoCallsMain(main, second), (value) => { outcome = ended(value); }, (error) => { outcome = failed(error); });
          },
        });
        return "";
      case "loaded": // the promise of the module: its own failure is the outcome
        then(first, undefined, (error) => { outcome ??= failed(error); });
        return "";
      case "asks": {
        const taken = asks;
        asks = [];
        return join(["[", join(taken, ","), "]"], "");
      }
      case "settle": {
        const told = parse(second);
        const one = waiting.get(first);
        waiting.delete(first);
        if (one === undefined) return "";
        if (told.error === undefined) one.resolve(told);
        else one.reject(new NativeTypeError(told.error));
        return "";
      }
      case "outcome":
        return outcome === null ? "" : stringify(outcome);
      case "log":
        return join(['{"lines":[', join(lines, ","), '],"dropped":[', droppedLines, ",", droppedCharacters, "]}"], "");
      default:
        return "";
    }
  };
})
