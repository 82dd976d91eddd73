// All that pages are made of, in one place to take it from.

export * from "./api.js";
export * from "./dialogs.js";
export * from "./draw.js";
export * from "./editor.js";
export * from "./forms.js";
export * from "./format.js";
export * from "./lists.js";
export * from "./live.js";
export * from "./session.js";
export * from "./words.js";
