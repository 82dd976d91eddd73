// QR codes (ISO/IEC 18004) of a text: bytes at the lowest level of correction, which is enough on a screen, and
// always the first mask, which every reader knows.

const CORRECTION = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28]; // words of a block, by version
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];
const FORMAT = 0b111011111000100; // that level and that mask
const QUIET = 4;
const SVG = "http://www.w3.org/2000/svg";

/** The code of the text as a picture, or null if the text is too long for one. */
export function qrPicture(text, label) {
  const rows = qr(text);
  if (!rows) return null;
  const dark = rows.flatMap((row, y) => row.flatMap((is, x) => (is ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])));
  const side = rows.length + 2 * QUIET;
  return svg("svg", { viewBox: `0 0 ${side} ${side}`, role: "img", "aria-label": label, class: "qr" },
    svg("rect", { width: side, height: side, fill: "#fff" }),
    svg("path", { d: dark.join(""), fill: "#000", "shape-rendering": "crispEdges" }));
}

/** Rows of what is dark; null for more than 858 bytes. */
export function qr(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const version = CORRECTION.findIndex((_, at) => 8 * dataWords(at + 1) >= 4 + lengthBits(at + 1) + 8 * bytes.length) + 1;
  if (!version) return null;
  const { rows, isFree } = frame(version);
  fill(rows, isFree, interleaved(words(bytes, version), version));
  return rows;
}

function lengthBits(version) {
  return version < 10 ? 8 : 16;
}

function allWords(version) {
  const side = 4 * version + 17;
  const along = version > 1 ? Math.floor(version / 7) + 2 : 0; // alignment patterns beside each other
  const aligning = along && 25 * (along * along - 3) - 10 * (along - 2); // those on the timing lines share 5 with them
  const used = 3 * 64 + 2 * (side - 16) + 31 + aligning + (version > 6 ? 36 : 0);
  return Math.floor((side * side - used) / 8);
}

function dataWords(version) {
  return allWords(version) - CORRECTION[version - 1] * BLOCKS[version - 1];
}

/** The words that say the bytes, up to the last that the version has. */
function words(bytes, version) {
  const bits = [[0b0100, 4], [bytes.length, lengthBits(version)], ...bytes.map((byte) => [byte, 8])]
    .map(([value, length]) => value.toString(2).padStart(length, "0")).join("");
  const all = `${bits}0000`.match(/.{8}/g).map((word) => parseInt(word, 2)); // the bytes end in the middle of a word
  for (let pad = 0xec; all.length < dataWords(version); pad ^= 0xec ^ 0x11) all.push(pad);
  return all;
}

/** The words of all blocks in turn, then those that correct them. */
function interleaved(data, version) {
  const count = BLOCKS[version - 1];
  const shorter = Math.floor(data.length / count);
  const longOnes = data.length % count; // the last blocks
  const blocks = Array.from({ length: count }, (_, at) => {
    const longBefore = Math.max(0, at - (count - longOnes));
    const start = at * shorter + longBefore;
    return data.slice(start, start + shorter + (at >= count - longOnes ? 1 : 0));
  });
  const corrections = blocks.map((block) => correction(block, CORRECTION[version - 1]));
  return [...inTurn(blocks), ...inTurn(corrections)];
}

function inTurn(lists) {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.filter((list) => at < list.length).map((list) => list[at])).flat();
}

// Reed and Solomon's code over 256 elements: powers of 2 modulo x⁸ + x⁴ + x³ + x² + 1, and their logarithms.
const POWERS = [1];
while (POWERS.length < 255) POWERS.push((POWERS.at(-1) << 1) ^ (POWERS.at(-1) > 127 ? 0x11d : 0));
const LOGARITHMS = new Map(POWERS.map((power, at) => [power, at]));

function product(a, b) {
  return a && b && POWERS[(LOGARITHMS.get(a) + LOGARITHMS.get(b)) % 255];
}

