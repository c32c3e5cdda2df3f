// The console works without this. It adds passkeys, keys to move by, news without looking again, and the map.
import { keyboard } from "./keyboard";
import { live } from "./live";
import { passkeys } from "./passkey";
import { pickingOnPaper } from "./pick";

passkeys();
keyboard();
if (document.querySelector("header nav")) live();
for (const paper of document.querySelectorAll<SVGElement>("svg.map.pick")) pickingOnPaper(paper);
if (document.querySelector("[data-map]")) {
  void import("./map").then(({ islands }) => islands());
}
