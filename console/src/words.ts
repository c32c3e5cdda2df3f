// What the islands say, in the page's language: the page brings it along, from the same tables as its own words.
const kept = document.getElementById("words")?.textContent ?? "{}";
const words: Record<string, string> = JSON.parse(kept) as Record<string, string>;

/** The word of a key, its blanks filled in; the key itself where the page brought none. */
export function word(key: string, blanks: Record<string, string | number> = {}): string {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(blanks[name] ?? whole));
}
