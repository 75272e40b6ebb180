// The page's document as its models by id, each with all properties that are shared with the server. Values are told apart
// as they are on the wire: arrays by their dtype, maps and sets from lists.

const NUMBERS = {Uint8Array: "uint8", Int8Array: "int8", Uint16Array: "uint16", Int16Array: "int16",
  Uint32Array: "uint32", Int32Array: "int32", Float32Array: "float32", Float64Array: "float64"}

function replica() {
  const models = new Set(doc().roots().flatMap((root) => [...root.references()]))
  return {
    title: doc().title(),
    roots: doc().roots().map((root) => root.id).sort(),
    models: Object.fromEntries([...models].map((model) => [model.id, flat_model(model)])),
  }
}

function flat_model(model) {
  const attributes = {}
  for (const property of model.syncable_properties()) {
    // FileInput puts functions of its own among these callbacks.
    if (!property.is_unset && property.attr != "js_event_callbacks") {
      const value = property.get_value()
      attributes[property.attr] = is_spec(value) ? flat_spec(value) : flat(value)
    }
  }
  return {class: model.type, attributes}
}

function flat(value) {
  if (value == null) return null
  if (typeof value == "number") return Number.isFinite(value) ? value : {number: `${value}`}
  if (typeof value != "object") return value
  if (value.properties !== undefined) return {model: value.id}
  if (value instanceof ArrayBuffer) return {bytes: Array.from(new Uint8Array(value))}
  if (value.dtype !== undefined) {
    return {array: value.dtype, shape: value.shape, items: Array.from(value, value.dtype == "bool" ? Boolean : flat)}
  }
  if (ArrayBuffer.isView(value)) {
    return {array: NUMBERS[value.constructor.name], shape: [value.length], items: Array.from(value, flat)}
  }
  if (Array.isArray(value)) return value.map(flat)
  if (value instanceof Set) return {set: Array.from(value, flat)}
  if (value instanceof Map) return {map: Array.from(value, (pair) => pair.map(flat))}
  // The server reads dates as the milliseconds that they stand for.
  if (value instanceof Date) return value.getTime()
  if (value.constructor.__name__ == "Slice") return {slice: [value.start, value.stop, value.step]}
  return {map: Object.entries(value).map(([key, value]) => [key, flat(value)])}
}

function is_spec(value) {
  return value != null && Object.getOwnPropertySymbols(value).length > 0 && Object.getPrototypeOf(value) == Object.prototype
}

function flat_spec({value, field, expr, transform, units}) {
  const parts = {value, field, expr, transform, units}
  return {spec: Object.fromEntries(Object.entries(parts).filter(([, v]) => v !== undefined).map(([k, v]) => [k, flat(v)]))}
}
