// The page works without this: it only looks again as soon as something has changed.
const events = new EventSource("/events");
for (const deed of ["issue", "update", "clear", "retract", "expire"]) {
  events.addEventListener(deed, () => location.reload());
}
