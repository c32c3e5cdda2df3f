// What is chosen stands in the form itself: ticked boxes, and a line of codes for all that has no box.
const LINE = "input[name=more_codes]";

/** The codes typed in a field. */
export function codes(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

export class Choice {
  private readonly line: HTMLInputElement | null;

  constructor(readonly form: HTMLFormElement) {
    this.line = form.querySelector<HTMLInputElement>(LINE);
  }

  /** Every chosen code, ticked or typed. */
  get codes(): string[] {
    const boxes = this.form.querySelectorAll<HTMLInputElement>("input[name=code]:checked");
    return [...new Set([...[...boxes].map((box) => box.value), ...this.typed])];
  }

  /** The codes in the line. */
  get typed(): string[] {
    return codes(this.line?.value ?? "");
  }

  has(code: string): boolean {
    return this.typed.includes(code) || this.boxes(code).some((box) => box.checked);
  }

  /** Choose places, or choose them no longer; whoever listens to the form hears of it once. */
  set(wanted: string[], on: boolean): void {
    const typed = new Set(this.typed);
    const all = [...this.form.querySelectorAll<HTMLInputElement>("input[name=code]")];
    const byCode = new Map(all.map((box) => [box.value, all.filter((other) => other.value === box.value)]));
    for (const code of wanted) {
      const boxes = byCode.get(code) ?? [];
      for (const box of boxes) box.checked = on;
      if (on && boxes.length === 0) typed.add(code);
      if (!on) typed.delete(code);
    }
    if (this.line) this.line.value = [...typed].join(" ");
    (this.line ?? this.form).dispatchEvent(new Event("change", { bubbles: true }));
  }

  private boxes(code: string): HTMLInputElement[] {
    return [...this.form.querySelectorAll<HTMLInputElement>("input[name=code]")].filter((box) => box.value === code);
  }
}
