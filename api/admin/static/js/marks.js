// What the buttons above a text do to it, in Markdown or HTML; the browser's own undo takes it back.

const ADDRESS = "https://";

// What goes before and after what is selected; a mark that ends with a space begins each line.
const MARKS = {
  markdown: { bold: ["**", "**"], italic: ["*", "*"], link: ["[", `](${ADDRESS})`], heading: ["## "], list: ["- "], quote: ["> "] },
  html: {
    bold: ["<strong>", "</strong>"], italic: ["<em>", "</em>"], link: [`<a href="${ADDRESS}">`, "</a>"],
    heading: ["<h2>", "</h2>"], list: ["<ul>\n<li>", "</li>\n</ul>"], quote: ["<blockquote>", "</blockquote>"],
  },
};
export const marks = Object.keys(MARKS.markdown);
export const KEYS = { b: "bold", i: "italic", k: "link" };

/** Write into a textarea as if it were typed. */
export function write(node, text) {
  node.focus();
  if (document.execCommand("insertText", false, text)) return;
  node.setRangeText(text, node.selectionStart, node.selectionEnd, "end");
  node.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Put a mark around what is selected, or take it away. */
export function mark(node, format, name) {
  const [before, after] = MARKS[format][name];
  if (after === undefined) return markLines(node, before);
  const { selectionStart: from, selectionEnd: to, value } = node;
  const text = value.slice(from, to);
  if (text && value.slice(from - before.length, from) === before && value.slice(to, to + after.length) === after) {
    node.setSelectionRange(from - before.length, to + after.length);
    write(node, text);
    return node.setSelectionRange(from - before.length, to - before.length);
  }
  write(node, before + text + after);
  const address = name === "link" && text ? (before + text + after).indexOf(ADDRESS) : -1;
  if (address < 0) return node.setSelectionRange(from + before.length, to + before.length);
  return node.setSelectionRange(from + address, from + address + ADDRESS.length);
}

function markLines(node, before) {
  const from = node.value.lastIndexOf("\n", node.selectionStart - 1) + 1;
  node.setSelectionRange(from, node.selectionEnd);
  const lines = node.value.slice(from, node.selectionEnd).split("\n");
  const marked = lines.every((line) => line.startsWith(before));
  write(node, lines.map((line) => (marked ? line.slice(before.length) : before + line)).join("\n"));
}

/** A picture in the text. */
export function pictureMark(format, { url, alt }) {
  if (format === "html") return `<img src="${url}" alt="${alt.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;")}">`;
  return `![${alt.replace(/[[\]\\]/g, "\\$&")}](${url})`;
}
