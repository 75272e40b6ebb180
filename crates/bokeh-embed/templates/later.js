// Loads the rest of BokehJS once the page has drawn its documents. Until then a message that needs the rest waits, and with it
// all that come after: to the server that looks like a slow line.
(() => {
  const scripts = {{ scripts }};
  const add = ({ url, integrity }) => {
    const script = document.createElement("script");
    script.src = url;
    if (integrity !== null) {
      script.crossOrigin = "anonymous";
      script.integrity = integrity;
    }
    // They run in this order.
    script.async = false;
    document.head.append(script);
    return new Promise((done) => {
      script.onload = done;
      script.onerror = () => {
        console.error(`Bokeh: could not load ${url}`);
        done();
      };
    });
  };

  let connection, provider;
  try {
    connection = Bokeh.require("client/connection").ClientConnection.prototype;
    provider = Bokeh.require("models/text/providers").default_provider;
    if (typeof connection._steady_state_handler !== "function") throw new Error("another BokehJS");
  } catch {
    // Nothing can be made to wait, so the page waits.
    if (document.readyState === "loading") {
      for (const { url, integrity } of scripts) {
        const check = integrity === null ? "" : ` crossorigin="anonymous" integrity="${integrity}"`;
        document.write(`<${"script"} src="${url}"${check}></${"script"}>`);
      }
    } else {
      scripts.forEach(add);
    }
    return;
  }

  const math = new Set({{ math }});
  const needs_rest = (value) => {
    if (typeof value === "string") return value === "webgl" || /\$\$|\\\(|\\\[/.test(value);
    if (value === null || typeof value !== "object") return false;
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return false;
    const { type, name } = value;
    if (type === "object" && (math.has(name) || !(name in Bokeh.Models))) return true;
    return (Array.isArray(value) ? value : Object.values(value)).some(needs_rest);
  };

  let loading = null;
  let is_there = false;
  const waiting = [];
  const handle = connection._steady_state_handler;
  connection._steady_state_handler = function (message) {
    if (!is_there && (waiting.length > 0 || needs_rest(message.content))) {
      waiting.push([this, this.socket, message]);
      loading ??= load();
    } else {
      handle.call(this, message);
    }
  };
  const load = async () => {
    try {
      // Whoever waits for ever sees less than with what is missing.
      const timeout = new Promise((done) => setTimeout(done, 60_000));
      await Promise.race([Promise.all(scripts.map(add)), timeout]);
      // Every widget has asked for MathJax when it was not there.
      if (provider.status === "failed") await provider.fetch();
    } catch (error) {
      reportError(error);
    }
    is_there = true;
    for (const [self, socket, message] of waiting.splice(0)) {
      // Who has connected again has also got the whole document again.
      if (self.socket !== socket) continue;
      try {
        handle.call(self, message);
      } catch (error) {
        reportError(error);
      }
    }
  };

  const deadline = performance.now() + 10_000;
  const load_when_idle = () => {
    const is_drawn = Bokeh.documents.length > 0 && Bokeh.documents.every((document) => document.is_idle);
    if (is_drawn || performance.now() > deadline) {
      loading ??= load();
    } else {
      setTimeout(load_when_idle, 50);
    }
  };
  load_when_idle();
})();