/** The remainder of the block, by the polynomial with that many powers of 2 as its roots. */
function correction(block, length) {
  let divisor = [1];
  for (let at = 0; at < length; at++) {
    divisor = [...divisor, 0].map((factor, place) => factor ^ product(divisor[place - 1] ?? 0, POWERS[at]));
  }
  const rest = [...block, ...Array(length).fill(0)];
  block.forEach((_, at) => {
    const lead = rest[at];
    divisor.forEach((factor, place) => { rest[at + place] ^= product(factor, lead); });
  });
  return rest.slice(block.length);
}

/** What does not depend on the text, and a test for the places that are left for it. */
function frame(version) {
  const side = 4 * version + 17;
  const rows = Array.from({ length: side }, () => Array(side).fill(null));
  const set = (x, y, dark) => { if (rows[y]?.[x] !== undefined) rows[y][x] = dark; };
  const rings = (middleX, middleY, radius, isDark) => {
    for (let y = -radius; y <= radius; y++) {
      for (let x = -radius; x <= radius; x++) set(middleX + x, middleY + y, isDark(Math.max(Math.abs(x), Math.abs(y))));
    }
  };
  for (let at = 8; at < side - 8; at++) { set(at, 6, at % 2 === 0); set(6, at, at % 2 === 0); }
  for (const [x, y] of [[3, 3], [side - 4, 3], [3, side - 4]]) rings(x, y, 4, (ring) => ring !== 2 && ring !== 4);
  const places = alignment(version);
  for (const y of places) {
    for (const x of places) {
      const isAtFinder = [[6, 6], [6, side - 7], [side - 7, 6]].some(([a, b]) => a === x && b === y);
      if (!isAtFinder) rings(x, y, 2, (ring) => ring !== 1);
    }
  }
  for (let bit = 0; bit < 15; bit++) {
    const dark = Boolean((FORMAT >> bit) & 1);
    set(8, bit < 6 ? bit : bit < 8 ? bit + 1 : side - 15 + bit, dark);
    set(bit < 8 ? side - 1 - bit : bit < 9 ? 7 : 14 - bit, 8, dark);
  }
  set(8, side - 8, true);
  if (version > 6) {
    for (let bit = 0; bit < 18; bit++) {
      const dark = Boolean((versionBits(version) >> bit) & 1), far = side - 11 + (bit % 3), near = Math.floor(bit / 3);
      set(far, near, dark);
      set(near, far, dark);
    }
  }
  const taken = rows.map((row) => row.map((dark) => dark !== null));
  return { rows, isFree: (x, y) => !taken[y][x] };
}

/** Where the middles of alignment patterns are, in both directions. */
function alignment(version) {
  if (version === 1) return [];
  const last = 4 * version + 10, gaps = Math.floor(version / 7) + 1;
  const gap = 2 * Math.ceil((last - 6) / (2 * gaps));
  return [6, ...Array.from({ length: gaps }, (_, at) => last - gap * (gaps - 1 - at))];
}

/** The version with the remainder that corrects it. */
function versionBits(version) {
  let rest = version << 12;
  for (let bit = 17; bit >= 12; bit--) if ((rest >> bit) & 1) rest ^= 0x1f25 << (bit - 12);
  return (version << 12) | rest;
}

/** Up and down in pairs of columns from the right, but for the timing line; under the mask of a chessboard. */
function fill(rows, isFree, all) {
  const side = rows.length;
  let at = 0;
  for (let pair = 0; pair < (side - 1) / 2; pair++) {
    const right = side - 1 - 2 * pair - (side - 1 - 2 * pair <= 6 ? 1 : 0);
    for (let step = 0; step < side; step++) {
      const y = pair % 2 === 0 ? side - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (!isFree(x, y)) continue;
        const bit = (all[at >> 3] >> (7 - (at & 7))) & 1; // nothing is left for the last few
        rows[y][x] = Boolean(bit ^ ((x + y) % 2 === 0));
        at++;
      }
    }
  }
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
