// A box drawn over the map: dragged with mouse, pen or finger, or set with Enter at one corner and at the other.
import { make } from "./elements";
import type { Island } from "./map";
import type { Pixel } from "./places";
import { word } from "./words";

const SMALLEST_PX = 4; // a click that trembled is no box

/** Let boxes be drawn while they are switched on; `done` is told two corners. */
export function box({ map, note }: Island, done: (a: Pixel, b: Pixel) => void): (on: boolean) => void {
  const field = map.getCanvasContainer();
  const frame = make("div", { class: "island-box", hidden: true });
  map.getContainer().append(frame);
  let on = false;
  let corner: Pixel | undefined;
  const at = (event: PointerEvent): Pixel => {
    const { left, top } = field.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const stop = () => {
    corner = undefined;
    frame.hidden = true;
  };
  field.addEventListener("pointerdown", (event) => {
    if (!on || event.button !== 0) return;
    corner = at(event);
    field.setPointerCapture(event.pointerId);
  });
  field.addEventListener("pointermove", (event) => {
    if (!on || !corner || !field.hasPointerCapture(event.pointerId)) return;
    const here = at(event);
    const [x, y] = [Math.min(corner.x, here.x), Math.min(corner.y, here.y)];
    frame.hidden = false;
    frame.style.cssText = `left:${x}px;top:${y}px;width:${Math.abs(here.x - corner.x)}px;height:${Math.abs(here.y - corner.y)}px`;
  });
  field.addEventListener("pointerup", (event) => {
    if (!on || !corner || !field.hasPointerCapture(event.pointerId)) return;
    const [from, to] = [corner, at(event)];
    stop();
    if (Math.hypot(to.x - from.x, to.y - from.y) >= SMALLEST_PX) done(from, to);
  });
  field.addEventListener("pointercancel", stop);
  withKeys(map.getCanvas(), () => on, {
    here: () => map.getCenter(),
    say: (count) => note(count ? word("draw.corners", { count }) : ""),
    done: (a, b) => done(map.project(a), map.project(b)),
  });
  return (now) => {
    on = now;
    stop();
    field.style.touchAction = now ? "none" : "";
    if (now) map.dragPan.disable();
    else map.dragPan.enable();
  };
}

interface Corners<T> {
  here: () => T;
  say: (count: number) => void;
  done: (a: T, b: T) => void;
}

function withKeys<T>(canvas: HTMLElement, isOn: () => boolean, corners: Corners<T>): void {
  let first: T | undefined;
  canvas.addEventListener("keydown", (event) => {
    if (!isOn() || event.key === "Escape") first = undefined;
    if (!isOn() || event.key !== "Enter") return;
    event.preventDefault();
    const from = first;
    first = from === undefined ? corners.here() : undefined;
    if (from === undefined) corners.say(1);
    else corners.done(from, corners.here());
  });
}
