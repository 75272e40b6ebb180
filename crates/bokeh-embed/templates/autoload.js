"use strict";
{% if code %}if (window.Bokeh === undefined) {
{{ code }}}
{% endif %}(() => {
  const element_id = {{ element_id }};
  const js_urls = {{ js_urls }};
  const hashes = {{ hashes }};
  if (document.getElementById(element_id) === null) {
    console.warn(`Bokeh: there is no element ${element_id} on this page, so nothing can be shown in it`);
    return;
  }

  const show = () => {
    if (window.Bokeh === undefined) {
      console.error("Bokeh: BokehJS is missing: this page has to load its scripts");
      return;
    }
    {{ settings }}
    Bokeh.safely(() => {
      const docs_json = {{ docs_json }};
      const render_items = {{ render_items }};
      Bokeh.embed.embed_items(docs_json, render_items{{ place }});
    });
  };

  // The next two are shared with the scripts of Bokeh's own servers: whoever comes while somebody else loads BokehJS waits.
  if (window._bokeh_is_loading > 0) {
    window._bokeh_onload_callbacks.push(show);
    return;
  }
  const urls = js_urls.map((url) => new URL(url, document.baseURI).href);
  const present = new Set([...document.scripts].map((script) => script.src));
  const missing = urls.filter((url) => !present.has(url));
  if (missing.length === 0) {
    if (window.Bokeh === undefined && document.readyState !== "complete") {
      window.addEventListener("load", show);
    } else {
      show();
    }
    return;
  }

  window._bokeh_onload_callbacks = [show];
  window._bokeh_is_loading = missing.length;
  const loaded = () => {
    window._bokeh_is_loading -= 1;
    if (window._bokeh_is_loading === 0) {
      const callbacks = window._bokeh_onload_callbacks;
      delete window._bokeh_onload_callbacks;
      callbacks.forEach((callback) => callback?.());
    }
  };
  for (const url of missing) {
    const script = document.createElement("script");
    script.src = url;
    if (hashes[url] !== undefined) {
      script.crossOrigin = "anonymous";
      script.integrity = hashes[url];
    }
    // They run in this order.
    script.async = false;
    script.onload = loaded;
    script.onerror = () => console.error(`Bokeh: could not load ${url}`);
    document.head.append(script);
  }
})();
