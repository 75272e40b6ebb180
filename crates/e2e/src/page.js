// The functions that scripts of the tests find in scope. See BokehJS's `Bokeh.documents` and `Bokeh.index`.

function doc() {
  return Bokeh.documents[0]
}

function model(name) {
  const found = doc().get_model_by_name(name)
  if (found == null) throw new Error(`there is no model named ${name}`)
  return found
}

function view(name) {
  return Bokeh.index.get_one(model(name))
}

// A column of a data source, whichever kind of dictionary its data is.
function column(name, column) {
  const {data} = model(name)
  return data instanceof Map ? data.get(column) : data[column]
}

// The element that the selector finds in the view's shadow root or below; without a selector the view's own element.
function element(name, selector) {
  const {el, shadow_el} = view(name)
  const found = selector == "" ? el : find_below(shadow_el ?? el, selector)
  if (found == null) throw new Error(`${name} has no element ${selector}`)
  return found
}

function find_below(root, selector) {
  const found = root.querySelector(selector)
  if (found != null) return found
  for (const child of root.querySelectorAll("*")) {
    const inner = child.shadowRoot != null ? find_below(child.shadowRoot, selector) : null
    if (inner != null) return inner
  }
  return null
}

function rect(name, selector) {
  const el = element(name, selector)
  let {x, y, width, height} = el.getBoundingClientRect()
  if (width == 0 || height == 0) throw new Error(`${name} ${selector} is not visible`)
  if (x < 0 || y < 0 || x + width > innerWidth || y + height > innerHeight) {
    el.scrollIntoView({block: "center", inline: "center", behavior: "instant"})
    ;({x, y, width, height} = el.getBoundingClientRect())
  }
  return {x, y, width, height}
}

function canvas_digest(name) {
  const canvases = []
  const collect = (root) => {
    for (const el of root.querySelectorAll("*")) {
      if (el instanceof HTMLCanvasElement) canvases.push(el)
      if (el.shadowRoot != null) collect(el.shadowRoot)
    }
  }
  const {el, shadow_el} = view(name)
  collect(shadow_el ?? el)
  if (canvases.length == 0) throw new Error(`${name} has no canvas`)
  // FNV-1a with 32 bits over the pictures' texts
  let hash = 0x811c9dc5
  for (const canvas of canvases) {
    if (canvas.width == 0 || canvas.height == 0) continue
    for (const char of canvas.toDataURL()) {
      hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0
    }
  }
  return hash.toString(16).padStart(8, "0")
}

// Values of models as plain JSON: arrays of any kind as lists, maps as objects, models by their id, NaN and infinities
// as text. Cycles cannot occur, because models end the walk.
function plain(value) {
  if (value == null) return null
  if (typeof value == "number") return Number.isFinite(value) ? value : `${value}`
  if (typeof value == "bigint") return Number(value)
  if (typeof value != "object") return typeof value == "function" ? `${value}` : value
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return Array.from(value, plain)
  if (value instanceof Set) return Array.from(value, plain)
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([k, v]) => [`${k}`, plain(v)]))
  if (value instanceof DOMRect) return value.toJSON()
  if (value instanceof Node) return `${value.nodeName}`
  if (typeof value.id == "string" && value.document !== undefined) return {id: value.id}
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
}

// Tries before every frame, or every few milliseconds where no frames are drawn, until the condition gives something
// truthy or throws for too long.
function poll(condition, patience_ms, done) {
  const deadline = performance.now() + patience_ms
  const attempt = () => {
    let last
    try {
      const value = condition()
      if (value) return done({value: plain(value)})
      last = JSON.stringify(plain(value))
    } catch (error) {
      last = `${error}`
    }
    if (performance.now() > deadline) return done({last})
    if (document.visibilityState == "visible") requestAnimationFrame(attempt)
    else setTimeout(attempt, 10)
  }
  attempt()
}
