// Draws parts into the page in place, so that text half typed, focus, selection and scroll survive every redraw.

/** A part: `h("p", { class: "small" }, "text", h("em", {}, "more"))`. null, undefined and false are left out.
 *
 * `key` keeps an element its own among its neighbours. `value` and `checked` are written only when the drawn ones
 * change: in between they are the person's. `html` is HTML that the server has sanitised. `made` gets the element
 * once, when it is in the page; with `foreign` its children are the business of `made`.
 */
export function h(tag, props = {}, ...children) {
  return { tag, props, children: children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false) };
}

/** Makes the children of `parent` what `parts` say, with as many of its present nodes as fit. */
export function draw(parent, parts) {
  const made = [];
  drawIn(parent, parts, made);
  made.forEach(([node, then]) => then(node));
}

function drawIn(parent, parts, made) {
  const free = takeable(parent);
  const nodes = parts.map((part) => {
    const fitting = free.get(identity(part));
    const node = fitting?.shift() ?? make(part, made);
    update(node, part, made);
    return node;
  });
  for (const rest of free.values()) rest.forEach((node) => node.remove());
  place(parent, nodes);
}

const TEXT = "#text";

function identity(part) {
  return typeof part === "object" ? `${part.tag} ${part.props.key ?? ""}` : TEXT;
}

function takeable(parent) {
  const free = new Map();
  for (const node of parent.childNodes) {
    const name = node.identity ?? "";
    if (free.has(name)) free.get(name).push(node);
    else free.set(name, [node]);
  }
  return free;
}

function make(part, made) {
  const node = typeof part === "object" ? document.createElement(part.tag) : document.createTextNode("");
  node.identity = identity(part);
  node.drawn = {};
  if (part.props?.made) made.push([node, part.props.made]);
  return node;
}

function update(node, part, made) {
  if (typeof part !== "object") {
    if (node.data !== String(part)) node.data = part;
    return;
  }
  const before = node.drawn;
  node.drawn = part.props;
  for (const name of Object.keys({ ...before, ...part.props })) {
    if (!LATER.includes(name) && before[name] !== part.props[name]) set(node, name, part.props[name]);
  }
  if ("html" in part.props) {
    if (before.html !== part.props.html) node.innerHTML = sanitised.createHTML(part.props.html ?? "");
  } else if (!part.props.foreign) {
    drawIn(node, part.children, made);
  }
  // After the children: a select has no option to choose before.
  for (const name of ["value", "checked"]) {
    if (name in part.props && before[name] !== part.props[name] && node[name] !== part.props[name]) node[name] = part.props[name];
  }
}

const LATER = ["key", "made", "foreign", "html", "value", "checked"];

function set(node, name, value) {
  if (name.startsWith("on")) node[name] = value ?? null;
  else if (value === undefined || value === null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : value);
}

// A node that is where it belongs is not touched: moving it would cost it focus and scroll.
function place(parent, nodes) {
  let next = parent.firstChild;
  for (const node of nodes) {
    if (node === next) next = next.nextSibling;
    else if (node.isConnected && parent.moveBefore) parent.moveBefore(node, next);
    else parent.insertBefore(node, next);
  }
}

// Browsers that know Trusted Types take HTML from nowhere else.
const sanitised = globalThis.trustedTypes?.createPolicy("rendered", { createHTML: (html) => html }) ?? { createHTML: (html) => html };
