// Loads the page again when the server says that its application has changed. What the user has set stays set.
((address) => {
  const KEY = `bokeh-dev:${location.pathname}`;
  const SETTINGS = ["value", "active", "color"];

  const is_widget = (model) => {
    for (let cls = model.constructor; cls; cls = Object.getPrototypeOf(cls)) {
      if (cls.__name__ === "Widget" || cls.__name__ === "Tabs") return true;
    }
    return false;
  };

  // Widgets by what they are likely to keep when the script changes: name, else type and label, and which of those it is.
  const widgets = (doc) => {
    const found = new Map();
    const count = new Map();
    for (const model of doc._all_models.values()) {
      if (!is_widget(model) || model.type === "FileInput" || model.type === "Button") continue;
      const label = model.name ?? `${model.type} ${model.title ?? model.label ?? ""}`;
      const n = (count.get(label) ?? 0) + 1;
      count.set(label, n);
      for (const setting of SETTINGS) {
        if (setting in model.properties) found.set(JSON.stringify([label, n, setting]), { model, setting });
      }
    }
    return found;
  };

  const values = (doc) => {
    const found = {};
    for (const [key, { model, setting }] of widgets(doc)) {
      try {
        found[key] = JSON.stringify(model[setting]);
      } catch {
        // What is no JSON is not kept.
      }
    }
    return found;
  };

  let initial = null;

  const keep = () => {
    const doc = window.Bokeh?.documents?.[0];
    if (initial === null || doc === undefined) return;
    const kept = Object.entries(values(doc)).filter(([key, value]) => value !== undefined && value !== initial[key]);
    sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
  };

  const restore = (doc) => {
    initial = values(doc);
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    sessionStorage.removeItem(KEY);
    for (const [key, { model, setting }] of widgets(doc)) {
      if (key in kept && kept[key] !== initial[key]) model[setting] = JSON.parse(kept[key]);
    }
  };

  const when_shown = () => {
    const doc = window.Bokeh?.documents?.[0];
    if (doc !== undefined && doc.is_idle) restore(doc);
    else setTimeout(when_shown, 50);
  };
  when_shown();

  let generation = null;
  new EventSource(address).onmessage = (event) => {
    if (generation !== null && generation !== event.data) {
      keep();
      location.reload();
    }
    generation = event.data;
  };
})
