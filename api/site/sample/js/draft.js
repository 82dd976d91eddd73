// What was typed into the form of the basket: it outlives a reload and the way through the log-in page, not the tab.

const STORE = "kiosque-checkout";

export const draft = {
  /** Texts of fields, and `coupons`. */
  get values() {
    try {
      return { ...JSON.parse(sessionStorage.getItem(STORE)) };
    } catch {
      return {};
    }
  },

  change(values) {
    sessionStorage.setItem(STORE, JSON.stringify({ ...draft.values, ...values }));
  },

  get coupons() {
    const { coupons } = draft.values;
    return Array.isArray(coupons) ? coupons : [];
  },
};

export function fill(form) {
  const { values } = draft;
  for (const input of form.elements) {
    const value = values[input.name];
    if (typeof value !== "string" || input.type === "hidden") continue;
    if (input.type === "radio") input.checked = input.value === value || (input.checked && !hasChoice(form, input.name, value));
    else if (input.type === "checkbox") input.checked = value === "on";
    else if (input.tagName !== "SELECT" || [...input.options].some((option) => option.value === value)) input.value = value;
  }
}

/** Keeps what is typed into the form from now on. */
export function follow(form) {
  form.addEventListener("input", () => {
    const ticks = Object.fromEntries([...form.querySelectorAll("[type=checkbox]")].map(({ name }) => [name, ""]));
    draft.change({ ...ticks, ...Object.fromEntries(new FormData(form)) });
  });
}

function hasChoice(form, name, value) {
  return Boolean(form.querySelector(`[name="${name}"][value="${CSS.escape(value)}"]`));
}
