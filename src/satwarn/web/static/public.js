const events = new EventSource("/events");
for (const deed of ["issue", "update", "clear", "retract", "expire"]) {
  events.addEventListener(deed, () => location.reload());
}
