// The basket: what this browser is about to buy. In localStorage, so that it is still there tomorrow.

const STORE = "kiosque-basket";
const MOST_UNITS = 10_000;
export const MOST_LINES = 100; // of an order

/** `{sku, quantity, slug, name, image, physical}` of each variant; what is kept there and is not ours is left out. */
export function basketLines() {
  try {
    return JSON.parse(localStorage.getItem(STORE)).filter(isLine);
  } catch {
    return [];
  }
}

export function basketCount() {
  return basketLines().reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Adds the units to those of the same sku. False when there is no room for another line. */
export function addToBasket(line) {
  const lines = basketLines();
  const same = lines.find(({ sku }) => sku === line.sku);
  if (!same && lines.length === MOST_LINES) return false;
  const quantity = Math.min(MOST_UNITS, line.quantity + (same?.quantity ?? 0));
  store(same ? lines.map((one) => (one === same ? { ...line, quantity } : one)) : [...lines, { ...line, quantity }]);
  return true;
}

export function setQuantity(sku, quantity) {
  store(basketLines().map((line) => (line.sku === sku ? { ...line, quantity } : line)));
}

/** Removes what was ordered, and nothing that another tab has put there since. */
export function removeFromBasket(skus) {
  store(basketLines().filter(({ sku }) => !skus.includes(sku)));
}

/** Calls `react` after a change, with true when another tab has made it. */
export function onBasketChange(react) {
  document.addEventListener("basket", () => react(false));
  window.addEventListener("storage", ({ key }) => key === STORE && react(true));
}

export function isQuantity(number) {
  return Number.isInteger(number) && number > 0 && number <= MOST_UNITS;
}

function store(lines) {
  localStorage.setItem(STORE, JSON.stringify(lines));
  document.dispatchEvent(new Event("basket"));
}

function isLine(line) {
  return typeof line?.sku === "string" && isQuantity(line.quantity);
}
