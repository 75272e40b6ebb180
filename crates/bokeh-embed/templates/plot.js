(() => {
  const show = () => {
    if (window.Bokeh === undefined && document.readyState !== "complete") {
      // Its scripts may still be on their way.
      window.addEventListener("load", show);
      return;
    }
    if (window.Bokeh === undefined) {
      console.error("BokehJS is missing: its scripts could not be loaded");
      return;
    }
    Bokeh.safely(() => {
      const docs_json = {{ docs_json }};
      const render_items = {{ render_items }};
      Bokeh.embed.embed_items(docs_json, render_items);
    });
  };
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", show);
  } else {
    show();
  }
})();
